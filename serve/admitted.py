"""The drafts of one replica: as many at once as it may, and none lost when it is replaced."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from contextvars import ContextVar

from actors.config import Settings
from actors.document_stream import Cursor
from actors.errors import LexrayError, ServerLeavingError
from actors.events import AnyEvent
from actors.messages import DraftRequest, Engine
from actors.ports import Neighbours
from serve.admission import Gate, lane
from serve.service import DraftService, Order

logger = logging.getLogger(__name__)

_ordered: ContextVar[bool] = ContextVar("ordered", default=False)
"""Whether the request at hand orders a draft. Whoever comes back to one was let in before."""


class AdmittedDrafts(DraftService):
    """A service with a bounded number of drafts under way, by engine, that can be left without loss."""

    def __init__(self, agents: Neighbours, settings: Settings, gates: Mapping[Engine, Gate]) -> None:
        super().__init__(agents, settings)
        self._gates = gates
        self._leaving = False
        self._followed: dict[Interruption, DraftRequest] = {}

    def request(self, order: Order, facts_json: str | None, tenant: str, key: str | None) -> DraftRequest:
        """Return the checked request of an order, as `DraftService` does.

        Raises:
            OverloadedError: There is no place for it. Said first: reading the order is the dearest part of a refusal.
            RequestError: The order is wrong.
        """
        self._gates["model" if (order.engine or self.settings.engine) == "model" else "library"].check(lane())
        _ordered.set(True)
        return super().request(order, facts_json, tenant, key)

    async def begin(self, request: DraftRequest) -> DraftRequest:
        """Start a draft that needs no reader; it waits in the coordinator's own queue."""
        begun = await super().begin(request)
        _ordered.set(False)
        return begun

    async def follow(
        self, request: DraftRequest, cursor: Cursor, *, live: bool = True
    ) -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
        """Yield a draft's events and text, as `DraftService` does.

        Raises:
            OverloadedError: There is no place for it.
            ServerLeavingError: This replica is being replaced; the draft goes on.
        """
        async with AsyncExitStack() as held:
            if _ordered.get():
                await held.enter_async_context(self._gates[request.engine].place(lane()))
            events = await held.enter_async_context(aclosing(super().follow(request, cursor, live=live)))
            interruption = Interruption()
            self._followed[interruption] = request
            held.callback(self._followed.pop, interruption)
            while not self._leaving:
                try:
                    async with interruption.heeded():
                        told = await anext(events, None)
                except TimeoutError:
                    if not self._leaving:
                        raise
                    break
                if told is None:
                    return
                yield told
            raise ServerLeavingError(request.draft_id)

    async def leave(self) -> None:
        """Send every reader away, to come back to another replica. Their drafts go on meanwhile."""
        requests = {request.key: request for request in self._followed.values()}
        coordinator = self.agents.port("coordinator")
        holds = (coordinator.call("hold", request) for request in requests.values())
        for failed in await asyncio.gather(*holds, return_exceptions=True):
            if isinstance(failed, LexrayError):
                # The draft then waits in the journal, as it does for every reader that leaves.
                logger.warning("a draft could not be held: %s", type(failed).__name__)
        self._leaving = True
        for interruption in tuple(self._followed):
            interruption.interrupt()


class Interruption:
    """Ends a wait from outside."""

    def __init__(self) -> None:
        self._limit: asyncio.Timeout | None = None

    @asynccontextmanager
    async def heeded(self) -> AsyncIterator[None]:
        """Let an interruption end what is awaited here with `TimeoutError`."""
        try:
            async with asyncio.timeout(None) as self._limit:
                yield
        finally:
            self._limit = None

    def interrupt(self) -> None:
        """End the wait, if there is one."""
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time())
