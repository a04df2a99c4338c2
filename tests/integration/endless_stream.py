"""A server of its own process whose stream never ends: `python -m tests.integration.endless_stream`.

Prints its port. `/events` is the stream, `/figures` tells the process's memory and how much was told to all streams.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actors.document_stream import Cursor
from actors.events import AnyEvent, Token
from actors.serve_settings import ServeSettings
from serve.access import OpenAccess
from serve.guarded import guarded
from serve.sse import EventStream

PIECE = "x" * 10_000
told_bytes = 0
open_streams = 0


async def endless() -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
    global told_bytes, open_streams  # noqa: PLW0603
    open_streams += 1
    try:
        while True:
            told_bytes += len(PIECE)
            yield Cursor(1), Token(seq=0, section=0, content=PIECE)
            await asyncio.sleep(0)
    finally:
        open_streams -= 1


async def events(_: Request) -> Response:
    return await EventStream.begun(endless())


async def figures(_: Request) -> Response:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    resident = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))
    return JSONResponse({"resident_bytes": resident, "told_bytes": told_bytes, "open_streams": open_streams})


def main() -> None:
    app = Starlette(routes=[Route("/events", events), Route("/figures", figures)])
    config = uvicorn.Config(guarded(app, OpenAccess(), ServeSettings()), log_level="error")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)  # noqa: T201
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


if __name__ == "__main__":
    main()
