"""`kill -9` of any actor in the middle of a draft still ends in the whole document."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actors.config import Settings
from actors.draft_reader import drafted, follow
from actors.events import AnyEvent
from actors.messages import DraftRequest
from actors.monitor import NullMetrics
from actors.progress import DraftProgress
from actors.remote import Fleet, RemoteAgent, spawn
from actors.report import report_of
from cluster.fleet import fleet
from cluster.inline import InlineFleet
from tests.chaos.slow_agents import SLOW
from tests.unit.scripted_agents import TODAY

pytestmark = pytest.mark.usefixtures("local_ray")

MESSAGE = (
    "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, effective January 5, 2027"
)

MOMENTS: dict[str, Callable[[AnyEvent], bool]] = {
    "intake": lambda event: event.type == "layer.started" and event.layer == "intake",
    "cache": lambda event: event.type == "layer.started" and event.layer == "research",
    "research": lambda event: event.type == "layer.started" and event.layer == "research",
    "draft": lambda event: event.type == "section.drafted" and event.section.index == 2,
    "review": lambda event: event.type == "section.drafted" and event.section.index == 2,
    "validation": lambda event: event.type == "layer.completed" and event.layer == "draft",
    "citations": lambda event: event.type == "layer.started" and event.layer == "citations",
    "coordinator": lambda event: event.type == "section.drafted" and event.section.index == 2,
    "monitor": lambda event: event.type == "section.drafted" and event.section.index == 2,
}
"""Which event shows that the victim is at work."""


@pytest.fixture
def slow_fleet(ray_settings: Settings, tmp_path: Path) -> Iterator[Fleet]:
    running = Fleet(f"chaos-{tmp_path.name}")
    for spec in fleet(ray_settings, tmp_path / "journal.sqlite", NullMetrics()):
        spawn(replace(spec, agent=SLOW.get(spec.agent, spec.agent)), running)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def quiet() -> dict[str, object]:
    """The document that nobody disturbed."""
    settings = Settings()
    progress = asyncio.run(drafted(InlineFleet(settings).port("coordinator"), request("quiet-run")))
    return dict(report_of(progress)["document"])


def request(name: str) -> DraftRequest:
    return DraftRequest(draft_id=name, message=MESSAGE, as_of=TODAY, budget_s=120.0)


async def pid_of(agent: RemoteAgent) -> int:
    return int((await agent.health())["pid"])


@pytest.mark.parametrize("victim", MOMENTS)
async def test_a_killed_actor_costs_no_document(
    victim: str, slow_fleet: Fleet, quiet: dict[str, object]
) -> None:
    pid = await pid_of(slow_fleet.port(victim))
    progress, killed = DraftProgress(), False
    async for event in follow(slow_fleet.port("coordinator"), request(f"kill-{victim}")):
        progress = progress.updated(event)
        if not killed and MOMENTS[victim](event):
            os.kill(pid, signal.SIGKILL)
            killed = True
    assert killed
    report = report_of(progress)
    assert report["status"] == "finished"
    assert report["document"] == quiet
