"""The state of a draft as a pure fold over its events: the same for coordinator, journal, command line and tests."""

from dataclasses import dataclass, field, replace
from typing import Any

from actors.domain.citation import Citation
from actors.domain.findings import Finding
from actors.domain.sections import Section
from actors.events import (
    AnyEvent,
    CitationChecked,
    DraftCancelled,
    DraftFailed,
    DraftFinished,
    DraftStarted,
    FindingReported,
    LayerCompleted,
    LayerStarted,
    SectionDrafted,
    Status,
    StepDegraded,
    StepRetried,
)
from actors.messages import Layer

SHARE: dict[Layer, int] = {
    "intake": 10,
    "research": 15,
    "draft": 35,
    "review": 15,
    "validation": 15,
    "citations": 10,
}
"""How much of the work a layer stands for, in percent."""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with the section that its offsets count from (`None`: the document's body)."""

    finding: Finding
    section_index: int | None


@dataclass(frozen=True, slots=True)
class DraftProgress:
    """All that is known of a draft after some of its events."""

    started: DraftStarted | None = None
    last_seq: int = 0
    current_layer: Layer = "intake"
    begun: frozenset[Layer] = frozenset()
    completed: dict[Layer, LayerCompleted] = field(default_factory=dict)
    sections: dict[int, Section] = field(default_factory=dict)
    review: dict[str, PlacedFinding] = field(default_factory=dict)
    """By finding id: a remark that is reported twice is one remark."""
    validation: dict[str, PlacedFinding] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    retries: tuple[StepRetried, ...] = ()
    degraded: tuple[StepDegraded, ...] = ()
    end: DraftFinished | DraftFailed | DraftCancelled | None = None

    @property
    def status(self) -> Status | None:
        """How it ended; `None` while it runs."""
        if isinstance(self.end, DraftCancelled):
            return "cancelled"
        return self.end.status if self.end else None

    @property
    def percentage(self) -> int:
        """Progress by completed layers, 0 to 100."""
        if isinstance(self.end, DraftFinished):
            return 100
        return sum(SHARE[layer] for layer in self.completed)

    def result(self, layer: Layer) -> dict[str, Any] | None:
        """Return what a layer reported; `None` until it has."""
        done = self.completed.get(layer)
        return done.result if done else None

    def updated(self, event: AnyEvent) -> "DraftProgress":  # noqa: C901, PLR0911 (one case an event)
        """Return the state after one more event. Events that were seen before change nothing."""
        if event.seq <= self.last_seq:
            return self
        now = replace(self, last_seq=event.seq)
        match event:
            case DraftStarted():
                return replace(now, started=event)
            case LayerStarted():
                return replace(now, current_layer=event.layer, begun=self.begun | {event.layer})
            case LayerCompleted():
                return replace(now, completed={**self.completed, event.layer: event})
            case SectionDrafted():
                return replace(now, sections={**self.sections, event.section.index: event.section})
            case FindingReported():
                placed = {event.finding.id: PlacedFinding(event.finding, event.section_index)}
                if event.layer == "review":
                    return replace(now, review={**self.review, **placed})
                return replace(now, validation={**self.validation, **placed})
            case CitationChecked():
                return replace(now, citations=(*self.citations, event.citation))
            case StepRetried():
                return replace(now, retries=(*self.retries, event))
            case StepDegraded():
                return replace(now, degraded=(*self.degraded, event))
            case DraftFinished() | DraftFailed() | DraftCancelled():
                return replace(now, end=event)
            case _:
                return now
