"""A drafting agent that dies while models write: the sections that were whole stay, the others come again."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.domain.assembly import body_of
from actors.draft_reader import follow
from actors.live_reader import LiveReader
from actors.monitor import NullMetrics
from actors.remote import Fleet, spawn
from actors.report import ordered_sections
from cluster.fleet import fleet
from tests.integration.model_drafting import KEY, WORDING, Followed, asked, profiles, request, settings
from tests.provider.process import Provider, running_provider

PACE = {"first_token_s": 0.05, "total_s": 1.0, "events": 20}

pytestmark = pytest.mark.usefixtures("local_ray")


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider(seed=2, api_key=KEY) as running:
        profiles(running)
        yield running


@pytest.fixture
def agents(provider: Provider, tmp_path: Path) -> Iterator[Fleet]:
    running = Fleet(f"models-{tmp_path.name}")
    using = settings(provider, agents=("draft", "review"))
    for spec in fleet(using, tmp_path / "journal.sqlite", NullMetrics()):
        spawn(spec, running)
    yield running
    running.stop()


@pytest.mark.parametrize("victim", ["draft", "coordinator"])
async def test_a_killed_actor_costs_a_document_by_models_no_section(
    victim: str, agents: Fleet, provider: Provider
) -> None:
    provider.profile("writer", says="marked", pattern=WORDING, **PACE)
    pid = int((await agents.port(victim).health())["pid"])
    seen, killed = Followed(), False
    async for event in follow(agents.port("coordinator"), request(), LiveReader(agents.port("draft"))):
        seen.take(event)
        if not killed and event.type == "token" and event.attempt and event.section >= 4:
            os.kill(pid, signal.SIGKILL)
            killed = True
    assert killed
    report = seen.report
    assert report["status"] == "finished", report["degraded_steps"]
    sections = ordered_sections(seen.progress)
    assert [section.index for section in sections] == list(range(len(sections)))
    assert seen.texts == {section.index: section.markdown for section in sections}
    assert {section.writer for section in sections} == {"writer", "clause library"}
    assert body_of(sections)


async def test_words_of_a_model_reach_the_reader_before_their_section_is_complete(
    agents: Fleet, provider: Provider
) -> None:
    provider.profile("writer", says="marked", pattern=WORDING, **PACE)
    seen = Followed()
    async for event in follow(agents.port("coordinator"), request(), LiveReader(agents.port("draft"))):
        seen.take(event)
    kinds = [(event.type, getattr(event, "attempt", "")) for event in seen.events]
    first_live = next(at for at, (kind, attempt) in enumerate(kinds) if kind == "token" and attempt)
    drafted = next(
        at
        for at, event in enumerate(seen.events)
        if event.type == "section.drafted" and event.section.writer == "writer"
    )
    assert first_live < drafted
    assert seen.report["status"] == "finished", seen.report["degraded_steps"]


async def test_a_reader_who_leaves_ends_the_models_calls(agents: Fleet, provider: Provider) -> None:
    provider.profile("writer", says="section", first_token_s=0.01, total_s=600.0, tokens=2000)
    stream = follow(agents.port("coordinator"), request(), LiveReader(agents.port("draft")))
    async for event in stream:
        if event.type == "token" and event.attempt and event.offset:
            break
    await asked(provider, "writer", 4)
    await stream.aclose()
    await asyncio.to_thread(provider.wait, "left", 4, 30.0)
