"""What a document needs done, by the agents' plain classes in this process: the same work for every contestant."""

import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from actors.cache_entry import CacheReply
from actors.config import Settings
from actors.domain.authority import ResearchPacket
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan
from actors.domain.sections import Section
from actors.live_audience import LiveAudience
from actors.live_text import LiveText
from actors.messages import DraftRequest, EssentialData, Hop, IntakeReply, StepReport
from cluster.inline import InlineFleet

FIRST_WRITTEN = 1
"""Index of the first section that a model writes: the opening is the library's."""
BATCH_S = 0.02
"""As the product collects pieces."""
LOOKS = {"review": "review_section", "validation": "validate_section", "citations": "read_section"}


class NoCache:
    """Holds nothing: peers bring a cache of their own, or have none."""

    async def lookup(self, *_: object) -> CacheReply | None:
        return None

    async def fulfil(self, *_: object, **__: object) -> bool:
        return False

    async def abandon(self, *_: object) -> bool:
        return False


class Stages:
    """The agents, each a plain object, and one method a step of the document."""

    def __init__(self, settings: Settings) -> None:
        fleet = InlineFleet(settings)
        agents = {
            name: fleet.agent(name)._agent  # noqa: SLF001 (the benchmark looks inside)
            for name in ("intake", "research", "draft", "review", "validation", "citations")
        }
        self._intake, self._research, self._draft = agents["intake"], agents["research"], agents["draft"]
        self._research._cache = NoCache()  # noqa: SLF001
        self._writer = self._draft._writer()  # noqa: SLF001
        self._checks = {layer: agents[layer] for layer in LOOKS}

    async def understand(self, request: DraftRequest) -> tuple[IntakeReply, Matter]:
        _, reply, matter = await self._intake.understand(hop(request), request)
        return reply, matter

    async def research(self, request: DraftRequest, reply: IntakeReply) -> ResearchPacket:
        report, packet = await self._research.research(hop(request), reply.query)
        undisturbed(report)
        return packet

    async def outline(self, matter: Matter, reading: "Reading") -> DraftPlan:
        planned = await self._draft.plan(matter)
        reading.live.open(len(planned.sections), set())
        return planned

    async def section(
        self,
        request: DraftRequest,
        planned: DraftPlan,
        matter: Matter,
        packet: ResearchPacket,
        index: int,
        reading: "Reading",
    ) -> Section:
        written = self._writer.sections(
            hop(request), planned, matter, packet, [index], reading.live, 1, request.draft_id[:8]
        )
        async with aclosing(written) as items:
            notes, section = await anext(items)
        undisturbed(notes.report)
        return section

    async def look(self, layer: str, request: DraftRequest, matter: Matter, section: Section) -> Any:
        report, found = await getattr(self._checks[layer], LOOKS[layer])(hop(request), matter, section)
        undisturbed(report)
        return found

    async def whole(
        self,
        layer: str,
        request: DraftRequest,
        matter: Matter,
        sections: Sequence[Section],
        spoken: Mapping[int, tuple[str, ...]],
    ) -> Any:
        agent, envelope, document = self._checks[layer], hop(request), tuple(sections)
        if layer == "review":
            return await agent.review_document(envelope, matter, document)
        if layer == "validation":
            return await agent.validate_document(envelope, matter, document)
        return await agent.check_document(envelope, matter, document, spoken)


def undisturbed(report: StepReport) -> None:
    """Raise where a step was retried, or done without its model."""
    if report.stand_ins or report.retries:
        raise RuntimeError(f"not the undisturbed run that is measured: {report}")


def hop(request: DraftRequest) -> Hop:
    """Return the envelope of a call."""
    return Hop(
        draft_id=request.draft_id,
        tenant=request.tenant,
        budget_s=request.budget_s,
        engine=request.engine,
        essential_data=EssentialData(user_request=request.message),
    )


@dataclass(slots=True)
class FirstText:
    """When a reader's first text came, on the machine's monotonic clock."""

    event_s: float | None = None
    """The first event, of whoever tells events."""
    any_s: float | None = None
    """Any text at all."""
    words_s: float | None = None
    """Words of a model: what stands behind the heading of the first section that is not the library's."""
    _section: str = ""

    def told(self, section: int, text: str) -> None:
        """Take note of a piece that came just now."""
        now_s = time.monotonic()
        self.any_s = self.any_s or now_s
        if section == FIRST_WRITTEN and self.words_s is None:
            self._section += text
            if self._section.partition("\n\n")[2]:
                self.words_s = now_s


@dataclass
class Reading:
    """A reader of one document's text in this process."""

    audience: LiveAudience = field(default_factory=lambda: LiveAudience(BATCH_S))
    first: FirstText = field(default_factory=FirstText)

    async def read(self) -> None:
        """Read until stopped."""
        self.audience.listen("room", "ear", "document")
        async for batch in self.audience.read("room"):
            for heard in batch:
                for piece in heard.pieces:
                    self.first.told(piece.section, piece.text)

    @cached_property
    def live(self) -> LiveText:
        """The document's text."""
        return self.audience.open("document")
