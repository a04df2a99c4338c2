"""A circuit that has opened stays open when its agent is killed."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actors.config import Settings
from actors.domain.authority import ResearchQuery
from actors.errors import AgentUnavailableError, BreakerOpenError, LexrayError, StepFailedError
from actors.messages import EssentialData, Hop
from actors.monitor import NullMetrics
from actors.remote import Fleet, RemoteAgent, spawn
from actors.step_policy import StepPolicy
from cluster.fleet import fleet
from tests.unit.scripted_agents import QUERY

pytestmark = pytest.mark.usefixtures("local_ray")

HOP = Hop(draft_id="d", tenant="public", budget_s=60.0, essential_data=EssentialData(user_request=""))


@pytest.fixture
def broken_fleet(ray_settings: Settings, tmp_path: Path) -> Iterator[Fleet]:
    running = Fleet(f"breaker-{tmp_path.name}")
    settings = ray_settings.model_copy(update={"step": StepPolicy(attempts=1, breaker_failures=2)})
    for spec in fleet(settings, None, NullMetrics()):
        if spec.name == "research":
            spawn(replace(spec, agent="tests.chaos.failing_agents:FailingResearch"), running)
        elif spec.name in {"monitor", "cache"}:
            spawn(spec, running)
    yield running
    running.stop()


async def outcome(research: RemoteAgent, query: ResearchQuery) -> LexrayError:
    """Return the error of one call, once the agent is there."""
    async with asyncio.timeout(120):
        while True:
            try:
                await research.ask("research", HOP, query, parts=2)
            except AgentUnavailableError:
                await asyncio.sleep(0.2)
            except LexrayError as error:
                return error


async def test_a_killed_agent_comes_back_with_its_circuit_open(broken_fleet: Fleet) -> None:
    research = broken_fleet.port("research")
    for _ in range(2):
        assert isinstance(await outcome(research, QUERY), StepFailedError)
    assert isinstance(await outcome(research, QUERY), BreakerOpenError)
    pid = (await research.health())["pid"]

    os.kill(pid, signal.SIGKILL)

    assert isinstance(await outcome(research, QUERY), BreakerOpenError)
    assert (await broken_fleet.port("monitor").call("stats"))["breakers"] == {"research": "open"}
