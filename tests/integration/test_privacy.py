"""A draft's names, amounts and words reach the document and its journal, and nothing else."""

import asyncio
import gc
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType, FunctionType, MethodType, ModuleType

import pytest
import ray
import redis
from pydantic import SecretStr

from actors.config import Settings
from actors.draft_reader import drafted
from actors.messages import DraftRequest
from actors.monitor import NullMetrics
from actors.remote import Fleet, spawn
from actors.report import report_of
from cluster.fleet import fleet
from cluster.inline import InlineFleet
from tests.integration.redis_server import RedisServer
from tests.integration.research_agents import HOP
from tests.unit.research_samples import QUERY
from tests.unit.scripted_agents import TODAY

CANARIES = ("Zanzibark Holdings", "Quuxley", "7,654,321", "Kestrelgate")
MESSAGE = (
    "Services agreement between Zanzibark Holdings, Inc. and Quuxley LLC under Delaware law for a total fee of "
    "$7,654,321, services: repainting of the Kestrelgate bridge"
)


@pytest.fixture
def running(
    local_ray: None, ray_settings: Settings, redis_server: RedisServer, tmp_path: Path
) -> Iterator[Fleet]:
    made = Fleet(f"privacy-{tmp_path.name}")
    for spec in fleet(with_redis(ray_settings, redis_server), None, NullMetrics()):
        spawn(spec, made)
    yield made
    made.stop()


def with_redis(settings: Settings, server: RedisServer) -> Settings:
    """Return settings with a Redis that may be as slow as the machine is busy."""
    return settings.model_copy(update={"redis_url": SecretStr(server.url), "redis_timeout_s": 10.0})


def leaks(where: str, content: bytes) -> list[str]:
    return [f"{where} holds {canary!r}" for canary in CANARIES if canary.encode() in content]


def leaks_of_redis(server: RedisServer) -> list[str]:
    """Look at every key and value; there must be some to look at."""
    with redis.Redis.from_url(server.url) as store:
        keys = list(store.scan_iter())
        assert keys
        everything = b"\n".join([*keys, *(store.get(key) or b"" for key in keys)])
    return leaks("Redis", everything)


NOT_HELD = (type, ModuleType, FunctionType, MethodType, FrameType, asyncio.AbstractEventLoop)


def held_by(thing: object) -> bytes:
    """Return all texts that an object holds, however deep."""
    seen: dict[int, object] = {}
    ahead = [thing]
    texts = []
    while ahead:
        one = ahead.pop()
        if id(one) in seen or isinstance(one, NOT_HELD):
            continue
        seen[id(one)] = one
        if isinstance(one, str):
            texts.append(one.encode(errors="replace"))
        elif isinstance(one, bytes):
            texts.append(one)
        else:
            ahead += gc.get_referents(one)
    return b"\n".join(texts)


class NotedMetrics:
    """Keeps every figure that it is given."""

    def __init__(self) -> None:
        self.noted: list[object] = []

    def inc(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        self.noted.append((name, dict(labels), amount))

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        self.noted.append((name, dict(labels), seconds))

    def gauge(self, name: str, labels: Mapping[str, str], value: float) -> None:
        self.noted.append((name, dict(labels), value))


async def test_names_amounts_and_words_stay_in_the_document(
    running: Fleet, redis_server: RedisServer
) -> None:
    request = DraftRequest(draft_id="privacy-0001", message=MESSAGE, as_of=TODAY)
    report = report_of(await drafted(running.port("coordinator"), request))
    assert all(canary in report["document"]["markdown"] for canary in CANARIES)

    found = leaks("the query", repr(report["research"]).encode())
    found += leaks_of_redis(redis_server)
    found += leaks("the monitor", repr(await running.port("monitor").call("stats")).encode())
    session = Path(ray._private.worker._global_node.get_session_dir_path())
    for file in (session / "logs").rglob("*"):
        if file.is_file():
            found += leaks(file.name, file.read_bytes())
    assert found == []


async def test_no_memory_of_the_caches_holds_a_name_an_amount_or_a_word(
    redis_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    metrics = NotedMetrics()
    settings = with_redis(Settings(home=tmp_path), redis_server)
    running = InlineFleet(settings)
    running._specs = {one.name: one for one in fleet(settings, tmp_path / "journal.sqlite", metrics)}
    request = DraftRequest(draft_id="privacy-0002", message=MESSAGE, as_of=TODAY)
    for draft_id in ("privacy-0002", "privacy-0003"):
        asked = request.model_copy(update={"draft_id": draft_id})
        report = report_of(await drafted(running.port("coordinator"), asked))
        assert all(canary in report["document"]["markdown"] for canary in CANARIES)
    assert report["cache"]["research"] == "exact"
    research, cache = (running.agent(name)._agent for name in ("research", "cache"))

    assert b"choice" in held_by(research), "the walk must reach what is held"
    assert b"schema_version" in held_by(cache)
    found = leaks("the research agent", held_by(research)) + leaks("the cache", held_by(cache))
    found += leaks_of_redis(redis_server)
    await running.port("cache").call("most_used", 10)  # which saves the counts
    found += leaks("the counts of uses", (tmp_path / "research_uses.json").read_bytes())
    assert metrics.noted
    found += leaks("the metrics", repr(metrics.noted).encode()) + leaks("the log", caplog.text.encode())
    assert found == []


async def test_the_words_of_a_search_reach_no_store_log_or_memory_of_the_agent(
    redis_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    running = InlineFleet(with_redis(Settings(home=tmp_path), redis_server), tmp_path / "journal.sqlite")
    words = "choice of law for " + ", ".join(CANARIES)
    for _ in range(2):
        query = QUERY.model_copy(update={"words": words})
        _, packet = await running.port("research").call("research", HOP, query)
        assert packet.query.words == words
    research = running.agent("research")._agent

    found = leaks("the research agent", held_by(research)) + leaks_of_redis(redis_server)
    await running.port("cache").call("most_used", 10)  # which saves the counts
    found += leaks("the counts of uses", (tmp_path / "research_uses.json").read_bytes())
    found += leaks("the log", caplog.text.encode())
    assert found == []
