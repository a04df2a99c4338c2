"""A draft's names, amounts and words reach the document and its journal, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

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
from tests.integration.redis_server import RedisServer
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
    settings = ray_settings.model_copy(update={"redis_url": SecretStr(redis_server.url)})
    made = Fleet(f"privacy-{tmp_path.name}")
    for spec in fleet(settings, None, NullMetrics()):
        spawn(spec, made)
    yield made
    made.stop()


def leaks(where: str, content: bytes) -> list[str]:
    return [f"{where} holds {canary!r}" for canary in CANARIES if canary.encode() in content]


async def test_names_amounts_and_words_stay_in_the_document(
    running: Fleet, redis_server: RedisServer
) -> None:
    request = DraftRequest(draft_id="privacy-0001", message=MESSAGE, as_of=TODAY)
    report = report_of(await drafted(running.port("coordinator"), request))
    assert all(canary in report["document"]["markdown"] for canary in CANARIES)

    found = leaks("the query", repr(report["research"]).encode())
    with redis.Redis.from_url(redis_server.url) as store:
        keys = list(store.scan_iter())
        assert keys
        for key in keys:
            found += leaks("a cache key", key) + leaks("a cached value", store.get(key) or b"")
    found += leaks("the monitor", repr(await running.port("monitor").call("stats")).encode())
    session = Path(ray._private.worker._global_node.get_session_dir_path())
    for file in (session / "logs").rglob("*"):
        if file.is_file():
            found += leaks(file.name, file.read_bytes())
    assert found == []
