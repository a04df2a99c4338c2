"""Agents for the commands that ask one question: those of a running cluster, else in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actors.config import Settings
from actors.messages import EssentialData, Hop
from actors.ports import Neighbours
from cluster.inline import InlineFleet
from cluster.state_file import read_state


@asynccontextmanager
async def neighbours(settings: Settings) -> AsyncIterator[Neighbours]:
    """Return the cluster's agents where `lexray up` holds one, and the same agents in this process otherwise."""
    state = read_state(settings.folder)
    if state is None:
        yield InlineFleet(settings)
        return
    from cluster.ray_session import Joined, join_ray

    join_ray(settings, state.address)
    yield Joined()


def hop(settings: Settings) -> Hop:
    """Return the envelope of a single question."""
    return Hop(
        draft_id="question",
        tenant="public",
        budget_s=settings.budget_s,
        essential_data=EssentialData(user_request=""),
    )
