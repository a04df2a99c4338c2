"""Server-sent events: a draft's events as a client follows them, batched, with heartbeats, and bounded."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Any, Protocol, Self

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from actors.document_stream import Cursor
from actors.errors import LexrayError
from actors.events import TERMINAL, AnyEvent
from serve.frame_queue import FrameQueue
from serve.leaving import gone
from serve.media_types import EVENTS
from serve.problems import contents, kind_of, status_of, told

logger = logging.getLogger(__name__)

HEARTBEAT_S = 15.0
PROMPT_S = 0.5
"""How long the first event may take to decide the status; after that the stream begins without it."""
STALLED_S = 60.0
"""How long a client may leave one chunk unread before it counts as gone."""
RETRY_MS = 1_000
"""When a client should come back after a lost connection."""
CHUNK_BYTES = 64_000
"""Events that wait together are sent together, up to so many bytes and one event more."""
BATCH_S = 0.02
"""How long events wait for others after a chunk: each chunk costs a proxy some milliseconds of processor time. The
first event, and the last, go at once."""
LIMIT_BYTES = 16_000_000
"""The most that one connection carries; a client that wants more comes back with its last id."""


class Told(Protocol):
    """What happened, as a message."""

    @property
    def type(self) -> str:
        """Its name on the stream."""

    def model_dump_json(self) -> str:
        """Return it as JSON."""


Source = AsyncGenerator[tuple[object, Told], None]
"""What happens, each with the id behind which a client goes on."""
Events = AsyncGenerator[tuple[Cursor, AnyEvent], None]
"""The same of a draft."""


class EventStream(Response):
    """A stream that ends, on every way out but a lost connection, in one terminal event.

    The last event is the draft's own (`draft.finished`, `draft.failed`, `draft.cancelled`), or `error` where the server
    cannot go on: then the draft may still live, and a client that comes back with its last id loses nothing. A client
    that leaves is noticed at once, and the events' source is closed before the response ends.
    """

    preface = f"retry: {RETRY_MS}\n\n".encode()
    """What comes before the first event."""

    def __init__(self, events: Source, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(None, 200, {**HEADERS, **(headers or {})}, EVENTS)
        del self.headers["content-length"]
        self._events = events
        self._first: asyncio.Task[tuple[object, Told] | None] | None = None
        self._queue = FrameQueue()
        self._all_told = asyncio.Event()

    @classmethod
    async def begun(cls, events: Source, headers: Mapping[str, str] | None = None) -> Self:
        """Return the stream once its first event is there, or is late.

        Raises:
            LexrayError: That of the events, where it comes first: it still has a status of its own.
        """
        stream = cls(events, headers)
        stream._first = first = asyncio.create_task(_next(events))
        try:
            await asyncio.wait((first,), timeout=PROMPT_S)
            if first.done():
                first.result()
        except BaseException:
            await stream._close(first)
            raise
        return stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the stream, until it ends or the client has left."""
        reading = asyncio.create_task(self._read())
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(gone(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._close(leaving, reading, sending)
        failed = sending.exception() if not sending.cancelled() else None
        if failed is not None and not isinstance(
            failed, OSError
        ):  # an OSError: the client is gone, nothing is wrong
            raise failed

    async def _close(self, *tasks: "asyncio.Task[Any]") -> None:
        """Stop the tasks, then the source: it must not be closed while one waits for its next event."""
        known = [task for task in (*tasks, self._first) if task is not None]
        for task in known:
            task.cancel()
        await asyncio.gather(*known, return_exceptions=True)
        await self._events.aclose()

    async def _read(self) -> None:
        """Put frames into the queue, and after the last of them `None`."""
        await self._fill()
        await self._queue.put(None)
        self._all_told.set()

    async def _fill(self) -> None:
        try:
            item = await (self._first or _next(self._events))
            while item is not None:
                cursor, event = item
                await self._queue.put(frame(event.type, event.model_dump_json(), str(cursor)))
                item = None if isinstance(event, TERMINAL) else await _next(self._events)
        except Exception as error:  # noqa: BLE001 (the status is long sent: the stream itself has to tell)
            await self._queue.put(error_frame(error))

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        preface = self.preface
        if self._queue.empty():
            await send_chunk(send, preface)
            preface = b""
        left, more = LIMIT_BYTES, True
        while more:
            chunk, more = await self._chunk()
            left -= len(chunk)
            if left < 0:
                chunk, more = error_frame(None), False
            await send_chunk(send, preface + chunk)
            preface = b""
            if more and not self._queue.full():
                await self._gather()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _gather(self) -> None:
        """Let events come together for one chunk, as long as there will be more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(BATCH_S):
                await self._all_told.wait()

    async def _chunk(self) -> tuple[bytes, bool]:
        """Return what waits, or a heartbeat; and whether more will come."""
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                item = await self._queue.get()
        except TimeoutError:
            return b": still here\n\n", True
        chunk = bytearray()
        while item is not None:
            chunk += item
            if self._queue.empty() or len(chunk) > CHUNK_BYTES:
                return bytes(chunk), True
            item = self._queue.get_nowait()
        return bytes(chunk), False


HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def _next(events: Source) -> tuple[object, Told] | None:
    return await anext(events, None)


def frame(name: str, data: str, cursor: str | None = None) -> bytes:
    """Return one event. `data` is JSON, which has no line breaks of its own."""
    head = "" if cursor is None else f"id: {cursor}\n"
    return f"{head}event: {name}\ndata: {data}\n\n".encode()


def error_frame(error: Exception | None) -> bytes:
    """Return the event that ends a stream which cannot go on; `None`: it has carried all that it may."""
    match error:
        case None:
            detail = f"one connection carries {LIMIT_BYTES:,} bytes; come back with Last-Event-ID"
            told_as = contents(503, "stream-limit", detail)
        case LexrayError():
            logger.warning("a stream broke off: %s", type(error).__name__)
            told_as = contents(status_of(type(error)), kind_of(type(error).__name__), told(error))
        case _:
            logger.error("a stream broke off on a defect of lexray: %s", type(error).__name__)
            told_as = contents(500, "defect", "lexray has a defect here; its log has the details")
    return frame("error", json.dumps(told_as))


async def send_chunk(send: Send, chunk: bytes) -> None:
    """Send a chunk.

    Raises:
        ConnectionError: The client does not read.
    """
    try:
        async with asyncio.timeout(STALLED_S):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except TimeoutError as error:
        raise ConnectionAbortedError("the client does not read") from error
