"""Agents that play a script: what each call gives or raises, in order; the last entry repeats."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from typing import Any

from actors.coordinator import Coordinator
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.domain.findings import Finding
from actors.domain.matter import Matter
from actors.domain.rules.report import RuleReport
from actors.domain.sections import Paragraph, Section
from actors.draft_record import DraftRecord
from actors.events import AnyEvent
from actors.journal import Journal, MemoryJournal
from actors.messages import (
    DraftRequest,
    Hop,
    IntakeReply,
    ModelUse,
    Outline,
    StandIn,
    StepReport,
)
from actors.ports import LocalAgent
from actors.progress import DraftProgress

TODAY = datetime.date(2026, 11, 22)
MATTER = Matter(task_type="nda_mutual", jurisdiction="US-DE", as_of=TODAY)
QUERY = ResearchQuery(task_type="nda_mutual", families=("nda",), issues=(), jurisdiction="US-DE", as_of=TODAY)
SECTIONS = tuple(
    Section(
        index=n,
        id=f"s{n}",
        kind="clause",
        number=str(n + 1),
        heading=f"Part {n + 1}",
        paragraphs=(Paragraph(kind="body", text=f"Text of part {n + 1}."),),
    )
    for n in range(3)
)


def request(**changes: Any) -> DraftRequest:
    return DraftRequest(draft_id="draft-0001", message="Create a mutual NDA", as_of=TODAY).model_copy(
        update=changes
    )


def remark(section: Section) -> Finding:
    return Finding(
        id=f"W1-{section.index}",
        check="W1",
        severity="info",
        message="m",
        section=section.number,
        start=0,
        end=2,
        quote=section.markdown[:2],
    )


class Script:
    """What one agent does: before each call it takes the next entry, and raises it if it is an error."""

    def __init__(self, *entries: BaseException | float | None) -> None:
        self._entries = list(entries) or [None]
        self.calls = 0
        self.cancelled = 0

    async def play(self) -> None:
        entry = self._entries[min(self.calls, len(self._entries) - 1)]
        self.calls += 1
        if isinstance(entry, BaseException):
            raise entry
        try:
            await asyncio.sleep(entry or 0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


class Agents:
    """All agents of a draft, each with a script of its own."""

    def __init__(self, **scripts: Script) -> None:
        self.scripts = {
            name: scripts.get(name, Script())
            for name in ("intake", "research", "draft", "review", "validation", "citations")
        }
        self.started: list[str] = []
        self.draft_starts: list[int] = []
        self.order = list(range(len(SECTIONS)))
        """In which order the sections are finished."""
        self.stand_in: StandIn | None = None
        self.use: ModelUse | None = None

    def ports(self) -> dict[str, LocalAgent]:
        return dict.fromkeys(self.scripts, LocalAgent(self))

    def report(self, agent: str) -> StepReport:
        told = agent == "review"
        return StepReport(
            agent=agent,
            attempts=1,
            seconds=0.0,
            stand_ins=(self.stand_in,) if told and self.stand_in else (),
            models=(self.use,) if told and self.use else (),
        )

    async def understand(self, _hop: Hop, _request: DraftRequest) -> tuple[StepReport, IntakeReply, Matter]:
        await self.scripts["intake"].play()
        reply = IntakeReply(
            task_type="nda_mutual", jurisdiction="US-DE", jurisdiction_named=None, title="NDA", query=QUERY
        )
        return self.report("intake"), reply, MATTER

    async def research(self, _hop: Hop, query: ResearchQuery) -> tuple[StepReport, ResearchPacket]:
        await self.scripts["research"].play()
        return self.report("research"), ResearchPacket(query=query, hits=(), corpus_version="v1")

    async def write(
        self,
        _hop: Hop,
        _matter: Matter,
        _packet: ResearchPacket,
        done: tuple[Section, ...],
        _side_by_side: bool,
    ) -> AsyncIterator[Outline | Section | tuple[Section, ...] | StepReport]:
        self.draft_starts.append(len(done))
        yield Outline(title="NDA", sections=tuple(s.title for s in SECTIONS), engine="script")
        missing = [index for index in self.order if index not in {section.index for section in done}]
        for section in (SECTIONS[index] for index in missing):
            await self.scripts["draft"].play()
            self.started.append(f"draft {section.index}")
            yield section
        yield SECTIONS
        yield self.report("draft")

    async def review_section(self, _hop: Hop, _matter: Matter, section: Section) -> tuple[StepReport, Any]:
        self.started.append(f"review {section.index}")
        await self.scripts["review"].play()
        return self.report("review"), (remark(section),)

    async def review_document(
        self, _hop: Hop, _matter: Matter, _sections: tuple[Section, ...]
    ) -> tuple[StepReport, Any]:
        self.started.append("review all")
        await self.scripts["review"].play()
        return self.report("review"), ()

    async def validate_section(self, _hop: Hop, _matter: Matter, section: Section) -> tuple[StepReport, Any]:
        self.started.append(f"validation {section.index}")
        await self.scripts["validation"].play()
        return self.report("validation"), ()

    async def validate_document(
        self, _hop: Hop, _matter: Matter, _sections: tuple[Section, ...]
    ) -> tuple[StepReport, RuleReport]:
        self.started.append("validation all")
        await self.scripts["validation"].play()
        return self.report("validation"), RuleReport(
            findings=(), for_lawyer=(), passed=("r",), not_engaged=()
        )

    async def check_document(
        self, _hop: Hop, _matter: Matter, _sections: tuple[Section, ...], _spoken: object
    ) -> tuple[StepReport, Any]:
        self.started.append("citations")
        await self.scripts["citations"].play()
        return self.report("citations"), ()


class Records:
    """A monitor that keeps what it is told."""

    def __init__(self) -> None:
        self.drafts: list[DraftRecord] = []

    async def record_draft(self, record: DraftRecord) -> None:
        self.drafts.append(record)


def coordinator(
    agents: Agents, journal: Journal | None = None, records: Records | None = None
) -> Coordinator:
    kept = journal or MemoryJournal()
    return Coordinator(agents.ports(), lambda: kept, records or Records(), lambda _: {"lexray": "test"})


async def events_of(made: Coordinator, asked: DraftRequest, after_seq: int = 0) -> list[AnyEvent]:
    return [event async for batch in made.draft(asked, after_seq) for event in batch]


def folded(events: list[AnyEvent]) -> DraftProgress:
    progress = DraftProgress()
    for event in events:
        progress = progress.updated(event)
    return progress
