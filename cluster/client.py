"""A reader of drafts: follows one to its end, through restarts of the coordinator."""

import asyncio
from collections.abc import AsyncIterator

from actors.errors import AgentUnavailableError
from actors.events import TERMINAL, AnyEvent, DraftFailed
from actors.messages import DraftRequest
from actors.ports import AgentPort
from actors.progress import DraftProgress

PAUSE_S = 0.5
"""Between two tries to reach a coordinator that is restarting."""


async def follow(coordinator: AgentPort, request: DraftRequest) -> AsyncIterator[AnyEvent]:
    """Yield every event of a draft once, in order, up to its terminal one.

    When the coordinator dies it is asked again from the last event seen, until the budget of the draft is spent.

    Raises:
        AgentUnavailableError: The coordinator did not come back in time.
    """
    seen = 0
    async with asyncio.timeout(request.budget_s + 30):
        while True:
            batches = coordinator.stream("draft", request, seen)
            try:
                async for parcel in batches:
                    for event in await parcel.open():
                        if event.seq > seen:
                            seen = event.seq
                            yield event
                        if isinstance(event, TERMINAL):
                            return
            except AgentUnavailableError:
                await asyncio.sleep(PAUSE_S)
            finally:
                await batches.aclose()  # type: ignore[attr-defined]


async def drafted(coordinator: AgentPort, request: DraftRequest) -> DraftProgress:
    """Return a draft's final state."""
    progress = DraftProgress()
    async for event in follow(coordinator, request):
        progress = progress.updated(event)
    return progress


def failure(progress: DraftProgress) -> DraftFailed | None:
    """Return how a draft failed, if it did."""
    return progress.end if isinstance(progress.end, DraftFailed) else None
