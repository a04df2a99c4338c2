"""Caches that share a Redis compute once, wait for each other a bounded time, and never for a dead one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from actors.cache import LegalSearchCache
from actors.cache_entry import Computed
from actors.redis_tier import LEASE_PREFIX, PREFIX, RedisTier
from tests.integration.redis_server import RedisServer
from tests.unit.research_samples import KEY, PACKET

PATIENT_S = 5.0
Connect = Callable[..., RedisTier]


@pytest.fixture
async def client(redis_server: RedisServer) -> AsyncIterator[Any]:
    """Redis as anybody else sees it."""
    async with Redis.from_url(redis_server.url) as redis:
        yield redis


@pytest.fixture
async def connect(redis_server: RedisServer) -> AsyncIterator[Connect]:
    """Make the tiers of several caches."""
    tiers: list[RedisTier] = []

    def one(**options: Any) -> RedisTier:
        patient = {"timeout_s": PATIENT_S, "slow_s": PATIENT_S, "wait_s": PATIENT_S}
        tiers.append(RedisTier(redis_server.url, **(patient | options)))
        return tiers[-1]

    yield one
    for tier in tiers:
        await tier.close()


async def expire(client: Any) -> None:
    """Let the holder's time run out."""
    assert await client.unlink(LEASE_PREFIX + KEY) == 1


async def test_who_asks_while_another_cache_computes_gets_its_value(connect: Connect) -> None:
    first, second = connect(), connect()
    assert await first.get(KEY) is None
    waiting = asyncio.create_task(second.get(KEY))
    while not second.stats().waits:
        await asyncio.sleep(0.001)
    assert await first.put(KEY, b"value", 100)

    found = await waiting
    assert found is not None
    assert found.value == b"value"
    assert (second.stats().hits, second.stats().waits) == (1, 1)


async def test_who_waited_long_enough_computes_and_the_holder_still_publishes(connect: Connect) -> None:
    holder, impatient = connect(), connect(wait_s=0.01)
    await holder.get(KEY)

    assert await impatient.get(KEY) is None
    assert not await impatient.put(KEY, b"second", 100)
    assert await holder.put(KEY, b"first", 100)
    found = await impatient.get(KEY)
    assert found is not None
    assert found.value == b"first"
    assert (impatient.stats().late_writes, impatient.stats().dropped_writes) == (1, 0)


async def test_a_holder_that_lost_its_lease_publishes_nothing(connect: Connect, client: Any) -> None:
    slow, heir = connect(), connect()
    await slow.get(KEY)
    await expire(client)
    assert await heir.get(KEY) is None
    assert not await slow.put(KEY, b"late", 100)
    assert await heir.put(KEY, b"heir's", 100)
    assert not await slow.put(KEY, b"late", 100)

    assert await client.get(PREFIX + KEY) == b"heir's"
    assert slow.stats().late_writes == 2


async def test_a_late_value_for_which_nobody_took_over_is_welcome(connect: Connect, client: Any) -> None:
    slow = connect()
    await slow.get(KEY)
    await expire(client)

    assert await slow.put(KEY, b"late", 100)
    assert await client.get(PREFIX + KEY) == b"late"


async def test_a_lease_ends_by_itself(connect: Connect, client: Any) -> None:
    await connect(lease_s=7).get(KEY)

    assert 0 < await client.pttl(LEASE_PREFIX + KEY) <= 7000


async def test_a_released_computation_goes_to_the_next_who_asks(connect: Connect, client: Any) -> None:
    first, second, third = connect(), connect(wait_s=0), connect(wait_s=0)
    await first.get(KEY)
    await second.release(KEY)
    assert await client.exists(LEASE_PREFIX + KEY), "only the holder may give it back"
    await first.release(KEY)
    await second.get(KEY)
    await third.get(KEY)

    assert not await third.put(KEY, b"third", 100)
    assert await second.put(KEY, b"second", 100)


async def test_asking_again_does_not_wait_for_oneself(connect: Connect) -> None:
    tier = connect()
    await tier.get(KEY)

    assert await tier.get(KEY) is None
    assert tier.stats().waits == 0


async def test_a_refreshed_value_replaces_what_is_there_whoever_holds_the_lease(
    connect: Connect, client: Any
) -> None:
    holder, refresher = connect(), connect()
    await holder.get(KEY)

    assert await refresher.put(KEY, b"new", 100, overwrite=True)
    assert await client.get(PREFIX + KEY) == b"new"


async def test_scripts_that_the_server_forgot_are_told_again(connect: Connect, client: Any) -> None:
    tier = connect()
    await tier.get(KEY)
    await client.script_flush()

    assert await tier.put(KEY, b"value", 100)
    assert await tier.get(KEY) is not None
    assert tier.stats().errors == 0


async def test_who_waits_while_redis_dies_computes(connect: Connect, redis_server: RedisServer) -> None:
    holder, waiter = connect(), connect()
    await holder.get(KEY)
    waiting = asyncio.create_task(waiter.get(KEY))
    while not waiter.stats().waits:
        await asyncio.sleep(0.001)
    redis_server.stop()

    async with asyncio.timeout(PATIENT_S):
        assert await waiting is None
    assert waiter.stats().errors == 1


async def test_four_caches_compute_once_and_all_answer(connect: Connect) -> None:
    caches = [LegalSearchCache(shared=connect()) for _ in range(4)]
    runs = 0

    async def compute() -> Computed:
        nonlocal runs
        runs += 1
        await asyncio.sleep(0.1)
        return Computed(packet=PACKET)

    asked = [cache.lookup_or_compute(KEY, compute) for cache in caches for _ in range(50)]
    replies = await asyncio.gather(*asked)

    assert runs == 1
    assert [reply.packet for reply in replies] == [PACKET] * 200
    assert sorted({reply.tier or "computed" for reply in replies}) == ["computed", "flight", "redis"]


async def test_a_computation_that_failed_is_tried_by_the_next_cache_at_once(connect: Connect) -> None:
    first, second = (LegalSearchCache(shared=connect()) for _ in range(2))

    async def fail() -> Computed:
        raise ValueError("a bug")

    async def compute() -> Computed:
        return Computed(packet=PACKET)

    with pytest.raises(ValueError, match="a bug"):
        await first.lookup_or_compute(KEY, fail)
    reply = await second.lookup_or_compute(KEY, compute)

    assert reply.source == "miss"
    assert second.get_stats()["redis_waits"] == 0
