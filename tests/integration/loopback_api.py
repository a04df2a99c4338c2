"""The HTTP API on a real server on loopback, with the whole fleet in this process."""

import asyncio
import datetime
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from actors.config import Settings
from actors.errors import UnauthorisedError
from cluster.inline import InlineFleet
from serve.access import Caller
from serve.api import create_api
from serve.service import DraftService

TODAY = datetime.date(2026, 11, 1)
KEYS = {"key-of-acme": "acme", "key-of-zenith": "zenith"}


class TwoTenants:
    """Knows two keys, of a tenant each."""

    def caller(self, headers: Mapping[str, str]) -> Caller:
        key = headers.get("authorization", "").removeprefix("Bearer ")
        if key not in KEYS:
            raise UnauthorisedError("this key is not known")
        return Caller(KEYS[key], frozenset(("draft",)))


@dataclass(frozen=True, slots=True)
class LoopbackApi:
    """A running server."""

    url: str
    service: DraftService

    async def draft_settled(self) -> None:
        """Wait until no draft is under way."""
        while (await self.service.agents.port("coordinator").call("health"))["drafts_in_flight"]:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def loopback_api(settings: Settings, journal: Path) -> AsyncIterator[LoopbackApi]:
    """Serve on a port of the system's choice."""
    service = DraftService(InlineFleet(settings, journal), settings, today=lambda: TODAY)
    server = uvicorn.Server(
        uvicorn.Config(create_api(service, TwoTenants()), log_level="warning", timeout_graceful_shutdown=1)
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield LoopbackApi(f"http://127.0.0.1:{listening.getsockname()[1]}", service)
        finally:
            server.should_exit = True
            await serving
