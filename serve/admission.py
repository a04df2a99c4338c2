"""Admission: how many drafts a server works at, who waits for a place, and who is refused at once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from actors.errors import OverloadedError

Lane = Literal["interactive", "bulk"]

PATIENCE_S = 0.05
"""How long an interactive draft may wait for a place. Then it is refused: sooner than a client would notice."""
BULK_WAITING = 32
"""Bulk drafts that may wait; each of them gets its place in the end."""
BULK_TURN = 4
"""While both wait, every so many-th free place goes to a bulk draft: it must not wait for ever."""
BULK_URGENCY = 5
"""Urgencies of RFC 9218 from here on (0 to 7, default 3) mark bulk work."""

_lane: ContextVar[Lane] = ContextVar("lane", default="interactive")


class Gate:
    """A number of places, before which two queues wait: a short one of people, and a longer one of bulk work.

    It keeps nothing of the past: the moment that drafts end, the next ones come in.

    Args:
        name: What a refusal calls the places.
        places: Drafts under way at once.
        bulk_waiting: Bulk drafts that may wait.
    """

    def __init__(self, name: str, places: int, bulk_waiting: int = BULK_WAITING) -> None:
        self._name, self._places = name, places
        self._lengths: dict[Lane, int] = {"interactive": places, "bulk": bulk_waiting}
        self._waiting: dict[Lane, deque[asyncio.Future[None]]] = {"interactive": deque(), "bulk": deque()}
        self._taken = 0
        self._passed_over = 0
        """Free places that bulk work has left to others since it had one."""

    def check(self, lane: Lane) -> None:
        """Refuse where `place` would refuse at once: before anybody has worked for the request.

        Raises:
            OverloadedError: All places are taken, and as many wait as may.
        """
        if self._taken >= self._places and len(self._waiting[lane]) >= self._lengths[lane]:
            raise OverloadedError(self._name, self._places)

    @asynccontextmanager
    async def place(self, lane: Lane) -> AsyncIterator[None]:
        """Hold a place.

        Raises:
            OverloadedError: There is none: at once, or for interactive work after `PATIENCE_S`.
        """
        if self._taken < self._places:
            self._taken += 1
        else:
            self.check(lane)
            await self._turn(lane)
        try:
            yield
        finally:
            self._leave()

    async def _turn(self, lane: Lane) -> None:
        """Wait until somebody who leaves hands on a place."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._waiting[lane]
        queue.append(turn)
        try:
            async with asyncio.timeout(PATIENCE_S if lane == "interactive" else None):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._leave()  # it was handed on at the very moment
            else:
                queue.remove(turn)
            if isinstance(error, TimeoutError):
                raise OverloadedError(self._name, self._places) from error
            raise

    def _leave(self) -> None:
        lane = self._next()
        if lane is None:
            self._taken -= 1
        else:
            self._waiting[lane].popleft().set_result(None)

    def _next(self) -> Lane | None:
        people, bulk = self._waiting["interactive"], self._waiting["bulk"]
        if not bulk or (people and self._passed_over < BULK_TURN - 1):
            self._passed_over += bool(bulk)
            return "interactive" if people else None
        self._passed_over = 0
        return "bulk"


class Lanes:
    """Reads from a request whether it is bulk work: `Priority: u=5` (RFC 9218) to `u=7`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            _lane.set(lane_of(b",".join(value for name, value in scope["headers"] if name == b"priority")))
        await self._app(scope, receive, send)


def lane_of(priority: bytes) -> Lane:
    """Return the lane that a `Priority` field asks for; what is no such field asks for none."""
    for part in priority.split(b","):
        name, _, value = part.strip().partition(b"=")
        if name == b"u" and value.isdigit() and len(value) == 1:
            return "bulk" if int(value) >= BULK_URGENCY else "interactive"
    return "interactive"


def lane() -> Lane:
    """Return the lane of the request at hand."""
    return _lane.get()
