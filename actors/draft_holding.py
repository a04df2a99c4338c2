"""Drafts that go on without a reader: so many at once, the others in the order in which they came."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

from actors.errors import LexrayError, OverloadedError
from actors.events import AnyEvent
from actors.messages import DraftRequest, Engine

AT_ONCE: Mapping[Engine, int] = {"library": 2, "model": 32}
"""Worked at, by engine: about half of what the whole works at, so that those whom somebody waits for go ahead."""
MOST = 1000
"""Held, those that wait included."""


class Holding:
    """Reads drafts itself, for those who begin one and do not stay.

    Args:
        draft: Follows a draft to its end, and runs it meanwhile.
        announce: Writes that a draft has begun, so that it can be found while it waits for its turn.
        at_once: Drafts that are worked at, by engine.
    """

    def __init__(
        self,
        draft: Callable[[DraftRequest], AsyncGenerator[list[AnyEvent], None]],
        announce: Callable[[DraftRequest], Awaitable[None]],
        at_once: Mapping[Engine, int] = AT_ONCE,
    ) -> None:
        self._draft, self._announce = draft, announce
        self._turns = {engine: asyncio.Semaphore(count) for engine, count in at_once.items()}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        """By the drafts' keys."""

    async def hold(self, request: DraftRequest) -> None:
        """Begin a draft, or go on with it. Returns when its first event is in the journal.

        Raises:
            OverloadedError: As many wait as may.
            LexrayError: It could not begin.
        """
        if request.key in self.tasks:
            return
        if len(self.tasks) >= MOST:
            raise OverloadedError("drafts in the background", MOST)
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.tasks[request.key] = task = asyncio.create_task(self._read(request, begun))
        task.add_done_callback(lambda _: self.tasks.pop(request.key, None))
        await begun

    async def _read(self, request: DraftRequest, begun: asyncio.Future[None]) -> None:
        try:
            turn = self._turns[request.engine]
            if turn.locked():
                await self._announce(request)
                _tell(begun)
            async with turn:
                async for _ in self._draft(request):
                    _tell(begun)
        except LexrayError as error:
            if begun.done():
                raise
            begun.set_exception(error)
        finally:
            _tell(begun)


def _tell(begun: asyncio.Future[None]) -> None:
    if not begun.done():
        begun.set_result(None)
