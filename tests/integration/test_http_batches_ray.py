"""Batches over HTTP on Ray: cells on every core behind everything else, and an agent that is killed."""

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from actors.config import Settings
from actors.monitor import NullMetrics
from actors.remote import Fleet, spawn
from actors.serve_settings import ServeSettings
from cluster.bulk.crew_ray import BulkCell
from cluster.fleet import fleet
from serve.guarded import create_app
from serve.service import DraftService
from tests.integration.guarded_api import Client, client_of, key_for
from tests.integration.test_bulk_ray import is_below_us
from tests.integration.test_http_batches import begun, ended, events_of, listed, rows, settled

pytestmark = pytest.mark.usefixtures("local_ray")


@pytest.fixture
def anyio_backend() -> str:
    """Ray is not in virtual time."""
    return "asyncio"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", serve=ServeSettings(rate=1_000_000, burst=100_000))


@pytest.fixture
def agents(settings: Settings) -> Iterator[Fleet]:
    """The two agents that batches need."""
    running = Fleet(f"batches-{uuid.uuid4().hex}")
    for spec in fleet(settings, None, NullMetrics(), "ray"):
        if spec.name in {"cache", "batches"}:
            spawn(spec, running)
    yield running
    running.stop()


@pytest.fixture
async def acme(settings: Settings, agents: Fleet) -> AsyncIterator[Client]:
    app = create_app(DraftService(agents, settings), settings)
    async with client_of(app, key_for(settings, "acme")) as client:
        yield client


def niceness() -> list[int]:
    """Return how nice the thread is in which each cell of this test's own Ray works."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                title = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if title.startswith(b"ray::BulkCell") and is_below_us(int(entry.name)):
                threads = (int(thread.name) for thread in (entry / "task").iterdir())
                found.append(max(os.getpriority(os.PRIO_PROCESS, thread) for thread in threads))
    return found


async def test_a_batch_survives_its_agent_and_leaves_the_processor_to_others(
    acme: Client, agents: Fleet
) -> None:
    batch = await begun(acme, rows(100), "?formats=md")
    await settled(acme, batch, 1)
    async with asyncio.timeout(60):
        while niceness() != [BulkCell.niceness] * (os.cpu_count() or 1):
            await asyncio.sleep(0.1)

    agent = await agents.port("batches").health()
    os.kill(agent["pid"], signal.SIGKILL)

    async with asyncio.timeout(60):
        while (await acme.get(batch)).status_code != 200:
            await asyncio.sleep(0.2)
    state = await ended(acme, batch)
    assert (state["status"], state["counts"]["finished"]) == ("finished", 100)
    assert (await events_of(acme, batch))[-1][1] == "batch.finished"
    results = await listed(acme, f"{batch}/results")
    assert [one["id"] for one in results] == [f"r{n}" for n in range(1, 101)]
    assert "Robotics" in (await acme.get(results[-1]["files"][0])).text
    assert await listed(acme, f"{batch}/failures") == []


async def test_a_batch_on_ray_is_cancelled(acme: Client) -> None:
    batch = await begun(acme, rows(200), "?formats=md")
    await settled(acme, batch, 1)
    await acme.delete(batch)
    state = await ended(acme, batch)
    assert (state["status"], state["counts"]["total"]) == ("cancelled", 200)
    assert 1 <= state["counts"]["finished"] < 200
