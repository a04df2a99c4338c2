"""A draft that goes on where it stopped: what an earlier run has told is known, and not told again."""

from collections.abc import Callable

from actors.domain.intake.understand import Understanding
from actors.domain.matter import Matter
from actors.events import (
    AnyEvent,
    CitationChecked,
    FindingReported,
    LayerCompleted,
    LayerStarted,
    StepDegraded,
)
from actors.progress import DraftProgress


def news_only(emit: Callable[[AnyEvent], None], before: DraftProgress) -> Callable[[AnyEvent], None]:
    """Return an emitter that leaves out what was told before.

    Layers that had not completed run again, and say the same again. Without this a reader who is cut off after every
    event would hear of the same beginning for ever.
    """
    told = {_content(degraded) for degraded in before.degraded}

    def emit_news(event: AnyEvent) -> None:
        match event:
            case LayerStarted():
                known = event.layer in before.begun
            case LayerCompleted():
                known = event.layer in before.completed
            case FindingReported(layer="review"):
                known = event.finding.id in before.review
            case FindingReported():
                known = event.finding.id in before.validation
            case CitationChecked():
                known = event.citation in before.citations
            case StepDegraded():
                known = _content(event) in told
            case _:
                known = False
        if not known:
            emit(event)

    return emit_news


def understood_before(before: DraftProgress) -> Understanding | None:
    """Return what an earlier run understood of the request: sections may have been written by it."""
    result = before.result("intake")
    if result is None:
        return None
    return Understanding(matter=Matter.model_validate(result["matter"]), notices=tuple(result["notices"]))


def _content(event: StepDegraded) -> tuple[str, str]:
    # Its reason may be worded otherwise the second time.
    return event.step, event.instead
