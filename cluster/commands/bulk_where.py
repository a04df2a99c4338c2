"""Where a bulk run drafts: in this process, on the cluster of `lexray up`, on a named one, or on a Ray of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from actors.config import Settings
from actors.errors import ResourceMissingError
from actors.ports import AgentPort
from cluster.bulk.crew import LIBRARY, Crew, Pace, model_pace
from cluster.bulk.folder import RunFolder
from cluster.bulk.plan import BulkPlan
from cluster.state_file import read_state


@dataclass(frozen=True, slots=True)
class Where:
    """What the command line says about the place."""

    inline: bool
    address: str | None


def pace_of(plan: BulkPlan, settings: Settings) -> Pace:
    """Return how rows are handed to a cell."""
    if plan.engine == "library":
        return LIBRARY
    return model_pace(settings.llm.in_flight, settings.llm.sections_in_flight)


@asynccontextmanager
async def crew_maker(
    where: Where,
    plan: BulkPlan,
    folder: RunFolder,
    pace: Pace,
    settings: Settings,
    say: Callable[[str], None],
) -> AsyncIterator[Callable[[], Crew]]:
    """Make the place ready, and give what makes a crew there.

    Raises:
        ResourceMissingError: The cluster cannot be joined or started.
    """
    if where.inline:
        from cluster.bulk.cell import Cell
        from cluster.bulk.crew_inline import InlineCrew

        cell = Cell(settings, plan, folder.path, None, pace.at_once)
        yield lambda: InlineCrew(cell)
        return
    from cluster import ray_session  # imports Ray: a second that `--inline` need not wait

    state = read_state(settings.folder)
    address = where.address or (state.address if state else None) or ray_session.address_given()
    if address is not None:
        say(f"joining the cluster at {address}")
        ray_session.join_ray(settings, address)
        async with joined_crew(plan, folder, pace, settings) as make_crew:
            yield make_crew
        return
    say("starting Ray (a few seconds; `lexray up` keeps one running)")
    with ray_session.own_ray(settings):
        async with joined_crew(plan, folder, pace, settings) as make_crew:
            yield make_crew


@asynccontextmanager
async def joined_crew(
    plan: BulkPlan, folder: RunFolder, pace: Pace, settings: Settings
) -> AsyncIterator[Callable[[], Crew]]:
    """Give what makes a crew on the Ray that this process has joined."""
    from cluster.bulk.crew_ray import RayCrew

    async with _cache(settings) as cache:
        yield lambda: RayCrew(settings, plan, folder.path, cache, pace)


@asynccontextmanager
async def _cache(settings: Settings) -> AsyncIterator[AgentPort]:
    """Find the fleet's cache of research, or start one for this run: what one cell found, no other looks for again."""
    from actors.monitor import NullMetrics
    from actors.remote import Fleet, spawn
    from cluster.fleet import fleet
    from cluster.ray_session import namespace_of_job

    found = _cache_of_fleet()
    if found is not None:
        yield found
        return
    running = Fleet(namespace_of_job())
    spawn(next(spec for spec in fleet(settings, None, NullMetrics()) if spec.name == "cache"), running)
    try:
        yield running.port("cache")
    finally:
        running.stop()


def _cache_of_fleet() -> AgentPort | None:
    from cluster.ray_session import find_agent

    try:
        return find_agent("cache")
    except ResourceMissingError:
        return None
