"""The legal search cache: memory, lives, leases, tiers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from actors.cache import LegalSearchCache
from actors.cache_entry import CacheReply, Computed, encode_packet
from actors.cache_key import EVERYTHING, Scope
from actors.cache_tiers import NearHit, NearProvenance, SharedStats, SharedValue
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import (
    AgentUnavailableError,
    DeadlineExceededError,
    InvalidInputError,
    SearchUnavailableError,
)
from tests.unit.research_samples import EMPTY, KEY, OTHER_KEY, PACKET, QUERY, Clock

DOWN = SearchUnavailableError("the index is away")
NEAR = NearProvenance(
    matched_query="the words of before",
    cosine=0.9,
    weakest_word=0.6,
    guards=("place",),
    age_s=1,
    embedder="e",
)


@dataclass
class Computation:
    """Counts its runs and plays its script, the last line again and again."""

    script: list[Computed | BaseException] = field(default_factory=lambda: [Computed(packet=PACKET)])
    takes_s: float = 0.0
    runs: int = 0

    async def __call__(self) -> Computed:
        line = self.script[min(self.runs, len(self.script) - 1)]
        self.runs += 1
        await asyncio.sleep(self.takes_s)
        if isinstance(line, BaseException):
            raise line
        return line


@dataclass
class SharedFake:
    """A shared tier in a dictionary."""

    values: dict[str, SharedValue] = field(default_factory=dict)
    reads: int = 0
    takes_s: float = 0.0
    released: list[str] = field(default_factory=list)

    async def get(self, key: str) -> SharedValue | None:
        self.reads += 1
        await asyncio.sleep(self.takes_s)
        return self.values.get(key)

    async def put(self, key: str, value: bytes, ttl_s: float, *, overwrite: bool = False) -> bool:
        self.values[key] = SharedValue(value, ttl_s)
        return True

    async def release(self, key: str) -> None:
        self.released.append(key)

    async def discard(self, key: str) -> None:
        del self.values[key]

    async def clear(self, scope: Scope) -> int:
        found = [key for key in self.values if scope.covers(key)]
        for key in found:
            del self.values[key]
        return len(found)

    async def close(self) -> None:
        pass

    def stats(self) -> SharedStats:
        return SharedStats(errors=7)


@dataclass
class NearFake:
    """A near tier that finds the key that it is told to."""

    found: str | BaseException | None = None
    asked: list[tuple[ResearchQuery, str]] = field(default_factory=list)
    learned: list[str] = field(default_factory=list)

    async def find(self, key: str, query: ResearchQuery, tenant: str) -> NearHit | None:
        self.asked.append((query, tenant))
        if isinstance(self.found, BaseException):
            raise self.found
        return None if self.found is None else NearHit(self.found, NEAR)

    async def learn(self, key: str, packet: ResearchPacket) -> None:
        self.learned.append(key)

    def forget(self, key: str) -> None:
        self.found = None

    def clear(self, scope: Scope) -> None:
        self.learned = [key for key in self.learned if not scope.covers(key)]


async def together(count: int, call: Callable[[], Awaitable[CacheReply]]) -> list[CacheReply | BaseException]:
    return await asyncio.gather(*(call() for _ in range(count)), return_exceptions=True)


# The face for any JSON value.


def test_what_was_set_is_got_for_the_same_question_in_other_case_and_spacing() -> None:
    cache = LegalSearchCache()
    cache.set("Non-compete  clauses", "US-CA", "2026-01", {"rules": ["16600"]})

    assert cache.get("non-compete clauses", "US-CA", "2026-01") == {"rules": ["16600"]}


def test_another_jurisdiction_or_version_is_another_question() -> None:
    cache = LegalSearchCache()
    cache.set("non-compete", "US-CA", "2026-01", [1])

    assert cache.get("non-compete", "US-NY", "2026-01") is None
    assert cache.get("non-compete", "US-CA", "2026-02") is None


def test_a_caller_cannot_change_what_is_stored() -> None:
    cache = LegalSearchCache()
    given: list[Any] = ["a"]
    cache.set("q", "US-CA", "v", given)
    given.append("b")
    got = cache.get("q", "US-CA", "v")
    assert isinstance(got, list)
    got.append("c")

    assert cache.get("q", "US-CA", "v") == ["a"]


def test_a_packet_comes_back_as_a_packet() -> None:
    cache = LegalSearchCache()
    cache.set("q", "US-CA", "v", PACKET)

    assert cache.get("q", "US-CA", "v") == PACKET


@pytest.mark.parametrize(
    "result",
    [None, ValueError("no"), object(), {1: 2}, float("nan"), {"a": [float("inf")]}, "\ud800"],
)
def test_what_is_no_json_value_is_refused(result: Any) -> None:
    cache = LegalSearchCache()

    with pytest.raises(InvalidInputError, match="result"):
        cache.set("q", "US-CA", "v", result)
    assert cache.get_stats()["total_entries"] == 0


def test_a_degraded_result_is_not_kept() -> None:
    cache = LegalSearchCache()
    cache.set("q", "US-CA", "v", ["partial"], degraded=True)

    assert cache.get("q", "US-CA", "v") is None


def test_a_life_ends_on_time_however_often_it_was_read() -> None:
    clock = Clock()
    cache = LegalSearchCache(ttl_seconds=300, clock=clock)
    cache.set("q", "US-CA", "v", [1])
    for clock.now_s in (100, 200, 299.9):
        assert cache.get("q", "US-CA", "v") == [1]
    clock.now_s = 300

    assert cache.get("q", "US-CA", "v") is None


@pytest.mark.parametrize("nothing", [[], {}, "", EMPTY])
def test_an_answer_that_found_nothing_lives_for_a_short_time(nothing: Any) -> None:
    clock = Clock()
    cache = LegalSearchCache(clock=clock)
    cache.set("q", "US-CA", "v", nothing)
    clock.now_s = 89
    assert cache.get("q", "US-CA", "v") == nothing
    clock.now_s = 91

    assert cache.get("q", "US-CA", "v") is None


def test_zero_seconds_to_live_stores_nothing() -> None:
    cache = LegalSearchCache(ttl_seconds=0)
    cache.set("q", "US-CA", "v", [1])

    assert cache.get("q", "US-CA", "v") is None


def test_a_negative_life_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="ttl_seconds"):
        LegalSearchCache(ttl_seconds=-1)


def test_statistics_tell_active_from_expired_and_hits_from_misses() -> None:
    clock = Clock()
    cache = LegalSearchCache(ttl_seconds=100, clock=clock)
    cache.set("old", "US-CA", "v", [1])
    clock.now_s = 60
    cache.set("new", "US-CA", "v", [1])
    clock.now_s = 120
    cache.get("new", "US-CA", "v")
    cache.get("unknown", "US-CA", "v")

    stats = cache.get_stats()

    assert (stats["total_entries"], stats["active_entries"], stats["expired_entries"]) == (2, 1, 1)
    assert (stats["ttl_seconds"], stats["hits"], stats["misses"]) == (100, 1, 1)


def test_clear_empties_the_memory() -> None:
    cache = LegalSearchCache()
    cache.set("q", "US-CA", "v", [1])
    cache.clear()

    assert cache.get("q", "US-CA", "v") is None
    assert cache.get_stats()["bytes"] == 0


def test_the_bytes_are_bounded_and_the_least_recently_read_leaves_first() -> None:
    cache = LegalSearchCache(max_bytes=4_000)
    for name in ("a", "b", "c"):
        cache.set(name, "US-CA", "v", name * 1_000)
    cache.get("a", "US-CA", "v")
    cache.set("d", "US-CA", "v", "d" * 1_000)

    kept = [name for name in "abcd" if cache.get(name, "US-CA", "v") is not None]

    assert kept == ["a", "c", "d"]
    assert cache.get_stats()["bytes"] <= 4_000
    assert cache.get_stats()["evictions"] == 1


def test_a_value_larger_than_the_memory_pushes_nothing_out() -> None:
    cache = LegalSearchCache(max_bytes=2_000)
    cache.set("small", "US-CA", "v", [1])
    cache.set("large", "US-CA", "v", "x" * 3_000)

    assert cache.get("small", "US-CA", "v") == [1]
    assert cache.get("large", "US-CA", "v") is None


def test_setting_a_question_again_replaces_the_value_and_counts_its_bytes_once() -> None:
    cache = LegalSearchCache()
    cache.set("q", "US-CA", "v", [1])
    before = cache.get_stats()["bytes"]
    cache.set("q", "US-CA", "v", [2])

    assert cache.get("q", "US-CA", "v") == [2]
    assert cache.get_stats()["bytes"] == before


# Computing once.


async def test_a_missing_packet_is_computed_and_then_found() -> None:
    cache, compute = LegalSearchCache(), Computation()

    first = await cache.lookup_or_compute(KEY, compute)
    second = await cache.lookup_or_compute(KEY, compute)

    assert (first.source, second.source, second.tier) == ("miss", "exact", "memory")
    assert first.packet == second.packet == PACKET
    assert compute.runs == 1


async def test_a_hundred_simultaneous_askers_share_one_computation() -> None:
    cache, compute = LegalSearchCache(), Computation(takes_s=2)

    replies = await together(100, lambda: cache.lookup_or_compute(KEY, compute))

    assert compute.runs == 1
    assert [reply.packet for reply in replies if isinstance(reply, CacheReply)] == [PACKET] * 100
    stats = cache.get_stats()
    assert (stats["misses"], stats["joins"], stats["hits"]) == (1, 99, 0)


async def test_different_questions_do_not_wait_for_each_other() -> None:
    cache, compute = LegalSearchCache(), Computation(takes_s=2)
    started_s = asyncio.get_running_loop().time()

    await asyncio.gather(*(cache.lookup_or_compute(f"key-{n}", compute) for n in range(5)))

    assert asyncio.get_running_loop().time() - started_s == 2
    assert compute.runs == 5


async def test_all_who_wait_get_the_failure_and_it_is_not_remembered() -> None:
    cache = LegalSearchCache()
    compute = Computation([DOWN, Computed(packet=PACKET)], takes_s=1)

    replies = await together(3, lambda: cache.lookup_or_compute(KEY, compute))

    assert replies == [DOWN] * 3
    assert (await cache.lookup_or_compute(KEY, compute)).source == "miss"
    assert compute.runs == 2


@pytest.mark.parametrize("own", [DeadlineExceededError("research", 1.0), KeyError("a bug")])
async def test_a_failure_that_is_the_holders_own_passes_the_work_on(own: Exception) -> None:
    cache = LegalSearchCache()
    compute = Computation([own, Computed(packet=PACKET)], takes_s=1)

    replies = await together(3, lambda: cache.lookup_or_compute(KEY, compute))

    assert replies[0] is own
    assert [reply.source for reply in replies[1:] if isinstance(reply, CacheReply)] == ["miss", "exact"]


async def test_cancelling_the_one_who_computes_passes_the_work_on() -> None:
    cache, compute = LegalSearchCache(), Computation(takes_s=5)
    first, second, third = (asyncio.create_task(cache.lookup_or_compute(KEY, compute)) for _ in range(3))
    await asyncio.sleep(1)
    first.cancel()

    replies = await asyncio.gather(first, second, third, return_exceptions=True)

    assert isinstance(replies[0], asyncio.CancelledError)
    assert [reply.source for reply in replies[1:] if isinstance(reply, CacheReply)] == ["miss", "exact"]


async def test_cancelling_one_who_waits_leaves_the_others_alone() -> None:
    cache, compute = LegalSearchCache(), Computation(takes_s=5)
    first, second, third = (asyncio.create_task(cache.lookup_or_compute(KEY, compute)) for _ in range(3))
    await asyncio.sleep(1)
    second.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)

    assert compute.runs == 1
    assert third.result().packet == PACKET


async def test_a_heir_cancelled_in_the_tick_of_its_inheritance_passes_it_on() -> None:
    cache = LegalSearchCache()
    token = (await cache.lookup(KEY)).token
    heir, next_heir = (asyncio.create_task(cache.lookup(KEY)) for _ in range(2))
    await asyncio.sleep(0)
    await cache.abandon(KEY, token or "")
    heir.cancel()
    started_s = asyncio.get_running_loop().time()

    reply = await next_heir

    assert reply.source == "miss"
    assert asyncio.get_running_loop().time() == started_s


async def test_a_degraded_packet_is_shared_with_those_who_wait_and_not_stored() -> None:
    cache = LegalSearchCache()
    compute = Computation([Computed(packet=PACKET, degraded=True), Computed(packet=PACKET)], takes_s=1)

    replies = await together(2, lambda: cache.lookup_or_compute(KEY, compute))
    later = await cache.lookup_or_compute(KEY, compute)

    assert [reply.degraded for reply in replies if isinstance(reply, CacheReply)] == [True, True]
    assert (later.source, later.degraded) == ("miss", False)


async def test_an_empty_packet_is_asked_for_again_after_a_short_time() -> None:
    clock = Clock()
    cache, compute = LegalSearchCache(clock=clock), Computation([Computed(packet=EMPTY)])
    await cache.lookup_or_compute(KEY, compute)
    clock.now_s = 100
    await cache.lookup_or_compute(KEY, compute)

    assert compute.runs == 2


# Leases across processes.


async def test_the_first_asker_gets_a_lease_and_the_others_what_it_hands_in() -> None:
    cache = LegalSearchCache()
    lease = await cache.lookup(KEY)
    others = [asyncio.create_task(cache.lookup(KEY)) for _ in range(3)]
    await asyncio.sleep(1)

    assert lease.source == "miss"
    assert lease.token is not None
    assert await cache.fulfil(KEY, lease.token, PACKET)
    assert [(reply.tier, reply.packet) for reply in await asyncio.gather(*others)] == [("flight", PACKET)] * 3


async def test_a_killed_leaseholder_delays_the_others_by_one_lease() -> None:
    cache = LegalSearchCache(lease_s=30)
    await cache.lookup(KEY)
    started_s = asyncio.get_running_loop().time()

    heir = await cache.lookup(KEY)

    assert heir.token is not None
    assert asyncio.get_running_loop().time() - started_s == 30


async def test_a_killed_heir_delays_the_next_by_one_more_lease() -> None:
    cache = LegalSearchCache(lease_s=30)
    await cache.lookup(KEY)
    started_s = asyncio.get_running_loop().time()
    await asyncio.gather(cache.lookup(KEY), cache.lookup(KEY))

    assert asyncio.get_running_loop().time() - started_s == 60


async def test_a_packet_under_a_lease_that_passed_on_is_not_taken() -> None:
    cache = LegalSearchCache()
    late = await cache.lookup(KEY)
    heir = await cache.lookup(KEY)

    assert not await cache.fulfil(KEY, late.token or "", EMPTY)
    assert await cache.fulfil(KEY, heir.token or "", PACKET)
    assert (await cache.lookup(KEY)).packet == PACKET
    assert cache.get_stats()["late_results"] == 1


async def test_a_slow_holder_for_whom_nobody_waited_may_still_hand_in() -> None:
    cache = LegalSearchCache(lease_s=30)
    lease = await cache.lookup(KEY)
    await asyncio.sleep(100)

    assert await cache.fulfil(KEY, lease.token or "", PACKET)


async def test_after_a_silent_lease_the_next_asker_need_not_wait() -> None:
    cache = LegalSearchCache(lease_s=30)
    await cache.lookup(KEY)
    await asyncio.sleep(100)
    started_s = asyncio.get_running_loop().time()

    assert (await cache.lookup(KEY)).source == "miss"
    assert asyncio.get_running_loop().time() == started_s


async def test_leases_of_killed_holders_do_not_pile_up() -> None:
    cache = LegalSearchCache(lease_s=30)
    for n in range(50):
        await cache.lookup(f"key-{n}")
    await asyncio.sleep(1000)

    assert len(cache._leases) == 0


@pytest.mark.parametrize("token", ["", "made-up"])
async def test_a_made_up_token_settles_nothing(token: str) -> None:
    cache = LegalSearchCache()
    await cache.lookup(KEY)

    assert not await cache.fulfil(KEY, token, PACKET)
    assert not await cache.abandon(KEY, token)
    assert not await cache.abandon("never looked up", token, DOWN)
    assert cache.get_stats()["total_entries"] == 0


async def test_an_abandoned_error_reaches_those_who_wait() -> None:
    cache = LegalSearchCache()
    lease = await cache.lookup(KEY)
    waiting = asyncio.create_task(cache.lookup(KEY))
    await asyncio.sleep(1)
    await cache.abandon(KEY, lease.token or "", AgentUnavailableError("research", "gone"))

    with pytest.raises(AgentUnavailableError):
        await waiting


# Tiers.


async def test_what_one_cache_computed_another_finds_in_the_shared_tier() -> None:
    shared, compute = SharedFake(), Computation()
    await LegalSearchCache(shared=shared).lookup_or_compute(KEY, compute)

    reply = await LegalSearchCache(shared=shared).lookup_or_compute(KEY, compute)

    assert (reply.source, reply.tier, reply.packet) == ("exact", "redis", PACKET)
    assert compute.runs == 1


async def test_a_value_from_the_shared_tier_keeps_the_life_that_it_has_left() -> None:
    clock = Clock()
    shared = SharedFake({KEY: SharedValue(encode_packet(KEY, PACKET), 10.0)})
    cache = LegalSearchCache(shared=shared, clock=clock)
    await cache.lookup(KEY)
    shared.values.clear()
    clock.now_s = 9
    assert (await cache.lookup(KEY)).tier == "memory"
    clock.now_s = 10

    assert (await cache.lookup(KEY)).source == "miss"


async def test_simultaneous_askers_read_the_shared_tier_once() -> None:
    shared = SharedFake({KEY: SharedValue(encode_packet(KEY, PACKET), 10.0)}, takes_s=1)
    cache = LegalSearchCache(shared=shared)

    replies = await together(20, lambda: cache.lookup(KEY))

    assert shared.reads == 1
    assert all(isinstance(reply, CacheReply) and reply.packet == PACKET for reply in replies)


async def test_an_asker_cancelled_in_the_shared_tier_keeps_nobody_waiting() -> None:
    shared = SharedFake(takes_s=5)
    cache = LegalSearchCache(shared=shared)
    first, second = (asyncio.create_task(cache.lookup(KEY)) for _ in range(2))
    await asyncio.sleep(1)
    first.cancel()

    assert (await second).source == "miss"
    assert asyncio.get_running_loop().time() < 30


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x80\x04cposix\nsystem\n.",
        b"{}",
        b'{"schema_version":3,"key":"',
        b'{"schema_version":3,"key":"KEY","result":[1]}'.replace(b"KEY", KEY.encode()),
        encode_packet("another key", PACKET),
        encode_packet(KEY, PACKET).replace(b'"schema_version":3', b'"schema_version":1'),
        encode_packet(KEY, PACKET)[:-20],
        encode_packet(KEY, PACKET).replace(b'"hits"', b'"tips"'),
    ],
)
async def test_a_corrupt_foreign_or_older_value_is_a_miss_and_is_replaced(raw: bytes) -> None:
    shared, compute = SharedFake({KEY: SharedValue(raw, 10.0)}), Computation()
    cache = LegalSearchCache(shared=shared)

    reply = await cache.lookup_or_compute(KEY, compute)

    assert (reply.source, reply.packet) == ("miss", PACKET)
    assert shared.values[KEY].value == encode_packet(KEY, PACKET)
    assert cache.get_stats()["redis_corrupt"] == 1


async def test_words_of_a_question_are_not_stored_and_come_back_with_the_question() -> None:
    asked = QUERY.model_copy(update={"words": "Ada Lovelace"})
    packet = PACKET.model_copy(update={"query": asked})
    shared = SharedFake()
    cache = LegalSearchCache(shared=shared)
    await cache.lookup_or_compute(KEY, Computation([Computed(packet=packet)]), asked)

    again = asked.model_copy(update={"words": "ada  lovelace"})

    assert (await cache.lookup(KEY, again)).packet == packet.model_copy(update={"query": again})
    assert b"lovelace" not in shared.values[KEY].value.lower()


async def test_the_near_tier_is_asked_last_and_only_for_a_known_question() -> None:
    near = NearFake(found=OTHER_KEY)
    cache, compute = LegalSearchCache(near=near), Computation()
    await cache.prewarm([(OTHER_KEY, PACKET)])

    assert (await cache.lookup_or_compute("without a question", compute)).source == "miss"
    assert near.asked == []
    assert (await cache.lookup("with", QUERY, "acme")).source == "near"
    assert (near.asked, compute.runs) == ([(QUERY, "acme")], 1)


async def test_a_near_answer_says_which_question_it_was_given_for() -> None:
    cache = LegalSearchCache(near=NearFake(found=OTHER_KEY))
    await cache.prewarm([(OTHER_KEY, PACKET)])

    reply = await cache.lookup(KEY, QUERY.model_copy(update={"words": "other words"}))

    assert reply.near == NEAR
    assert reply.packet is not None
    assert reply.packet.query.words == NEAR.matched_query


async def test_a_near_question_whose_answer_has_ended_is_forgotten() -> None:
    near = NearFake(found=OTHER_KEY)

    assert (await LegalSearchCache(near=near).lookup(KEY, QUERY)).source == "miss"
    assert near.found is None


async def test_a_near_tier_that_fails_is_a_miss() -> None:
    cache, compute = LegalSearchCache(near=NearFake(found=RuntimeError("no model"))), Computation()

    assert (await cache.lookup_or_compute(KEY, compute, QUERY)).source == "miss"
    assert cache.get_stats()["near_errors"] == 1


async def test_the_near_tier_learns_complete_packets_only() -> None:
    near = NearFake()
    cache = LegalSearchCache(near=near)
    await cache.lookup_or_compute("a", Computation())
    await cache.lookup_or_compute("b", Computation([Computed(packet=EMPTY, degraded=True)]))

    assert near.learned == ["a"]


async def test_prewarmed_answers_are_found_and_count_for_nothing() -> None:
    cache = LegalSearchCache()

    assert await cache.prewarm([(KEY, PACKET)]) == 1
    assert (cache.get_stats()["hits"], cache.get_stats()["misses"]) == (0, 0)
    assert (await cache.lookup(KEY)).source == "exact"


async def test_clear_everywhere_empties_the_shared_tier_too() -> None:
    shared = SharedFake()
    cache = LegalSearchCache(shared=shared)
    await cache.prewarm([(KEY, PACKET)])

    assert await cache.clear_everywhere() == 1
    assert (await cache.lookup(KEY)).source == "miss"


def test_statistics_pass_on_the_faults_of_the_shared_tier() -> None:
    assert LegalSearchCache(shared=SharedFake()).get_stats()["redis_errors"] == 7


# Lives.


@pytest.mark.parametrize(("share", "life_s"), [(0.9, 90.0), (1.0, 100.0), (1.1, 110.0)])
async def test_the_life_of_a_packet_is_varied_alike_in_every_tier(share: float, life_s: float) -> None:
    clock, shared = Clock(), SharedFake()
    drawn: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        drawn.append((low, high))
        return share

    cache = LegalSearchCache(100, shared=shared, clock=clock, uniform=uniform)
    await cache.prewarm([(KEY, PACKET)])
    assert drawn == [(0.9, 1.1)]
    assert shared.values.pop(KEY).ttl_left_s == pytest.approx(life_s)
    clock.now_s = life_s - 0.01
    assert (await cache.lookup(KEY)).tier == "memory"
    clock.now_s = life_s + 0.01

    assert (await cache.lookup(KEY)).source == "miss"


async def test_a_reply_tells_the_life_that_is_left() -> None:
    clock = Clock()
    cache = LegalSearchCache(100, jitter=0, clock=clock)
    await cache.prewarm([(KEY, PACKET)])
    clock.now_s = 30

    assert (await cache.lookup(KEY)).ttl_left_s == 70


# Clearing.


async def test_clear_drops_what_its_scope_covers_and_nothing_else() -> None:
    cache = LegalSearchCache()
    await cache.prewarm([(KEY, PACKET), (OTHER_KEY, PACKET)])
    cache.clear(Scope(version="c1"))

    assert (await cache.lookup(OTHER_KEY)).source == "exact"
    assert (await cache.lookup(KEY)).source == "miss"


async def test_every_clear_begins_a_generation() -> None:
    cache = LegalSearchCache()
    await cache.prewarm([(KEY, PACKET)])
    before = (await cache.lookup(KEY)).generation
    cache.clear(Scope(version="another"))

    assert (await cache.lookup(KEY)).generation == before + 1


async def test_the_near_tier_forgets_what_a_clear_covers() -> None:
    near = NearFake()
    cache = LegalSearchCache(near=near)
    await cache.prewarm([(KEY, PACKET), (OTHER_KEY, PACKET)])
    cache.clear(Scope(key=KEY))

    assert near.learned == [OTHER_KEY]


# Computations that other caches wait for.


@pytest.mark.parametrize("error", [None, DOWN])
async def test_a_computation_that_is_given_up_is_given_up_in_the_shared_tier(
    error: SearchUnavailableError | None,
) -> None:
    shared = SharedFake()
    cache = LegalSearchCache(shared=shared)
    lease = await cache.lookup(KEY)
    await cache.abandon(KEY, lease.token or "", error)

    assert shared.released == [KEY]


async def test_a_computation_that_passes_to_another_asker_here_keeps_other_caches_waiting() -> None:
    shared = SharedFake()
    cache = LegalSearchCache(shared=shared)
    lease = await cache.lookup(KEY)
    heir = asyncio.create_task(cache.lookup(KEY))
    await asyncio.sleep(0)
    await cache.abandon(KEY, lease.token or "")
    assert (await heir).token

    assert shared.released == []


async def test_a_degraded_packet_frees_the_other_caches() -> None:
    shared = SharedFake()
    cache = LegalSearchCache(shared=shared)
    lease = await cache.lookup(KEY)
    await cache.fulfil(KEY, lease.token or "", PACKET, degraded=True)

    assert (shared.released, shared.values) == ([KEY], {})


async def test_a_corrupt_shared_value_is_deleted() -> None:
    shared = SharedFake({KEY: SharedValue(b"{}", 10.0)})
    await LegalSearchCache(shared=shared).lookup(KEY)

    assert shared.values == {}


async def test_clear_everywhere_passes_its_scope_on() -> None:
    shared = SharedFake()
    cache = LegalSearchCache(shared=shared)
    await cache.prewarm([(KEY, PACKET), (OTHER_KEY, PACKET)])

    assert await cache.clear_everywhere(Scope(key=KEY)) == 1
    assert set(shared.values) == {OTHER_KEY}
    assert await cache.clear_everywhere(EVERYTHING) == 1


async def test_a_near_answer_frees_the_other_caches() -> None:
    shared = SharedFake()
    cache = LegalSearchCache(shared=shared, near=NearFake(found=OTHER_KEY))
    await cache.prewarm([(OTHER_KEY, PACKET)])
    assert (await cache.lookup(KEY, QUERY)).source == "near"

    assert shared.released == [KEY]
