"""A thousand askers in four processes, one computation."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from actors.ports import ChildSpec, Neighbours
from actors.remote import Fleet, spawn
from tests.integration.redis_server import RedisServer

pytestmark = pytest.mark.usefixtures("local_ray")

PROCESSES, EACH = 4, 250
CACHE = ChildSpec(
    "cache",
    "actors.cache_agent:CacheAgent",
    lambda _: {"ttl_s": 3600.0, "max_bytes": 10_000_000, "redis_url": None},
    max_concurrency=8192,
)
Arguments = Callable[[Neighbours], Mapping[str, Any]]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(f"single-flight-{tmp_path.name}")
    yield made
    made.stop()


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    path = tmp_path / "marks"
    path.touch()
    return path


async def all_ask(fleet: Fleet, agent: str, arguments: Arguments) -> Counter[str]:
    """Start the askers, let them all ask at once, and count where their answers came from."""
    names = [f"asker-{n}" for n in range(PROCESSES)]
    for name in names:
        spec = ChildSpec(name, f"tests.integration.research_agents:{agent}", arguments, max_concurrency=1000)
        spawn(spec, fleet)
    async with asyncio.timeout(120):
        pids = {(await fleet.port(name).health())["pid"] for name in names}
        answers = await asyncio.gather(*(fleet.port(name).call("ask", EACH) for name in names))
    assert len(pids) == PROCESSES
    return Counter(source for told in answers for source in told)


@pytest.mark.parametrize("agent", ["SlowResearch", "BareAsker"])
async def test_a_thousand_askers_in_four_processes_share_one_computation(
    fleet: Fleet, marks: Path, agent: str
) -> None:
    spawn(CACHE, fleet)

    sources = await all_ask(fleet, agent, lambda n: {"cache": n.port("cache"), "marks": marks})

    assert len(marks.read_text(encoding="utf-8").splitlines()) == 1
    assert sources == {"miss": 1, "exact": PROCESSES * EACH - 1}


async def test_four_caches_that_share_a_redis_share_one_computation(
    fleet: Fleet, marks: Path, redis_server: RedisServer
) -> None:
    url = redis_server.url

    sources = await all_ask(fleet, "OwnCache", lambda _: {"redis_url": url, "marks": marks})

    assert len(marks.read_text(encoding="utf-8").splitlines()) == 1
    assert sources == {"miss": 1, "exact": PROCESSES * EACH - 1}
