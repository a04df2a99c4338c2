"""A reader of drafts: follows one to its end, through restarts of the coordinator."""

import asyncio
import time
from collections.abc import AsyncIterator

from actors.errors import AgentUnavailableError
from actors.events import TERMINAL, AnyEvent, DraftFailed
from actors.messages import DraftRequest
from actors.ports import AgentPort
from actors.progress import DraftProgress

PAUSE_S = 0.5
"""Between two tries to reach a coordinator that is restarting."""
PATIENCE_S = 60.0
"""How long it may stay away: a restart takes 1 to 5 s, on a busy machine several times that."""


async def follow(coordinator: AgentPort, request: DraftRequest) -> AsyncIterator[AnyEvent]:
    """Yield every event of a draft once, in order, up to its terminal one.

    When the coordinator dies it is asked again from the last event seen.

    Raises:
        AgentUnavailableError: The coordinator did not come back in time.
    """
    seen, gone_since_s = 0, None
    while True:
        batches = coordinator.stream("draft", request, seen)
        try:
            async for parcel in batches:
                gone_since_s = None
                for event in await parcel.open():
                    if event.seq > seen:
                        seen = event.seq
                        yield event
                    if isinstance(event, TERMINAL):
                        return
        except AgentUnavailableError:
            now_s = time.monotonic()
            gone_since_s = gone_since_s or now_s
            if now_s - gone_since_s > PATIENCE_S:
                raise
            await asyncio.sleep(PAUSE_S)
        finally:
            await batches.aclose()


async def drafted(coordinator: AgentPort, request: DraftRequest) -> DraftProgress:
    """Return a draft's final state."""
    progress = DraftProgress()
    async for event in follow(coordinator, request):
        progress = progress.updated(event)
    return progress


def failure(progress: DraftProgress) -> DraftFailed | None:
    """Return how a draft failed, if it did."""
    return progress.end if isinstance(progress.end, DraftFailed) else None
