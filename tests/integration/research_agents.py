"""Agents of the tests of single flight: each in a process of its own."""

import asyncio
import os
from pathlib import Path

from actors.cache import LegalSearchCache
from actors.cache_entry import Computed
from actors.cache_local import CachePort
from actors.corpus_store import Law
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.messages import EssentialData, Hop
from actors.neighbours import CacheNeighbour
from actors.ports import AgentPort
from actors.redis_tier import RedisTier
from actors.research import ResearchAgent
from actors.step import NoVault
from actors.step_policy import StepPolicy
from tests.unit.research_samples import PACKET, QUERY

HOP = Hop(draft_id="draft-0001", tenant="public", budget_s=60, essential_data=EssentialData(user_request=""))
SEARCH_S = 0.5


class SlowResearch(ResearchAgent):
    """Searches for half a second and leaves a mark in a file each time."""

    def __init__(self, cache: AgentPort, marks: Path) -> None:
        super().__init__(StepPolicy(permits=1000), NoVault(), CacheNeighbour(cache))
        self._marks = marks

    async def search(self, query: ResearchQuery, law: Law) -> ResearchPacket:
        """Take a while."""
        mark(self._marks)
        await asyncio.sleep(SEARCH_S)
        return await super().search(query, law)

    async def ask(self, count: int) -> list[str]:
        """Ask the same question many times at once, and return where the answers came from."""
        asked = [self.research(HOP, QUERY) for _ in range(count)]
        return [report.cache or "none" for report, packet in await asyncio.gather(*asked) if packet.hits]


class BareAsker:
    """Sends every question to the cache actor: nothing in this process joins them."""

    def __init__(self, cache: AgentPort, marks: Path) -> None:
        self._cache: CachePort = CacheNeighbour(cache)
        self._marks = marks

    async def ask(self, count: int) -> list[str]:
        """Ask the same question many times at once, and return where the answers came from."""
        return await asyncio.gather(*(self._answered() for _ in range(count)))

    async def _answered(self) -> str:
        reply = await self._cache.lookup("key", QUERY)
        if reply.token is not None:
            mark(self._marks)
            await asyncio.sleep(SEARCH_S)
            await self._cache.fulfil("key", reply.token, PACKET)
        return reply.source


class OwnCache:
    """A cluster of its own, as far as its cache goes: only Redis is shared."""

    def __init__(self, redis_url: str, marks: Path) -> None:
        self._cache = LegalSearchCache(shared=RedisTier(redis_url, timeout_s=5, slow_s=5, wait_s=30))
        self._marks = marks

    async def ask(self, count: int) -> list[str]:
        """Ask the same question many times at once, and return where the answers came from."""
        asked = [self._cache.lookup_or_compute("key", self._search) for _ in range(count)]
        return [reply.source for reply in await asyncio.gather(*asked) if reply.packet == PACKET]

    async def _search(self) -> Computed:
        mark(self._marks)
        await asyncio.sleep(SEARCH_S)
        return Computed(packet=PACKET)


def mark(marks: Path) -> None:
    """Note one computation, and in which process it was."""
    with marks.open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
