"""The client of the benchmark of the HTTP server: closed and open loops over connections that stay."""

import asyncio
import random
import time
from dataclasses import asdict, dataclass, field
from typing import Any

FIRST_TEXT = b"event: token"
OK = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as its client saw it."""

    status: int
    begun_s: float
    """Since the loop began."""
    first_ms: float
    """To the first piece of the document's text; without any, to the body."""
    total_ms: float
    size_bytes: int


@dataclass(slots=True)
class Load:
    """All requests of one loop."""

    calls: list[Call] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: float = 0.0
    """Of the servers."""

    def raw(self) -> dict[str, Any]:
        return asdict(self)

    def answered(self) -> int:
        return sum(call.status == OK for call in self.calls)


class Connection:
    """One connection that is kept. HTTP/1.1 with a length or in chunks: what the servers here answer with."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes, begun_s: float) -> Call:
        begun = time.perf_counter()
        reader, writer = self._streams or await self._connected()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, length, closes = _read_head(head)
        first, size = 0.0, 0
        if length is not None:
            size = len(await reader.readexactly(length))
            first = time.perf_counter()
        else:
            while count := int(await reader.readuntil(b"\r\n"), 16):
                chunk = await reader.readexactly(count + 2)
                size += count
                if not first and FIRST_TEXT in chunk:
                    first = time.perf_counter()
            await reader.readexactly(2)
        ended = time.perf_counter()
        if closes:
            self.close()
        return Call(status, begun_s, ((first or ended) - begun) * 1e3, (ended - begun) * 1e3, size)

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)
        return self._streams

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _read_head(head: bytes) -> tuple[int, int | None, bool]:
    lines = head.split(b"\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    length = fields.get(b"content-length")
    return (
        int(lines[0].split()[1]),
        None if length is None else int(length),
        fields.get(b"connection") == b"close",
    )


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Return a request as it goes over the wire."""
    fields = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def closed(port: int, requests: list[bytes], clients: int) -> Load:
    """Have so many clients ask, each its next request as soon as it has its answer."""
    load, waiting, begun = Load(), iter(requests), time.perf_counter()

    async def client() -> None:
        connection = Connection(port)
        for asked in waiting:
            load.calls.append(await connection.ask(asked, time.perf_counter() - begun))
        connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    load.seconds = time.perf_counter() - begun
    return load


async def opened(port: int, asked: bytes, per_s: float, seconds: float, seed: int = 1) -> Load:
    """Ask at random moments, so many times a second, whatever becomes of the requests before."""
    load, free, begun, chance = Load(), list[Connection](), time.perf_counter(), random.Random(seed)  # noqa: S311
    running: set[asyncio.Task[None]] = set()

    async def once() -> None:
        connection = free.pop() if free else Connection(port)
        load.calls.append(await connection.ask(asked, time.perf_counter() - begun))
        free.append(connection)

    at = 0.0
    while (at := at + chance.expovariate(per_s)) < seconds:
        await asyncio.sleep(max(0.0, begun + at - time.perf_counter()))
        running.add(task := asyncio.create_task(once()))
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    load.seconds = time.perf_counter() - begun
    return load
