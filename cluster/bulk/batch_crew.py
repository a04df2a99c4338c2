"""The cells of batches: they take what others leave of the processors and of the models' permits."""

import os
from collections.abc import Sequence
from pathlib import Path

from actors.config import Settings
from actors.ports import AgentPort
from cluster.bulk.crew import Crew, Pace
from cluster.bulk.folder import RunFolder
from cluster.bulk.plan import BulkPlan
from cluster.bulk.work import Outcome, WorkRow

NICENESS = 10
"""Of 19: beside a process of the usual 0 it gets a tenth of a core that both want."""
PERMITS = 4
"""A cell of a batch has one in so many of an agent's calls to a model."""


class BatchCell:
    """A cell behind interactive work: its process is nice to others."""

    def __init__(
        self, settings: Settings, plan: BulkPlan, folder: Path, cache: AgentPort | None, at_once: int
    ) -> None:
        from cluster.bulk.cell import (
            Cell,
        )  # and with it all that agents know: whoever makes a crew needs it not

        # Each thread has its own on Linux; those that come later inherit it.
        for thread in Path("/proc/self/task").iterdir():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), NICENESS)
        self._cell = Cell(settings, plan, folder, cache, at_once)

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        """Draft rows, as a `Cell` does."""
        return await self._cell.draft(block)


def behind_others(settings: Settings) -> Settings:
    """Return the settings with a part of the models' permits."""
    permits = max(1, settings.llm.in_flight // PERMITS)
    return settings.model_copy(update={"llm": settings.llm.model_copy(update={"in_flight": permits})})


def inline_crew(settings: Settings, plan: BulkPlan, folder: RunFolder, pace: Pace) -> Crew:
    """Return a crew of one, in this process."""
    from cluster.bulk.cell import Cell
    from cluster.bulk.crew_inline import InlineCrew

    return InlineCrew(Cell(settings, plan, folder.path, None, pace.at_once))


def ray_crew(settings: Settings, cache: AgentPort, plan: BulkPlan, folder: RunFolder, pace: Pace) -> Crew:
    """Return a crew on the joined cluster."""
    from cluster.bulk.crew_ray import RayCrew

    return RayCrew(settings, plan, folder.path, cache, pace, agent=f"{__name__}:BatchCell")
