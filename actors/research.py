"""The research agent: the law that bears on a matter."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from actors.agent_model import AgentModel
from actors.cache_entry import CacheReply
from actors.cache_key import research_key
from actors.cache_lease import shareable
from actors.cache_local import CachePort, LocalCache
from actors.cache_refresh import Background
from actors.corpus_store import CorpusStore, Law
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import LexrayError, SearchUnavailableError, StepFailedError, TransientError
from actors.llm.endpoint import Endpoint
from actors.messages import Hop, StepReport
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy

logger = logging.getLogger(__name__)

RETRIEVER_VERSION = "bm25-2"
"""Part of the cache key: raise it when the search ranks differently."""

WARM_BATCH = 32
"""Packets in one message to the cache: about 300 KB."""


class ResearchAgent:
    """Searches the law, through the cache. Its indexes are opened again at a restart.

    Args:
        policy: How its work is guarded.
        vault: Where its breaker's state outlives it.
        cache: What all agents share.
        local_s: How long a packet is answered from this agent's own memory, in seconds.
        local_bytes: Bound of that memory.
        corpus: Where imported law lies; without it the project's own corpus is all there is.
        chain: Models that add issues to a draft's question, first choice first; empty: none are added.
    """

    def __init__(
        self,
        policy: StepPolicy,
        vault: BreakerVault,
        cache: CachePort,
        local_s: float = 30.0,
        local_bytes: int = 8_000_000,
        corpus: CorpusStore | None = None,
        chain: Sequence[Endpoint] = (),
    ) -> None:
        self._step = GuardedStep("research", policy, vault)
        self._model = AgentModel("research", chain, policy, vault)
        self._cache = LocalCache(cache, local_s, local_bytes)
        self._background = Background()
        self._corpus = (corpus or CorpusStore(None)).ready("search")
        # To find a key again takes a quarter of the time of hashing the query once more.
        self._key_of_draft = lru_cache(maxsize=1024)(self._hashed)

    async def research(self, hop: Hop, query: ResearchQuery) -> tuple[StepReport, ResearchPacket]:
        """Return the authorities that bear on the query, best first.

        Raises:
            StepFailedError: The corpus could not be searched.
        """
        law = await self._law_for(query)
        key = self._key(query, hop.tenant, law.version, self._retriever(hop, law.retriever(query)))
        reply = await self._ask_cache(key, query, hop.tenant)
        if reply is not None and reply.packet is not None and _searched_alike(reply, query, law):
            if reply.refresh_token:
                self._background.start(self._refresh(hop, key, reply.refresh_token, query, law))
            near = reply.near.model_dump(mode="json") if reply.near else None
            report = StepReport(agent="research", attempts=0, seconds=0.0, cache=reply.source, near=near)
            return report, reply.packet
        token = reply.token if reply else None
        try:
            report, packet = await self._compute(hop, query, law)
        except BaseException as error:
            if token:
                await self._give_back(key, token, error)
            raise
        if token:
            await self._hand_in(key, token, packet, degraded=bool(report.stand_ins))
        return report.model_copy(update={"cache": "miss"}), packet

    async def _compute(self, hop: Hop, query: ResearchQuery, law: Law) -> tuple[StepReport, ResearchPacket]:
        if not self._model.serves(hop):
            return await self._step.run(hop, self.search, query, law)
        from actors.consulting import widened  # noqa: PLC0415 (prompts take time to load)

        told, wider = await widened(self._model, hop, query)
        report, packet = await self._step.run(hop, self.search, wider, law)
        return report.joined(told), packet

    def _retriever(self, hop: Hop, by_meaning: str) -> str:
        """Return what a packet depends on besides the query and the law."""
        parts = [RETRIEVER_VERSION, by_meaning] if by_meaning else [RETRIEVER_VERSION]
        if self._model.serves(hop):
            from actors.domain.prompting.version import prompt_version  # noqa: PLC0415

            parts += [self._model.name, prompt_version()]
        return "+".join(parts)

    async def search(self, query: ResearchQuery, law: Law) -> ResearchPacket:
        """Search the law as it stood when the call began: the work inside the policies."""
        if law.retriever(query):
            # The encoder takes some milliseconds, and more where many ask at once.
            return await asyncio.to_thread(law.search, query)
        return law.search(query)

    async def warm(self, tenant: str, queries: Sequence[ResearchQuery]) -> int:
        """Search for queries before anybody asks, and return how many packets the cache took.

        Raises:
            LexrayError: From the search or the cache; the batches before it are stored.
        """
        taken, law = 0, self._law()
        for start in range(0, len(queries), WARM_BATCH):
            batch = queries[start : start + WARM_BATCH]
            entries = [
                (self._key(query, tenant, law.version, RETRIEVER_VERSION), await self.search(query, law))
                for query in batch
            ]
            taken += await self._cache.prewarm(entries)
        return taken

    async def forget(self) -> None:
        """Empty this agent's own memory of answers."""
        self._cache.clear()

    async def cache_stats(self) -> dict[str, int]:
        """Return the figures of this agent's own memory of answers."""
        return self._cache.stats()

    async def corpus_stats(self) -> dict[str, object]:
        """Return the corpus's version, its authorities by jurisdiction, what was imported, how words are searched."""
        law = await self._with_vectors(self._law())
        counts = Counter(authority.jurisdiction for authority in law.corpus.authorities)
        return {
            "version": law.version,
            "authorities": len(law.corpus.authorities),
            "by_jurisdiction": dict(sorted(counts.items())),
            "imported": [source.model_dump(mode="json") for source in law.sources],
            "retrieval": law.retrieval,
        }

    def _law(self) -> Law:
        try:
            return self._corpus.current()
        except SearchUnavailableError as error:
            raise StepFailedError("research", 1, str(error)) from error

    async def _law_for(self, query: ResearchQuery) -> Law:
        """Return the law with what a query is searched by: a draft's asks in no words, and waits for no vectors."""
        return await self._with_vectors(self._law()) if query.words else self._law()

    async def _with_vectors(self, law: Law) -> Law:
        if not law.has_unread_vectors():
            return law
        return await asyncio.to_thread(self._corpus.read_vectors, law)

    def _key(self, query: ResearchQuery, tenant: str, version: str, retriever: str) -> str:
        # Words may name somebody: they are not remembered, not even here.
        key_of = self._hashed if query.words else self._key_of_draft
        return key_of(query, tenant, version, retriever)

    @staticmethod
    def _hashed(query: ResearchQuery, tenant: str, version: str, retriever: str) -> str:
        return research_key(query, version, retriever, tenant)

    async def _ask_cache(self, key: str, query: ResearchQuery, tenant: str) -> CacheReply | None:
        # The cache fails open: without it research is slower, not wrong.
        try:
            return await self._cache.lookup(key, query, tenant)
        except TransientError:
            return None

    async def _refresh(self, hop: Hop, key: str, token: str, query: ResearchQuery, law: Law) -> None:
        """Search anew for an answer that ends soon. It is nobody's loss if that fails: the answer has its time left."""
        try:
            report, packet = await self._compute(hop, query, law)
        except LexrayError as error:
            logger.info("refresh_failed key=%s error=%s", key, type(error).__name__)
            await self._give_back(key, token, error)
            return
        await self._hand_in(key, token, packet, degraded=bool(report.stand_ins))

    async def _hand_in(self, key: str, token: str, packet: ResearchPacket, *, degraded: bool) -> None:
        try:
            await self._cache.fulfil(key, token, packet, degraded)
        except TransientError:
            return

    async def _give_back(self, key: str, token: str, error: BaseException) -> None:
        try:
            await self._cache.abandon(key, token, shareable(error))
        except TransientError:
            return


def _searched_alike(reply: CacheReply, query: ResearchQuery, law: Law) -> bool:
    """Tell whether a like question's answer, found under a key of its own, was searched for as this one would be."""
    if reply.near is None or reply.packet is None:
        return True
    return (reply.packet.retrieval == "hybrid") == bool(law.retriever(query))
