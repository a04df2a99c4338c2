"""Streams of this face: the manners of all event streams, with frames of its own."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, Self

from actors.errors import DraftUnfinishedError
from actors.events import TERMINAL, AnyEvent, Token
from actors.progress import DraftProgress
from serve.sse import Events, EventStream

SETTLED_S = 2.0
"""How long the first words may take to decide the status; after that the stream begins without them."""


class Followed:
    """A draft's events, read ahead until words come or it is plain that none will: an error still has its status then.

    Closing it leaves the draft, whether or not anybody has begun to read.
    """

    def __init__(self, events: Events) -> None:
        self._events = events
        self._ahead: list[AnyEvent] = []
        self._next: asyncio.Task[AnyEvent | None] | None = None

    @classmethod
    async def settled(cls, events: Events) -> Self:
        """Return the events once they have settled, or are late.

        Raises:
            LexrayError: The draft cannot be followed.
        """
        followed = cls(events)
        try:
            async with asyncio.timeout(SETTLED_S) as limit:
                await followed._settle()
        except TimeoutError:
            if not limit.expired():
                raise
        except BaseException:
            await followed.aclose()
            raise
        return followed

    @property
    def end(self) -> AnyEvent | None:
        """How the draft ended, if it did before a word of it came."""
        return self._ahead[-1] if self._ahead and isinstance(self._ahead[-1], TERMINAL) else None

    async def events(self) -> AsyncGenerator[AnyEvent, None]:
        """Yield the events, from the first."""
        for event in self._ahead:
            yield event
        while (event_or_none := await self._read()) is not None:
            yield event_or_none

    async def aclose(self) -> None:
        """Leave the draft."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        await self._events.aclose()

    async def _settle(self) -> None:
        while (event := await self._read()) is not None:
            self._ahead.append(event)
            if isinstance(event, (Token, *TERMINAL)):
                return

    async def _read(self) -> AnyEvent | None:
        # A task of its own, so that a reader who stops waiting does not stop the events.
        self._next = self._next or asyncio.create_task(self._advance())
        event = await asyncio.shield(self._next)
        self._next = None
        return event

    async def _advance(self) -> AnyEvent | None:
        item = await anext(self._events, None)
        return None if item is None else item[1]


class FrameStream(EventStream):
    """Sends frames as they come: batched, with heartbeats, bounded; a client that leaves is noticed at once."""

    preface = b": lexray\n\n"  # OpenAI's client takes `retry` alone for an event, and fails on it

    def __init__(self, followed: Followed, frames: AsyncGenerator[bytes, None]) -> None:
        """Stream.

        Args:
            followed: The draft, left when the stream is over.
            frames: What is made of it.
        """
        super().__init__(_no_events())
        self._followed, self._frames = followed, frames

    async def _fill(self) -> None:
        async for one in self._frames:
            await self._queue.put(one)

    async def _close(self, *tasks: "asyncio.Task[Any]") -> None:
        await super()._close(*tasks)
        await self._frames.aclose()
        await self._followed.aclose()


def check_over(draft_id: str, progress: DraftProgress) -> None:
    """See that a draft was followed to its end.

    Raises:
        DraftUnfinishedError: The fleet let go of it before.
    """
    if progress.end is None:
        raise DraftUnfinishedError(draft_id, "not over")


async def _no_events() -> Events:
    return
    yield
