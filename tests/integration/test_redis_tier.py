"""The shared tier against a real Redis: whatever happens to it, research gives a result."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from redis.asyncio import Redis

from actors.cache import LegalSearchCache
from actors.cache_entry import CacheReply, Computed, encode_packet
from actors.domain.authority import Authority, Hit, ResearchPacket, ResearchQuery
from actors.errors import AgentUnavailableError, InvalidInputError
from actors.redis_tier import PREFIX, RedisTier
from tests.integration.redis_server import RedisServer, free_port, stallable

DAY = dt.date(2026, 1, 31)
QUERY = ResearchQuery(
    task_type="nda_mutual", families=("nda",), issues=("residuals",), jurisdiction="US-DE", as_of=DAY
)
AUTHORITY = Authority(
    id="de-1",
    kind="clause_note",
    jurisdiction="US-DE",
    citation=None,
    applies_to=("nda",),
    statement="A residuals clause is a choice.",
    confidence="H",
    as_of=DAY,
)
PACKET = ResearchPacket(query=QUERY, hits=(Hit(authority=AUTHORITY, score=1.5),), corpus_version="c1")
PATIENT_S = 5.0
"""A time limit that a healthy server meets on the busiest machine."""


@dataclass
class Clock:
    """A clock that moves when told."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


async def compute() -> Computed:
    return Computed(packet=PACKET)


async def ask(tier: RedisTier, key: str = "key") -> CacheReply:
    """Ask a cache with an empty memory, so that only Redis can know."""
    async with asyncio.timeout(10):  # a guard against hanging, far from any limit of the tier
        reply = await LegalSearchCache(shared=tier).lookup_or_compute(key, compute)
    assert reply.packet == PACKET
    return reply


@pytest.fixture
async def client(redis_server: RedisServer) -> AsyncIterator[Any]:
    """Redis as anybody else sees it."""
    async with Redis.from_url(redis_server.url) as redis:
        yield redis


@pytest.fixture
async def tier(redis_server: RedisServer) -> AsyncIterator[RedisTier]:
    tier = RedisTier(redis_server.url, timeout_s=PATIENT_S)
    yield tier
    await tier.close()


async def test_what_one_cache_computed_another_finds(tier: RedisTier) -> None:
    assert (await ask(tier)).source == "miss"
    assert (await ask(tier)).tier == "redis"
    assert (tier.stats().hits, tier.stats().misses, tier.stats().errors) == (1, 1, 0)


async def test_values_are_json_under_our_prefix(tier: RedisTier, client: Any) -> None:
    await ask(tier)

    assert await client.keys() == [(PREFIX + "key").encode()]
    assert json.loads(await client.get(PREFIX + "key"))["key"] == "key"


async def test_lives_are_spread_by_ten_percent_at_most(tier: RedisTier, client: Any) -> None:
    for n in range(20):
        await tier.put(f"key-{n}", b"{}", 1000)

    lives_ms = [await client.pttl(f"{PREFIX}key-{n}") for n in range(20)]

    assert all(890_000 < life_ms <= 1_100_000 for life_ms in lives_ms)
    assert max(lives_ms) - min(lives_ms) > 10_000


async def test_reading_does_not_prolong_a_life(tier: RedisTier, client: Any) -> None:
    await ask(tier)
    await client.pexpire(PREFIX + "key", 50_000)
    await ask(tier)

    assert await client.pttl(PREFIX + "key") <= 50_000


async def test_the_life_left_in_redis_comes_with_the_value(tier: RedisTier, client: Any) -> None:
    await client.set(PREFIX + "key", b"value", px=50_000)

    found = await tier.get("key")

    assert found is not None
    assert found.value == b"value"
    assert 0 < found.ttl_left_s <= 50


async def test_a_value_without_an_end_is_not_trusted(tier: RedisTier, client: Any) -> None:
    await client.set(PREFIX + "key", encode_packet("key", PACKET))

    assert (await ask(tier)).source == "miss"
    assert await client.pttl(PREFIX + "key") > 0


@pytest.mark.parametrize("raw", [b"", b"\x80\x04\x95.", b"not json", encode_packet("another", PACKET)])
async def test_a_corrupt_value_is_computed_anew_and_replaced(
    tier: RedisTier, client: Any, raw: bytes
) -> None:
    await client.set(PREFIX + "key", raw, ex=100)

    assert (await ask(tier)).source == "miss"
    assert (await ask(tier)).tier == "redis"


async def test_a_key_of_the_wrong_type_is_computed_anew_and_replaced(tier: RedisTier, client: Any) -> None:
    await client.rpush(PREFIX + "key", b"a list")

    assert (await ask(tier)).source == "miss"
    assert (await ask(tier)).tier == "redis"
    assert tier.stats().errors == 1


async def test_unwelcome_answers_do_not_open_the_breaker(tier: RedisTier, client: Any) -> None:
    await client.rpush(PREFIX + "list", b"a list")
    for _ in range(5):
        assert await tier.get("list") is None
    await ask(tier)

    assert (await ask(tier)).tier == "redis"
    assert tier.stats().skipped == 0


async def test_a_full_redis_still_reads_and_drops_what_it_cannot_take(tier: RedisTier, client: Any) -> None:
    await ask(tier, "before")
    await client.config_set("maxmemory-policy", "noeviction")
    await client.config_set("maxmemory", "1")

    assert (await ask(tier, "after")).source == "miss"
    assert (await ask(tier, "after")).source == "miss"
    assert (await ask(tier, "before")).tier == "redis"
    assert tier.stats().dropped_writes == 2


