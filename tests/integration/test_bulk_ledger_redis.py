"""The ledger in Redis does what the one in SQLite does, and tells a Redis that is away from one that is wrong."""

from collections.abc import Iterator

import pytest

from actors.errors import AgentUnavailableError, InvalidInputError
from cluster.bulk.ledger import Ledger
from cluster.bulk.ledger_redis import RedisLedger
from tests.integration.redis_server import RedisServer
from tests.unit.bulk_ledger_cases import LedgerCases, claimed, registered


class TestRedisLedger(LedgerCases):
    @pytest.fixture
    def ledger(self, redis_server: RedisServer) -> Iterator[Ledger]:
        ledger = RedisLedger(redis_server.url, "run-1")
        yield ledger
        ledger.close()


def test_runs_that_share_a_redis_do_not_see_each_other(redis_server: RedisServer) -> None:
    first, second = (RedisLedger(redis_server.url, run) for run in ("run-1", "run-2"))
    registered(first, "a")
    assert second.find("a") is None
    assert second.counts()["waiting"] == 0
    first.close()
    second.close()


def test_a_redis_that_does_not_answer_may_be_asked_again(redis_server: RedisServer) -> None:
    ledger = RedisLedger(redis_server.url, "run-1", timeout_s=0.2)
    registered(ledger, "a")
    claim = claimed(ledger, "a")
    with redis_server.frozen(), pytest.raises(AgentUnavailableError):
        ledger.commit(claim, "a/document.md")
    assert ledger.commit(claim, "a/document.md")
    assert ledger.counts()["done"] == 1
    ledger.close()


def test_an_address_that_is_none_of_redis_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="not one of Redis"):
        RedisLedger("http://127.0.0.1", "run-1")
