"""A server on loopback that answers every request with the same bytes, and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

EVENTS = "text/event-stream"


def response(body: bytes | str, content: str = EVENTS, status: str = "200 OK", *headers: str) -> bytes:
    """Return a response whose end is the end of the connection."""
    text = body.encode() if isinstance(body, str) else body
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {content}", "Connection: close", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + text


def events(*data: str) -> bytes:
    """Return a stream of server-sent events."""
    return response("".join(f"data: {item}\n\n" for item in data))


@dataclass
class Canned:
    """A running server."""

    base_url: str
    requests: list[str] = field(default_factory=list)
    """Head and body of each, as sent."""


@asynccontextmanager
async def canned(parts: bytes | Iterable[bytes]) -> AsyncIterator[Canned]:
    """Serve `parts`, one after the other; an endless iterable ends with the client."""
    writers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        running.requests.append((await reader.read(65536)).decode("latin-1"))
        try:
            for part in [parts] if isinstance(parts, bytes) else parts:
                writer.write(part)
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    running = Canned(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
    async with server:
        yield running
        for writer in writers:
            writer.close()
