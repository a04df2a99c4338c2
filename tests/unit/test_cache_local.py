"""The research agent's own memory, in front of the shared cache."""

import asyncio
from dataclasses import dataclass, field

import pytest

from actors.cache import LegalSearchCache
from actors.cache_entry import CacheReply
from actors.cache_local import LocalCache
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import AgentUnavailableError, SearchUnavailableError, StepFailedError
from tests.unit.research_samples import EMPTY, KEY, OTHER_KEY, PACKET, QUERY, Clock

SIZE = len(PACKET.model_dump_json())


@dataclass
class Counted(LegalSearchCache):
    """A shared cache that notes what reaches it, and may be away."""

    clock: Clock
    away: bool = False
    asked: list[int] = field(default_factory=list)
    """The `uses` of every look-up."""

    def __post_init__(self) -> None:
        super().__init__(100, jitter=0, clock=self.clock)

    async def lookup(
        self, key: str, query: ResearchQuery | None = None, tenant: str = "public", uses: int = 1
    ) -> CacheReply:
        if self.away:
            raise AgentUnavailableError("cache", "gone")
        self.asked.append(uses)
        return await super().lookup(key, query, tenant, uses)


def caches(life_s: float = 30, max_bytes: int = 1_000_000) -> tuple[LocalCache, Counted, Clock]:
    clock = Clock()
    shared = Counted(clock)
    return LocalCache(shared, life_s, max_bytes, clock=clock), shared, clock


async def learn(cache: LocalCache, key: str = KEY, packet: ResearchPacket = PACKET) -> None:
    lease = await cache.lookup(key, QUERY)
    assert lease.token is not None
    assert await cache.fulfil(key, lease.token, packet)


async def test_what_was_computed_here_is_answered_here() -> None:
    local, shared, _ = caches()
    await learn(local)

    reply = await local.lookup(KEY, QUERY)

    assert (reply.source, reply.tier, reply.packet) == ("exact", "local", PACKET)
    assert len(shared.asked) == 1
    assert local.stats()["local_hits"] == 1


async def test_what_was_computed_here_is_known_to_other_processes() -> None:
    local, shared, clock = caches()
    await learn(local)

    assert (await LocalCache(shared, 30, SIZE, clock=clock).lookup(KEY, QUERY)).tier == "memory"


async def test_a_life_here_is_short_and_hits_do_not_prolong_it() -> None:
    local, shared, clock = caches()
    await learn(local)
    for clock.now_s in (10, 20, 29.9):
        assert (await local.lookup(KEY, QUERY)).tier == "local"
    clock.now_s = 30

    assert (await local.lookup(KEY, QUERY)).tier == "memory"
    assert len(shared.asked) == 2


async def test_a_life_here_does_not_outlast_the_life_there() -> None:
    local, _, clock = caches()
    await learn(local)
    clock.now_s = 90
    assert (await local.lookup(KEY, QUERY)).tier == "memory"
    clock.now_s = 99.9
    assert (await local.lookup(KEY, QUERY)).tier == "local"
    clock.now_s = 100

    assert (await local.lookup(KEY, QUERY)).source == "miss"


async def test_no_life_keeps_nothing() -> None:
    local, shared, _ = caches(life_s=0)
    await learn(local)

    assert (await local.lookup(KEY, QUERY)).tier == "memory"
    assert local.stats()["local_entries"] == 0
    assert len(shared.asked) == 2


async def test_the_bytes_are_bounded_and_the_least_recently_asked_leaves_first() -> None:
    local, _, _ = caches(max_bytes=2 * SIZE)
    await learn(local, KEY)
    await learn(local, OTHER_KEY)
    await local.lookup(KEY, QUERY)
    await learn(local, "c" * 64)

    tiers = [(await local.lookup(key, QUERY)).tier for key in (KEY, OTHER_KEY)]

    assert tiers == ["local", "memory"]
    assert local.stats()["local_bytes"] <= 2 * SIZE


async def test_a_packet_larger_than_the_memory_is_not_kept() -> None:
    local, _, _ = caches(max_bytes=SIZE - 1)
    await learn(local)

    assert (local.stats()["local_entries"], local.stats()["local_bytes"]) == (0, 0)


async def test_a_degraded_packet_is_shared_with_those_who_wait_and_not_kept() -> None:
    local, _, _ = caches()
    lease = await local.lookup(KEY, QUERY)
    waiting = asyncio.create_task(local.lookup(KEY, QUERY))
    await asyncio.sleep(0)
    await local.fulfil(KEY, lease.token or "", PACKET, degraded=True)

    assert (await waiting).degraded
    assert (await local.lookup(KEY, QUERY)).source == "miss"


async def test_a_clear_of_the_shared_cache_is_noticed_with_the_next_question() -> None:
    local, shared, _ = caches()
    await learn(local)
    shared.clear()
    assert (await local.lookup(KEY, QUERY)).tier == "local"
    await learn(local, OTHER_KEY)

    assert (await local.lookup(KEY, QUERY)).source == "miss"


async def test_clear_forgets_all() -> None:
    local, _, _ = caches()
    await learn(local)
    local.clear()

    assert (await local.lookup(KEY, QUERY)).tier == "memory"


