"""Refresh-ahead: hot answers are computed anew before their end, and no life is prolonged."""

from actors.cache import LegalSearchCache
from actors.cache_entry import CacheReply
from actors.corpus_store import Law
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import SearchUnavailableError
from actors.messages import EssentialData, Hop
from actors.research import ResearchAgent
from actors.step import NoVault
from actors.step_policy import StepPolicy
from tests.unit.research_samples import EMPTY, KEY, PACKET, QUERY, Clock

HOP = Hop(draft_id="draft-0001", tenant="public", budget_s=60, essential_data=EssentialData(user_request=""))
NEWER = PACKET.model_copy(update={"searched": ("US-DE",)})


async def warm_cache(lease_s: float = 30) -> tuple[LegalSearchCache, Clock]:
    """A packet that lives for 100 s and has been asked for twice."""
    clock = Clock()
    cache = LegalSearchCache(100, jitter=0, lease_s=lease_s, clock=clock)
    await cache.prewarm([(KEY, PACKET)])
    for _ in range(2):
        await cache.lookup(KEY)
    return cache, clock


async def offer(cache: LegalSearchCache) -> str | None:
    return (await cache.lookup(KEY)).refresh_token


async def test_a_hot_answer_near_its_end_is_offered_to_one_asker_with_the_answer() -> None:
    cache, clock = await warm_cache()
    clock.now_s = 80
    replies = [await cache.lookup(KEY) for _ in range(10)]

    assert [bool(reply.refresh_token) for reply in replies] == [True] + [False] * 9
    assert all(reply.packet == PACKET for reply in replies)


async def test_an_answer_is_not_refreshed_while_it_is_young() -> None:
    cache, clock = await warm_cache()
    clock.now_s = 79

    assert await offer(cache) is None


async def test_an_answer_that_few_ask_for_is_not_refreshed() -> None:
    clock = Clock()
    cache = LegalSearchCache(100, jitter=0, clock=clock)
    await cache.prewarm([(KEY, PACKET)])
    await cache.lookup(KEY)
    clock.now_s = 90

    assert await offer(cache) is None


async def test_uses_that_an_agent_answered_itself_make_an_answer_hot() -> None:
    clock = Clock()
    cache = LegalSearchCache(100, jitter=0, clock=clock)
    await cache.prewarm([(KEY, PACKET)])
    clock.now_s = 90

    assert (await cache.lookup(KEY, uses=40)).refresh_token


async def test_a_refreshed_answer_has_a_life_of_its_own() -> None:
    cache, clock = await warm_cache()
    clock.now_s = 90
    token = await offer(cache)
    assert await cache.fulfil(KEY, token or "", NEWER)
    clock.now_s = 189
    assert (await cache.lookup(KEY)).packet == NEWER
    clock.now_s = 190

    assert (await cache.lookup(KEY)).source == "miss"
    assert cache.get_stats()["refreshes"] == 1


async def test_a_refresh_that_fails_leaves_the_answer_to_its_end_and_no_longer() -> None:
    cache, clock = await warm_cache(lease_s=5)
    clock.now_s = 85
    token = await offer(cache)
    assert await cache.abandon(KEY, token or "", SearchUnavailableError("no index"))
    reply = await cache.lookup(KEY)
    assert reply.packet == PACKET
    assert reply.refresh_token is None, "a failing search is not tried with every question"
    clock.now_s = 91
    assert await offer(cache), "but again after a while"
    clock.now_s = 100

    assert (await cache.lookup(KEY)).source == "miss"


async def test_a_silent_refresher_is_replaced_after_its_lease_and_its_token_is_void() -> None:
    cache, clock = await warm_cache(lease_s=5)
    clock.now_s = 85
    silent = await offer(cache)
    clock.now_s = 90
    second = await offer(cache)

    assert second not in {None, silent}
    assert not await cache.fulfil(KEY, silent or "", EMPTY)
    assert (await cache.lookup(KEY)).packet == PACKET


async def test_a_refresh_under_way_when_the_answer_ends_keeps_nobody_from_computing() -> None:
    cache, clock = await warm_cache()
    clock.now_s = 95
    token = await offer(cache)
    clock.now_s = 101
    lease = await cache.lookup(KEY)

    assert lease.source == "miss"
    assert await cache.fulfil(KEY, token or "", NEWER)
    assert (await cache.lookup(KEY)).packet == NEWER


async def test_a_degraded_refresh_is_not_stored() -> None:
    cache, clock = await warm_cache()
    clock.now_s = 90
    token = await offer(cache)

    assert not await cache.fulfil(KEY, token or "", EMPTY, degraded=True)
    assert (await cache.lookup(KEY)).packet == PACKET


class Asking(LegalSearchCache):
    """A cache whose every answer asks for a refresh."""

    handed_in: ResearchPacket | None = None
    given_back: BaseException | None = None

    async def lookup(
        self, key: str, query: ResearchQuery | None = None, tenant: str = "public", uses: int = 1
    ) -> CacheReply:
        return CacheReply(source="exact", tier="memory", packet=PACKET, refresh_token="refresh")  # noqa: S106

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool = False) -> bool:
        assert token == "refresh"  # noqa: S105
        self.handed_in = packet
        return True

    async def abandon(self, key: str, token: str, error: BaseException | None = None) -> bool:
        assert token == "refresh"  # noqa: S105
        self.given_back = error
        return True


class Failing(ResearchAgent):
    """Cannot search."""

    async def search(self, query: ResearchQuery, law: Law) -> ResearchPacket:
        raise SearchUnavailableError("no index")


async def test_the_agent_answers_at_once_and_refreshes_beside_the_draft() -> None:
    cache = Asking()
    agent = ResearchAgent(StepPolicy(), NoVault(), cache)

    report, packet = await agent.research(HOP, QUERY)
    assert (report.cache, packet, cache.handed_in) == ("exact", PACKET, None)
    await agent._background.drained()

    assert cache.handed_in is not None
    assert cache.handed_in.hits


async def test_a_search_that_fails_in_the_background_costs_the_draft_nothing() -> None:
    cache = Asking()
    agent = Failing(StepPolicy(), NoVault(), cache)

    report, packet = await agent.research(HOP, QUERY)
    await agent._background.drained()

    assert (report.cache, packet) == ("exact", PACKET)
    assert cache.handed_in is None
    assert cache.given_back is not None
