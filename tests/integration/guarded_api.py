"""The guarded server in this process: keys in a file, the whole fleet behind it."""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from starlette.types import ASGIApp

from actors.config import Settings
from cluster.inline import InlineFleet
from serve.access import Role
from serve.guarded import create_app
from serve.key_writing import change_keys
from serve.keys import new_key
from serve.service import DraftService

Client = httpx2.AsyncClient
TODAY = datetime.date(2026, 11, 1)
MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
ASKED = {"message": MESSAGE}


def key_for(settings: Settings, tenant: str, *roles: Role) -> str:
    """Make a key in the key file of these settings."""
    key, record = new_key(tenant, roles or ("draft",), datetime.datetime.now(datetime.UTC))
    change_keys(settings.serve.file_of_keys(settings.folder), lambda ring: ring.with_key(record))
    return key


@asynccontextmanager
async def client_of(app: ASGIApp, key: str = "", base_url: str = "http://localhost") -> AsyncIterator[Client]:
    """Return a client that sends this key."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx2.ASGITransport(app, raise_app_exceptions=True)
    async with Client(transport=transport, base_url=base_url, headers=headers, timeout=60) as client:
        yield client


def app_of(settings: Settings, fleet: InlineFleet | None = None) -> ASGIApp:
    """Return the app of a fleet of its own."""
    return create_app(DraftService(fleet or InlineFleet(settings), settings, lambda: TODAY), settings)
