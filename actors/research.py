"""The research agent: the law that bears on a matter."""

from collections import Counter
from typing import Protocol

from actors.cache_entry import CacheReply
from actors.cache_key import research_key
from actors.cache_lease import shareable
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.domain.corpus import the_corpus
from actors.domain.corpus_search import CorpusSearch
from actors.errors import LexrayError, TransientError
from actors.messages import Hop, StepReport
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy

RETRIEVER_VERSION = "bm25-1"
"""Part of the cache key: raise it when the search ranks differently."""


class CachePort(Protocol):
    """The cache as the research agent sees it, wherever it runs."""

    async def lookup(self, key: str, query: ResearchQuery | None = None) -> CacheReply:
        """Return the packet, or a lease to compute it."""

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool = False) -> bool:
        """Hand in the computed packet."""

    async def abandon(self, key: str, token: str, error: LexrayError | None = None) -> bool:
        """Give the lease back."""


class ResearchAgent:
    """Searches the corpus, through the cache. Its index is rebuilt from the corpus at a restart."""

    def __init__(self, policy: StepPolicy, vault: BreakerVault, cache: CachePort) -> None:
        self._step = GuardedStep("research", policy, vault)
        self._cache = cache
        self._corpus = the_corpus()
        self._search = CorpusSearch(self._corpus)

    async def research(self, hop: Hop, query: ResearchQuery) -> tuple[StepReport, ResearchPacket]:
        """Return the authorities that bear on the query, best first.

        Raises:
            StepFailedError: The corpus could not be searched.
        """
        key = research_key(query, self._corpus.version, RETRIEVER_VERSION, hop.tenant)
        reply = await self._ask_cache(key, query)
        if reply is not None and reply.packet is not None:
            report = StepReport(agent="research", attempts=0, seconds=0.0, cache=reply.source)
            return report, reply.packet
        token = reply.token if reply else None
        try:
            report, packet = await self._step.run(hop, self.search, query)
        except BaseException as error:
            if token:
                await self._give_back(key, token, error)
            raise
        if token:
            await self._hand_in(key, token, packet)
        return report.model_copy(update={"cache": "miss"}), packet

    async def search(self, query: ResearchQuery) -> ResearchPacket:
        """Search the corpus: the work inside the policies."""
        return self._search.search(query)

    async def corpus_stats(self) -> dict[str, object]:
        """Return the corpus's version and its number of authorities by jurisdiction."""
        counts = Counter(authority.jurisdiction for authority in self._corpus.authorities)
        return {
            "version": self._corpus.version,
            "authorities": len(self._corpus.authorities),
            "by_jurisdiction": dict(sorted(counts.items())),
        }

    async def _ask_cache(self, key: str, query: ResearchQuery) -> CacheReply | None:
        # The cache fails open: without it research is slower, not wrong.
        try:
            return await self._cache.lookup(key, query)
        except TransientError:
            return None

    async def _hand_in(self, key: str, token: str, packet: ResearchPacket) -> None:
        try:
            await self._cache.fulfil(key, token, packet)
        except TransientError:
            return

    async def _give_back(self, key: str, token: str, error: BaseException) -> None:
        try:
            await self._cache.abandon(key, token, shareable(error))
        except TransientError:
            return
