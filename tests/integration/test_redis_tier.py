"""The shared tier against a real Redis: whatever happens to it, research gives a result."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from actors.cache import LegalSearchCache
from actors.cache_entry import CacheReply, Computed, encode_packet
from actors.cache_key import EVERYTHING, Scope, research_key
from actors.errors import AgentUnavailableError, InvalidInputError
from actors.redis_tier import PREFIX, RedisTier
from tests.integration.redis_server import RedisServer, free_port, stallable
from tests.unit.research_samples import PACKET, QUERY, Clock

PATIENT_S = 5.0
"""A time limit that a healthy server meets on the busiest machine."""


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
    await LegalSearchCache(1000, shared=tier).prewarm((f"key-{n}", PACKET) for n in range(20))

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
    assert tier.stats().errors == 0


async def test_unwelcome_answers_do_not_open_the_breaker(tier: RedisTier, client: Any) -> None:
    await client.config_set("maxmemory-policy", "noeviction")
    await client.config_set("maxmemory", "1")
    for _ in range(5):
        assert not await tier.put("refused", b"value", 10)
    await client.config_set("maxmemory", "0")
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


async def test_a_dead_redis_is_asked_once_in_a_breaker_period() -> None:
    clock = Clock()
    tier = RedisTier(f"redis://127.0.0.1:{free_port()}/0", clock=clock)
    for clock.now_s in (0, 1, 2, 3, 4.9):
        assert (await ask(tier)).source == "miss"
    assert (tier.stats().errors, tier.stats().skipped) == (1, 9)
    for clock.now_s in (5, 6, 9.9):
        assert (await ask(tier)).source == "miss"

    assert (tier.stats().errors, tier.stats().skipped) == (2, 14)
    assert tier.stats().dropped_writes == 8


async def test_a_redis_that_was_restarted_is_used_again_after_the_rest(redis_server: RedisServer) -> None:
    clock = Clock()
    tier = RedisTier(redis_server.url, timeout_s=PATIENT_S, clock=clock)
    await ask(tier)
    redis_server.stop()
    assert (await ask(tier)).source == "miss"
    redis_server.start()

    assert (await ask(tier)).source == "miss"
    assert tier.stats().hits == 0
    clock.now_s = 5.1
    assert (await ask(tier)).source == "miss"
    assert (await ask(tier)).tier == "redis"
    await tier.close()


async def test_a_restart_between_two_questions_costs_one_period_at_most(redis_server: RedisServer) -> None:
    clock = Clock()
    tier = RedisTier(redis_server.url, timeout_s=PATIENT_S, clock=clock)
    await ask(tier)
    redis_server.stop()
    redis_server.start()
    await ask(tier)
    clock.now_s = 5.1
    await ask(tier)

    assert (await ask(tier)).tier == "redis"
    await tier.close()


async def test_a_stalled_redis_costs_one_short_wait_in_a_breaker_period(redis_server: RedisServer) -> None:
    async with stallable(redis_server) as wire:
        clock = Clock()
        tier = RedisTier(wire.url, clock=clock)
        wire.stall()
        for clock.now_s in (0, 1, 4.9, 5, 6):
            assert (await ask(tier)).source == "miss"

        assert (tier.stats().errors, tier.stats().skipped) == (2, 8)
        assert wire.connections == 2, "no call may be tried twice"
        await tier.close()


async def test_a_server_process_that_is_stopped_in_its_tracks_delays_nobody_twice(
    redis_server: RedisServer,
) -> None:
    clock = Clock()
    tier = RedisTier(redis_server.url, timeout_s=PATIENT_S, clock=clock)
    await ask(tier)
    impatient = RedisTier(redis_server.url, clock=clock)
    with redis_server.frozen():
        for n in range(5):
            assert (await ask(impatient, f"key-{n}")).source == "miss"
    assert (impatient.stats().errors, impatient.stats().skipped) == (1, 9)

    assert (await ask(tier)).tier == "redis"
    await tier.close()
    await impatient.close()


async def test_a_redis_that_answers_slowly_is_used_twice_and_then_left_alone(
    redis_server: RedisServer,
) -> None:
    clock = Clock()
    async with stallable(redis_server, on_reply=lambda: clock.move(0.03)) as wire:
        tier = RedisTier(wire.url, timeout_s=PATIENT_S, slow_s=0.025, clock=clock)
        for n in range(4):
            assert (await ask(tier, f"key-{n}")).source == "miss"

        assert (tier.stats().errors, tier.stats().skipped) == (0, 6)
        await tier.close()


async def test_after_the_rest_one_call_probes_and_the_others_do_not_wait(redis_server: RedisServer) -> None:
    async with stallable(redis_server) as wire:
        clock = Clock()
        tier = RedisTier(wire.url, clock=clock)
        wire.stall()
        await tier.get("key")
        clock.now_s = 5.1
        await asyncio.gather(*(tier.get("key") for _ in range(10)))

        assert (tier.stats().errors, tier.stats().skipped) == (2, 9)
        await tier.close()


async def test_a_cancelled_probe_makes_room_for_the_next(redis_server: RedisServer) -> None:
    async with stallable(redis_server) as wire:
        clock = Clock()
        tier = RedisTier(wire.url, timeout_s=PATIENT_S, clock=clock)
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


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        (Scope(tenant="acme"), {"public c1", "public c2"}),
        (Scope(version="c2"), {"acme c1", "public c1"}),
        (Scope(tenant="public", version="c2"), {"acme c1", "acme c2", "public c1"}),
        (Scope(key=research_key(QUERY, "c1", "r1", "acme")), {"acme c2", "public c1", "public c2"}),
        (
            Scope(tenant="public", key=research_key(QUERY, "c1", "r1", "acme")),
            {"acme c1", "acme c2", "public c1", "public c2"},
        ),
    ],
    ids=str,
)
async def test_clear_reaches_a_tenant_a_version_or_one_key(
    tier: RedisTier, scope: Scope, left: set[str]
) -> None:
    names = [(tenant, version) for tenant in ("acme", "public") for version in ("c1", "c2")]
    keys = {f"{tenant} {version}": research_key(QUERY, version, "r1", tenant) for tenant, version in names}
    cache = LegalSearchCache(shared=tier)
    await cache.prewarm((key, PACKET) for key in keys.values())

    assert await cache.clear_everywhere(scope) == 4 - len(left)
    assert {name for name, key in keys.items() if (await cache.lookup(key)).packet} == left


async def test_a_clear_that_did_not_happen_is_an_error() -> None:
    tier = RedisTier(f"redis://127.0.0.1:{free_port()}/0")

    with pytest.raises(AgentUnavailableError, match="redis"):
        await tier.clear(EVERYTHING)


def test_a_url_of_something_else_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidInputError, match="redis_url") as refusal:
        RedisTier("http://user:hunter2@example.org")
    assert "hunter2" not in str(refusal.value)