async def test_the_shared_cache_learns_how_often_an_answer_was_used_here() -> None:
    local, shared, clock = caches()
    await learn(local)
    for _ in range(5):
        await local.lookup(KEY, QUERY)
    clock.now_s = 31
    await local.lookup(KEY, QUERY)

    assert shared.asked == [1, 6]


async def test_simultaneous_questions_of_a_process_reach_the_shared_cache_once() -> None:
    local, shared, _ = caches()
    lease = await local.lookup(KEY, QUERY)
    waiting = [asyncio.create_task(local.lookup(KEY, QUERY)) for _ in range(100)]
    await asyncio.sleep(1)
    await local.fulfil(KEY, lease.token or "", PACKET)

    assert [reply.packet for reply in await asyncio.gather(*waiting)] == [PACKET] * 100
    assert len(shared.asked) == 1
    assert local.stats()["local_joins"] == 100


async def test_other_words_of_a_question_come_back_with_it() -> None:
    local, _, _ = caches()
    asked, again = (QUERY.model_copy(update={"words": words}) for words in ("Ada", "ada"))
    await learn(local, packet=PACKET.model_copy(update={"query": asked}))

    reply = await local.lookup(KEY, again)

    assert reply.packet is not None
    assert reply.packet.query == again


async def test_a_failure_reaches_those_who_wait_and_is_not_remembered() -> None:
    local, _, _ = caches()
    lease = await local.lookup(KEY, QUERY)
    waiting = [asyncio.create_task(local.lookup(KEY, QUERY)) for _ in range(3)]
    await asyncio.sleep(1)
    await local.abandon(KEY, lease.token or "", SearchUnavailableError("no index"))

    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in told] == [SearchUnavailableError] * 3
    assert (await local.lookup(KEY, QUERY)).token is not None


async def test_a_failure_that_another_process_hands_over_is_told_to_all_who_wait_here() -> None:
    local, shared, _ = caches()
    lease = await shared.lookup(KEY, QUERY)
    waiting = [asyncio.create_task(local.lookup(KEY, QUERY)) for _ in range(3)]
    await asyncio.sleep(1)
    await shared.abandon(KEY, lease.token or "", StepFailedError("research", 3, "no index"))

    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in told] == [StepFailedError] * 3


async def test_a_holder_that_gives_up_for_itself_passes_the_work_on() -> None:
    local, shared, _ = caches()
    lease = await local.lookup(KEY, QUERY)
    waiting = asyncio.create_task(local.lookup(KEY, QUERY))
    await asyncio.sleep(1)
    await local.abandon(KEY, lease.token or "")
    heir = await waiting

    assert heir.token not in {None, lease.token}
    assert await local.fulfil(KEY, heir.token or "", PACKET)
    assert (await shared.lookup(KEY, QUERY)).packet == PACKET


async def test_an_asker_cancelled_on_the_way_to_the_shared_cache_keeps_nobody_waiting() -> None:
    local, shared, _ = caches()
    lease = await shared.lookup(KEY, QUERY)
    first, second = (asyncio.create_task(local.lookup(KEY, QUERY)) for _ in range(2))
    await asyncio.sleep(1)
    first.cancel()
    await asyncio.sleep(1)
    await shared.fulfil(KEY, lease.token or "", PACKET)

    assert (await second).packet == PACKET
    assert asyncio.get_running_loop().time() < 30


async def test_without_the_shared_cache_a_question_is_still_computed_once() -> None:
    local, shared, _ = caches()
    shared.away = True
    lease = await local.lookup(KEY, QUERY)
    waiting = asyncio.create_task(local.lookup(KEY, QUERY))
    await asyncio.sleep(1)

    assert lease.source == "miss"
    assert not await local.fulfil(KEY, lease.token or "", PACKET)
    assert (await waiting).packet == PACKET
    assert (await local.lookup(KEY, QUERY)).tier == "local"
    assert local.stats()["local_away"] == 1


@pytest.mark.parametrize("packet", [PACKET, EMPTY])
async def test_one_asker_alone_is_told_to_refresh(packet: ResearchPacket) -> None:
    local, shared, clock = caches()
    shared._store._empty_ttl_s = 100
    await learn(local, packet=packet)
    for clock.now_s in (31, 62):
        assert (await local.lookup(KEY, QUERY)).refresh_token is None
    clock.now_s = 93
    refreshing, joining = await asyncio.gather(local.lookup(KEY, QUERY), local.lookup(KEY, QUERY))

    assert refreshing.refresh_token is not None
    assert joining.refresh_token is None
    assert (await local.lookup(KEY, QUERY)).refresh_token is None
    assert await local.fulfil(KEY, refreshing.refresh_token, packet)
    clock.now_s = 150
    assert (await local.lookup(KEY, QUERY)).tier == "memory"


async def test_words_of_a_question_are_not_kept() -> None:
    local, _, _ = caches()
    asked = QUERY.model_copy(update={"words": "Zanzibark"})
    lease = await local.lookup(KEY, asked)
    waiting = asyncio.create_task(local.lookup(KEY, asked))
    await asyncio.sleep(0)
    await local.fulfil(KEY, lease.token or "", PACKET.model_copy(update={"query": asked}))

    assert "Zanzibark" not in repr(local._held)
    for reply in (await waiting, await local.lookup(KEY, asked)):
        assert reply.packet is not None
        assert reply.packet.query == asked
