"""The text that models write, as it comes: for all readers of this process over one stream."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from actors.errors import AgentUnavailableError
from actors.messages import Heard, Piece
from actors.ports import AgentPort

PAUSE_S = 0.5
"""Between two tries to reach a drafting agent that is restarting."""
UNHEARD = 256
"""Pieces that may wait for one slow reader; those behind them it gets with the complete section."""

logger = logging.getLogger(__name__)


class LiveReader:
    """Reads along with the drafting agent. Belongs to one event loop.

    Lost text, of an agent that died or a reader that was too slow, comes again with its section, from the coordinator.
    """

    def __init__(self, drafting: AgentPort) -> None:
        self._drafting = drafting
        self._room = ""
        self._ears: dict[str, tuple[str, asyncio.Queue[Piece]]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def pieces(self, key: str) -> AsyncGenerator[Piece, None]:
        """Yield a draft's text under way, for as long as the reader likes.

        Args:
            key: The draft's name across tenants.
        """
        ear, queue = uuid.uuid4().hex, asyncio.Queue[Piece](UNHEARD)
        self._ears[ear] = key, queue
        try:
            if self._reading is None:
                self._reading = asyncio.create_task(self._read())
            else:
                await self._listen(ear, key)
            while True:
                yield await queue.get()
        finally:
            del self._ears[ear]
            await self._leave(ear)

    async def _listen(self, ear: str, key: str) -> None:
        with suppress(AgentUnavailableError):  # when it is back, everybody listens again
            await self._drafting.call("listen", self._room, ear, key)

    async def _leave(self, ear: str) -> None:
        if not self._ears and self._reading is not None:
            reading, self._reading = self._reading, None
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        elif self._reading is not None:
            with suppress(AgentUnavailableError):  # it has forgotten all readers
                await self._drafting.call("leave", ear)

    async def _read(self) -> None:
        while True:
            self._room = uuid.uuid4().hex
            try:
                await self._read_on()
            except AgentUnavailableError:
                await asyncio.sleep(PAUSE_S)

    async def _read_on(self) -> None:
        for ear, (key, _) in list(self._ears.items()):
            await self._drafting.call("listen", self._room, ear, key)
        async with aclosing(self._drafting.stream("read_along", self._room)) as batches:
            async for parcel in batches:
                for heard in await parcel.open():
                    self._pass_on(heard)

    def _pass_on(self, heard: Heard) -> None:
        _, queue = self._ears.get(heard.ear, ("", None))
        if queue is not None:  # else the reader has just left
            with suppress(asyncio.QueueFull):
                for piece in heard.pieces:
                    queue.put_nowait(piece)
