"""Where cached answers live: memory first, then the shared tier, then what the near tier can verify."""

import logging
import random
from collections import Counter
from collections.abc import Callable

from pydantic import JsonValue

from actors.cache_entry import CacheReply, decode, encode_packet, is_empty
from actors.cache_key import EVERYTHING, Scope
from actors.cache_memory import CacheMemory, Recalled
from actors.cache_tiers import NearHit, NearTier, SharedTier
from actors.domain.authority import ResearchPacket, ResearchQuery

logger = logging.getLogger(__name__)


class CacheStore:
    """The tiers behind one face, with one life for every value: what is left of it travels along.

    Args:
        ttl_s: Life of an answer; 0 keeps nothing.
        empty_ttl_s: Life of an answer that found nothing, if that is shorter.
        memory: This process's own.
        shared: What other caches see too.
        near: Finder of other wordings.
        jitter: Share by which a packet's life is varied, so that what was stored together does not end together.
        uniform: `uniform(a, b)`, the source of the jitter.
    """

    def __init__(
        self,
        ttl_s: float,
        empty_ttl_s: float,
        memory: CacheMemory,
        shared: SharedTier,
        near: NearTier,
        jitter: float = 0.1,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.ttl_s = ttl_s
        self._empty_ttl_s = min(empty_ttl_s, ttl_s)
        self._jitter, self._uniform = jitter, uniform
        self._memory, self._shared, self._near = memory, shared, near
        self._counts: Counter[str] = Counter()

    def recall(self, key: str) -> ResearchPacket | JsonValue:
        """Return what the memory holds, or `None`."""
        held = self._memory.get(key)
        return None if held is None else decode(key, held.value)

    def recall_stored(self, key: str, uses: int) -> Recalled | None:
        """Return what the memory holds as it is stored, or `None`; this reading stands for `uses`."""
        return self._memory.get(key, uses)

    def keep(self, key: str, raw: bytes, result: object) -> bool:
        """Put an encoded result into the memory alone, for exactly its life; false where it was not taken."""
        return self._memory.put(key, raw, self._life_s(result))

    async def seek(self, key: str, query: ResearchQuery | None, tenant: str) -> CacheReply | None:
        """Ask the slower tiers; `None` where none of them has an answer."""
        exact = await self._from_shared(key)
        if exact is not None:
            return exact
        near = await self._from_near(key, query, tenant)
        if near is not None:
            await self._shared.release(key)  # nobody will compute it
        return near

    async def store(self, key: str, packet: ResearchPacket, *, overwrite: bool = False) -> bool:
        """Put a complete packet into all tiers; false where the memory did not take it.

        Args:
            key: From `research_key`.
            packet: The answer.
            overwrite: Nobody asked (a refresh, a warm-up): it replaces what the shared tier has.
        """
        life_s = self._life_s(packet) * self._uniform(1 - self._jitter, 1 + self._jitter)
        if life_s == 0:
            return False
        raw = encode_packet(key, packet)
        kept = self._memory.put(key, raw, life_s)
        await self._shared.put(key, raw, life_s, overwrite=overwrite)
        await self._teach_near(key, packet)
        return kept

    async def release(self, key: str) -> None:
        """Tell the shared tier that nobody here computes the key any more."""
        await self._shared.release(key)

    def clear(self, scope: Scope = EVERYTHING) -> None:
        """Drop a scope from the memory, and what the near tier knows of it."""
        self._memory.clear(scope)
        self._near.clear(scope)

    async def clear_shared(self, scope: Scope) -> int:
        """Drop a scope from the shared tier and return how many values it deleted."""
        return await self._shared.clear(scope)

    async def close(self) -> None:
        """Let the shared tier's connections go."""
        await self._shared.close()

    def stats(self) -> dict[str, int | float]:
        """Return sizes and counts; costs one pass over the entries."""
        memory, shared = self._memory.stats(), self._shared.stats()
        return {
            "total_entries": memory.total_entries,
            "active_entries": memory.total_entries - memory.expired_entries,
            "expired_entries": memory.expired_entries,
            "ttl_seconds": self.ttl_s,
            "bytes": memory.bytes,
            "evictions": memory.evictions,
            "near_hits": self._counts["near_hits"],
            "near_errors": self._counts["near_errors"],
            "redis_hits": self._counts["redis_hits"],
            "redis_corrupt": self._counts["redis_corrupt"],
            "redis_errors": shared.errors,
            "redis_skipped": shared.skipped,
            "redis_dropped_writes": shared.dropped_writes,
            "redis_waits": shared.waits,
            "redis_late_writes": shared.late_writes,
        }

    async def _from_shared(self, key: str) -> CacheReply | None:
        stored = await self._shared.get(key)
        if stored is None:
            return None
        packet = decode(key, stored.value)
        if not isinstance(packet, ResearchPacket):
            self._counts["redis_corrupt"] += 1
            await self._shared.discard(key)
            return None
        # The life that is left, not a new one: otherwise every tier would add an hour.
        left_s = min(stored.ttl_left_s, self._life_s(packet) * (1 + self._jitter))
        self._memory.put(key, stored.value, left_s)
        self._counts["redis_hits"] += 1
        return CacheReply(
            source="exact", tier="redis", packet=packet, ttl_left_s=left_s, size_bytes=len(stored.value)
        )

    async def _from_near(self, key: str, query: ResearchQuery | None, tenant: str) -> CacheReply | None:
        if query is None:
            return None
        try:
            hit = await self._near.find(key, query, tenant)
        except Exception as error:  # noqa: BLE001 - fails closed: what could not be verified is no answer
            self._note_near_failure("find", error)
            return None
        return None if hit is None else self._answer_of(hit)

    def _answer_of(self, hit: NearHit) -> CacheReply | None:
        """Return the answer that a near question has in memory, under that question; it may have ended."""
        packet = self.recall(hit.key)
        if not isinstance(packet, ResearchPacket):
            self._near.forget(hit.key)
            return None
        met = packet.query.model_copy(update={"words": hit.provenance.matched_query})
        self._counts["near_hits"] += 1
        return CacheReply(
            source="near",
            tier="near",
            packet=packet.model_copy(update={"query": met}),
            near=hit.provenance,
        )

    async def _teach_near(self, key: str, packet: ResearchPacket) -> None:
        try:
            await self._near.learn(key, packet)
        except Exception as error:  # noqa: BLE001 - the packet itself is good and already stored
            self._note_near_failure("learn", error)

    def _note_near_failure(self, action: str, error: Exception) -> None:
        self._counts["near_errors"] += 1
        # The type alone: an error's text may quote the question.
        logger.warning("near_tier_failed action=%s error=%s", action, type(error).__name__)

    def _life_s(self, result: object) -> float:
        return self._empty_ttl_s if is_empty(result) else self.ttl_s
