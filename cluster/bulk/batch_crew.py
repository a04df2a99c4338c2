"""The cells of batches: they take what others leave of the models' permits; of the processor every cell does."""

from actors.config import Settings
from actors.ports import AgentPort
from cluster.bulk.crew import Crew, Pace
from cluster.bulk.folder import RunFolder
from cluster.bulk.plan import BulkPlan

PERMITS = 4
"""A cell of a batch has one in so many of an agent's calls to a model."""


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

    return RayCrew(settings, plan, folder.path, cache, pace)
