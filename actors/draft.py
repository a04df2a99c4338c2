"""The drafting agent: from a matter and its law to sections."""

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from actors.agent_model import AgentModel
from actors.domain.authority import ResearchPacket
from actors.domain.library import load_shared, load_type
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan, plan
from actors.domain.rendering import render_heading, render_section
from actors.domain.sections import Section
from actors.live_audience import LiveAudience
from actors.llm.endpoint import Endpoint
from actors.messages import Heard, Hop, Outline, SectionNotes, StepReport, draft_key
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy

if TYPE_CHECKING:
    from actors.section_writing import SectionWriter

PLANS_KEPT = 256
"""Plans that wait for their drafts to begin."""

Item = Outline | SectionNotes | Section | tuple[Section, ...] | StepReport


class DraftAgent:
    """Writes documents: from the clause library, or by a model along the library's plan.

    Keeps no draft but the text under way, for those who read along. After a restart the coordinator asks again and
    brings the sections that it has.

    Args:
        policy: Around every section.
        vault: Remembers breaker states.
        chain: The models that write, first choice first; empty: the clause library writes whatever is asked.
        sections_in_flight: How many sections of one draft a model writes at a time.
        batch_s: How long pieces are collected before they travel, in seconds; the first travels at once.
    """

    def __init__(
        self,
        policy: StepPolicy,
        vault: BreakerVault,
        chain: Sequence[Endpoint] = (),
        sections_in_flight: int = 4,
        batch_s: float = 0.02,
    ) -> None:
        self._step = GuardedStep("draft", policy, vault)
        self._model = AgentModel("draft", chain, policy, vault)
        self._sections_in_flight = sections_in_flight
        self._audience = LiveAudience(batch_s)
        self._plans: dict[str, DraftPlan] = {}
        """Made before their drafts' law is there."""

    async def prepare(self, hop: Hop, matter: Matter) -> None:
        """Plan a model's draft while its law is still looked for. What is planned in vain is forgotten again.

        Raises:
            StepFailedError: The document could not be planned: `write` would fail likewise.
        """
        if self._model.serves(hop):
            _, planned = await self._step.run(hop, self.plan, matter)
            self._writer().prepare(planned)
            if len(self._plans) >= PLANS_KEPT:
                del self._plans[next(iter(self._plans))]
            self._plans[draft_key(hop.tenant, hop.draft_id)] = planned

    async def write(
        self, hop: Hop, matter: Matter, packet: ResearchPacket, done: tuple[Section, ...], side_by_side: bool
    ) -> AsyncGenerator[Item, None]:
        """Yield the outline, each missing section as it is complete, all sections as one, and last the step's report.

        Notes on a section come before it. A model's sections come in the order in which they are finished. The whole
        is there so that whoever checks it gets it as one thing, straight from here.

        Args:
            hop: The envelope.
            matter: What to draft.
            packet: The law to draft by.
            done: The sections that exist already.
            side_by_side: Whether several sections may be written at once.

        Raises:
            StepFailedError: The document could not be planned or a section not be written.
            ModelEndpointError: There is no model where one is configured.
        """
        report, planned = await self._planned(hop, matter)
        writer = self._writer() if self._model.serves(hop) else None
        engine = self._model.name if writer else "clause library"
        headings = tuple(render_heading(planned, index).title for index in range(len(planned.sections)))
        yield Outline(title=planned.title, sections=headings, engine=engine)
        sections = {section.index: section for section in done}
        missing = [index for index in range(len(headings)) if index not in sections]
        if writer is None:
            for index in missing:
                told, sections[index] = await self._step.run(hop, self.section, planned, index)
                report = report.joined(told)
                yield sections[index]
        else:
            key = draft_key(hop.tenant, hop.draft_id)
            live = self._audience.open(key)
            live.open(len(headings), set(sections))
            in_flight = self._sections_in_flight if side_by_side else 1
            run = uuid.uuid4().hex[:8]
            try:
                async for notes, section in writer.sections(
                    hop, planned, matter, packet, missing, live, in_flight, run
                ):
                    sections[section.index] = section
                    yield notes
                    yield section
            finally:
                self._audience.close(key, live)
        yield tuple(sections[index] for index in sorted(sections))
        yield report

    async def listen(self, room: str, ear: str, key: str) -> None:
        """Add a reader of a draft's text; it may come before the writing begins, and hears a new beginning too.

        Args:
            room: The process in which it reads: of its `read_along`.
            ear: The reader.
            key: The draft's name across tenants.
        """
        self._audience.listen(room, ear, key)

    async def leave(self, ear: str) -> None:
        """Drop a reader."""
        self._audience.leave(ear)

    async def read_along(self, room: str) -> AsyncGenerator[tuple[Heard, ...], None]:
        """Yield, for all readers of a process, their drafts' text as models write it, in document order."""
        async with aclosing(self._audience.read(room)) as batches:
            async for batch in batches:
                yield batch

    async def plan(self, matter: Matter) -> DraftPlan:
        """Plan the document: work inside the policies."""
        return plan(load_type(matter.task_type), load_shared(), matter)

    async def section(self, planned: DraftPlan, index: int) -> Section:
        """Write one section from the library: work inside the policies."""
        return render_section(planned, index)

    def _writer(self) -> "SectionWriter":
        # Imported only where a model writes: prompts take time to load.
        from actors.section_writing import SectionWriter  # noqa: PLC0415

        return SectionWriter(self._model.step)

    async def _planned(self, hop: Hop, matter: Matter) -> tuple[StepReport, DraftPlan]:
        planned = self._plans.pop(draft_key(hop.tenant, hop.draft_id), None)
        if planned is not None:
            return StepReport(agent="draft", attempts=1, seconds=0.0), planned
        return await self._step.run(hop, self.plan, matter)
