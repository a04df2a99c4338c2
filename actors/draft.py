"""The drafting agent: from a matter and its law to sections."""

from collections.abc import AsyncIterator

from actors.domain.authority import ResearchPacket
from actors.domain.library import load_shared, load_type
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan, plan
from actors.domain.rendering import render_section
from actors.domain.sections import Section
from actors.messages import Hop, Outline, StepReport
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy


class DraftAgent:
    """Writes documents from the clause library.

    Keeps no draft: the library writes the same section for the same matter, so after a restart the coordinator asks
    for the sections that it does not have yet.
    """

    engine = "clause library"

    def __init__(self, policy: StepPolicy, vault: BreakerVault) -> None:
        self._step = GuardedStep("draft", policy, vault)

    async def write(
        self, hop: Hop, matter: Matter, packet: ResearchPacket, start: int = 0
    ) -> AsyncIterator[Outline | Section | tuple[Section, ...] | StepReport]:
        """Yield the outline, each section from `start` on, all sections as one, and last the report of the step.

        The whole is there so that whoever checks it gets it as one thing, straight from here.

        Raises:
            StepFailedError: The document could not be planned or a section not be written.
        """
        report, planned = await self._step.run(hop, self.plan, matter, packet)
        yield Outline(title=planned.title, section_count=len(planned.sections), engine=self.engine)
        sections = []
        for index in range(len(planned.sections)):
            done, section = await self._step.run(hop, self.section, planned, index)
            report = report.model_copy(
                update={
                    "attempts": max(report.attempts, done.attempts),
                    "seconds": report.seconds + done.seconds,
                    "retries": report.retries + done.retries,
                }
            )
            sections.append(section)
            if index >= start:
                yield section
        yield tuple(sections)
        yield report

    async def plan(self, matter: Matter, _packet: ResearchPacket) -> DraftPlan:
        """Plan the document: work inside the policies."""
        return plan(load_type(matter.task_type), load_shared(), matter)

    async def section(self, planned: DraftPlan, index: int) -> Section:
        """Write one section: work inside the policies."""
        return render_section(planned, index)
