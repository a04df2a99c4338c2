"""The drafting agent: from a matter and its law to sections."""

from collections.abc import AsyncIterator

from actors.domain.authority import ResearchPacket
from actors.domain.library import load_shared, load_type
from actors.domain.matter import Matter
from actors.domain.planning import plan
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
    ) -> AsyncIterator[Outline | Section | StepReport]:
        """Yield the outline, each section from `start` on, and last the report of the step.

        Raises:
            StepFailedError: The document could not be planned or a section not be written.
        """
        report, outline = await self._step.run(hop, self.outline, matter, packet)
        yield outline
        for index in range(start, outline.section_count):
            done, section = await self._step.run(hop, self.section, matter, index)
            report = report.model_copy(
                update={
                    "attempts": max(report.attempts, done.attempts),
                    "seconds": report.seconds + done.seconds,
                    "retries": report.retries + done.retries,
                }
            )
            yield section
        yield report

    async def outline(self, matter: Matter, _packet: ResearchPacket) -> Outline:
        """Plan the document: work inside the policies."""
        planned = plan(load_type(matter.task_type), load_shared(), matter)
        return Outline(title=planned.title, section_count=len(planned.sections), engine=self.engine)

    async def section(self, matter: Matter, index: int) -> Section:
        """Write one section: work inside the policies."""
        return render_section(plan(load_type(matter.task_type), load_shared(), matter), index)
