"""JSON Lines as they are read somewhere else: nobody holds the whole of them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Self

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from serve.leaving import gone
from serve.media_types import NDJSON
from serve.sse import HEADERS, send_chunk

Pieces = AsyncGenerator[bytes, None]


class JsonLines(Response):
    """A stream of lines. It ends early, without its last chunk, where they cannot be read on: a client notices.

    A client that leaves, or reads nothing for a minute, ends the reading.
    """

    def __init__(self, first: bytes, pieces: Pieces) -> None:
        super().__init__(None, 200, HEADERS, NDJSON)
        del self.headers["content-length"]
        self._first, self._pieces = first, pieces

    @classmethod
    async def begun(cls, pieces: Pieces) -> Self:
        """Return the stream once its first piece is there.

        Raises:
            LexrayError: That of the pieces, where it comes first: it still has a status of its own.
        """
        return cls(await anext(pieces, b""), pieces)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the lines, until they end or the client has left."""
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(gone(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancelled(sending, leaving)
            await self._pieces.aclose()
        failed = sending.exception() if not sending.cancelled() else None
        if failed is not None and not isinstance(failed, OSError):  # an OSError: the client is gone
            raise failed

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with aclosing(self._all()) as pieces:
            async for piece in pieces:
                await send_chunk(send, piece)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _all(self) -> AsyncGenerator[bytes, None]:
        if self._first:
            yield self._first
        async for piece in self._pieces:
            yield piece


async def _cancelled(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
