"""One request to an ASGI app, with a client that a test can make slow, or make leave."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any


class Connection:
    """Plays the server: what the app sends is kept, and nothing is read while `reads` is cleared."""

    def __init__(self, chunks: Iterable[bytes] = (b"",), chunk_every_s: float = 0.0) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.pieces: list[bytes] = []
        """Of the body, as the app sent them."""
        self.ended = False
        self.reads = asyncio.Event()
        self.reads.set()
        self.left = asyncio.Event()
        self._chunks, self._every_s = list(chunks), chunk_every_s

    async def receive(self) -> dict[str, Any]:
        if self._chunks:
            await asyncio.sleep(self._every_s)
            chunk = self._chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(self._chunks)}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.body += message["body"]
        self.pieces.append(message["body"])
        self.ended = not message.get("more_body", False)


def scope(path: str, headers: Mapping[str, str], method: str = "POST") -> dict[str, Any]:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": raw,
        "server": ("test", 80),
        "client": ("test", 1),
    }