async def test_a_wrong_password_is_a_miss(redis_server: RedisServer, client: Any) -> None:
    await client.config_set("requirepass", "secret")
    tier = RedisTier(redis_server.url.replace("//", "//:wrong@"), timeout_s=PATIENT_S)

    assert (await ask(tier)).source == "miss"
    assert (await ask(tier)).source == "miss"
    assert tier.stats().hits == 0
    await tier.close()


async def test_a_dead_redis_is_left_alone_after_three_failures() -> None:
    clock = Clock()
    tier = RedisTier(f"redis://127.0.0.1:{free_port()}/0", clock=clock)
    for _ in range(5):
        assert (await ask(tier)).source == "miss"

    assert (tier.stats().errors, tier.stats().skipped) == (3, 7)
    assert tier.stats().dropped_writes == 5


async def test_a_redis_that_was_restarted_is_used_again_after_the_rest(redis_server: RedisServer) -> None:
    clock = Clock()
    tier = RedisTier(redis_server.url, timeout_s=PATIENT_S, clock=clock)
    await ask(tier)
    redis_server.stop()
    for _ in range(3):
        assert (await ask(tier)).source == "miss"
    redis_server.start()

    assert (await ask(tier)).source == "miss"
    assert tier.stats().hits == 0
    clock.now_s = 5.1
    assert (await ask(tier)).source == "miss"
    assert (await ask(tier)).tier == "redis"
    await tier.close()


async def test_a_restart_between_two_questions_costs_a_miss_at_most(redis_server: RedisServer) -> None:
    tier = RedisTier(redis_server.url, timeout_s=PATIENT_S)
    await ask(tier)
    redis_server.stop()
    redis_server.start()
    await ask(tier)
    await ask(tier)

    assert (await ask(tier)).tier == "redis"
    await tier.close()


async def test_a_stalled_redis_costs_short_waits_and_then_none(redis_server: RedisServer) -> None:
    async with stallable(redis_server) as wire:
        tier = RedisTier(wire.url, clock=Clock())
        wire.stall()
        for _ in range(5):
            assert (await ask(tier)).source == "miss"

        assert (tier.stats().errors, tier.stats().skipped) == (3, 7)
        assert wire.connections == 3, "no call may be tried twice"
        await tier.close()


async def test_after_the_rest_one_call_probes_and_the_others_do_not_wait(redis_server: RedisServer) -> None:
    async with stallable(redis_server) as wire:
        clock = Clock()
        tier = RedisTier(wire.url, clock=clock)
        wire.stall()
        for _ in range(3):
            await tier.get("key")
        clock.now_s = 5.1
        await asyncio.gather(*(tier.get("key") for _ in range(10)))

        assert (tier.stats().errors, tier.stats().skipped) == (4, 9)
        await tier.close()


async def test_a_cancelled_probe_makes_room_for_the_next(redis_server: RedisServer) -> None:
    async with stallable(redis_server) as wire:
        clock = Clock()
        tier = RedisTier(wire.url, timeout_s=PATIENT_S, failures_to_open=1, clock=clock)
        redis_server.stop()
        await tier.get("key")
        redis_server.start()
        clock.now_s = 5.1
        wire.stall()
        probe = asyncio.create_task(tier.get("key"))
        await asyncio.sleep(0)
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        wire.resume()

        assert (await ask(tier)).source == "miss"
        assert (await ask(tier)).tier == "redis"
        await tier.close()


async def test_a_cancelled_question_does_not_leave_its_answer_to_the_next(
    redis_server: RedisServer, client: Any
) -> None:
    await client.set(PREFIX + "first", b"1", ex=100)
    await client.set(PREFIX + "second", b"2", ex=100)
    async with stallable(redis_server) as wire:
        tier = RedisTier(wire.url, timeout_s=PATIENT_S, max_in_flight=1)
        await tier.get("first")
        wire.stall()
        cancelled = asyncio.create_task(tier.get("first"))
        for _ in range(5):
            await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        wire.resume()
        found = await tier.get("second")

        assert found is not None
        assert found.value == b"2"
        await tier.close()


async def test_a_burst_does_not_open_a_connection_each(tier: RedisTier, client: Any) -> None:
    await asyncio.gather(*(ask(tier, f"key-{n}") for n in range(200)))

    assert tier.stats().errors == 0
    assert len(await client.client_list()) <= 17


async def test_clear_deletes_our_keys_and_no_others(tier: RedisTier, client: Any) -> None:
    await client.set("lexrayx", b"somebody's")
    await client.set("lexray:0:old", b"an older schema's")
    for n in range(1200):
        await client.set(f"{PREFIX}{n}", b"{}", ex=100)

    assert await LegalSearchCache(shared=tier).clear_everywhere() == 1200
    assert sorted(await client.keys()) == [b"lexray:0:old", b"lexrayx"]


async def test_a_clear_that_did_not_happen_is_an_error() -> None:
    tier = RedisTier(f"redis://127.0.0.1:{free_port()}/0")

    with pytest.raises(AgentUnavailableError, match="redis"):
        await tier.clear()


def test_a_url_of_something_else_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidInputError, match="redis_url") as refusal:
        RedisTier("http://user:hunter2@example.org")
    assert "hunter2" not in str(refusal.value)
