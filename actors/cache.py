"""The legal search cache: repeated questions are answered from memory or Redis, simultaneous ones once."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from pydantic import JsonValue

from actors.cache_entry import CacheReply, Computed, encode_result
from actors.cache_key import text_key
from actors.cache_lease import Lease, Leases, shareable
from actors.cache_memory import CacheMemory
from actors.cache_store import CacheStore
from actors.cache_tiers import NearTier, NoNearTier, NoSharedTier, SharedTier
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import InvalidInputError, LexrayError

MEBIBYTE = 1024 * 1024


class LegalSearchCache:
    """Answers of legal research, by exact key; never a draft, never a failure.

    One implementation, three faces. `get` and `set` keep any JSON value in this process's memory. `lookup`,
    `fulfil` and `abandon` are messages: the first asker of a key is told to compute it and holds a lease, the
    others wait. `lookup_or_compute` is the same for callers in this process. Lives are absolute: a hit does
    not prolong them.

    A restart loses the memory, the counters and the leases (their holders' results are then not stored);
    Redis keeps what it has.

    Args:
        ttl_seconds: Life of an answer. 0 stores nothing; simultaneous questions are still computed once.
        empty_ttl_seconds: Life of an answer that found nothing, if that is shorter.
        max_bytes: Bound of the memory, as the serialised values count.
        lease_s: How long a silent leaseholder keeps others waiting.
        shared: The tier behind the memory.
        near: Asked after the exact tiers, for callers that send their query along.
        clock: Seconds, monotonic.
    """

    def __init__(
        self,
        ttl_seconds: float = 3600,
        *,
        empty_ttl_seconds: float = 90,
        max_bytes: int = 64 * MEBIBYTE,
        lease_s: float = 30,
        shared: SharedTier | None = None,
        near: NearTier | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if ttl_seconds < 0:
            raise InvalidInputError("ttl_seconds", "must not be negative")
        memory = CacheMemory(max_bytes, clock)
        self._store = CacheStore(
            ttl_seconds, empty_ttl_seconds, memory, shared or NoSharedTier(), near or NoNearTier()
        )
        self._leases: Leases[CacheReply] = Leases(lease_s)
        self._counts: Counter[str] = Counter()

    def get(self, query: str, jurisdiction: str, version: str) -> ResearchPacket | JsonValue:
        """Return what `set` stored for this question, or `None`. The value is the caller's own copy."""
        found = self._store.recall(text_key(query, jurisdiction, version))
        self._counts["misses" if found is None else "hits"] += 1
        return found

    def set(
        self,
        query: str,
        jurisdiction: str,
        version: str,
        result: ResearchPacket | JsonValue,
        *,
        degraded: bool = False,
    ) -> None:
        """Keep a result in memory. A degraded one is not kept.

        Raises:
            InvalidInputError: The result is `None`, an exception, or otherwise no JSON value.
        """
        key = text_key(query, jurisdiction, version)
        raw = encode_result(key, result)
        if not degraded:
            self._store.keep(key, raw, result)

    def clear(self) -> None:
        """Empty this process's memory; counters stay. `clear_everywhere` empties Redis too."""
        self._store.clear()

    async def clear_everywhere(self) -> int:
        """Empty the memory and the shared tier, and return how many values the shared tier deleted.

        Raises:
            AgentUnavailableError: The shared tier did not answer; the memory is empty.
        """
        self._store.clear()
        return await self._store.clear_shared()

    def get_stats(self) -> dict[str, int | float]:
        """Return the counts since the start; costs one pass over the entries.

        `hits` counts answers from any tier, `joins` those that another asker was computing at that moment,
        `misses` the leases given out, `late_results` packets handed in under a lease that had passed on.
        """
        counts = {name: self._counts[name] for name in ("hits", "misses", "joins", "late_results")}
        return {**self._store.stats(), **counts}

    async def lookup(self, key: str, query: ResearchQuery | None = None) -> CacheReply:
        """Return the packet, or a lease to compute it; wait while somebody else computes it.

        Args:
            key: From `research_key`.
            query: The question itself. With it, near answers are considered, and an exact packet comes back
                under this query, words included (words are not stored).

        Raises:
            LexrayError: The one that the asker who computed it handed to `abandon`.
        """
        packet = self._store.recall(key)
        if isinstance(packet, ResearchPacket):
            self._counts["hits"] += 1
            return CacheReply(source="exact", tier="memory", packet=packet).under(query)
        claim = await self._leases.claim(key)
        if isinstance(claim, CacheReply):
            self._counts["joins"] += 1
            return claim.under(query)
        return await self._seek_under(key, claim, query)

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool = False) -> bool:
        """Hand in what the lease was given for: all who wait get it, and it is stored unless degraded.

        Returns:
            False where the token is not current (the lease ran out and passed on, or this cache was
            restarted): the packet is good for its holder, and not stored.
        """
        reply = CacheReply(source="exact", tier="flight", packet=packet, degraded=degraded)
        if not self._leases.settle(key, token, reply):
            self._counts["late_results"] += 1
            return False
        if not degraded:
            await self._store.store(key, packet)
        return True

    async def abandon(self, key: str, token: str, error: LexrayError | None = None) -> bool:
        """Give a lease back without a result.

        Args:
            key: The key that was looked up.
            token: From the reply.
            error: What failed, where it would fail for the others too (see `shareable`): all who wait get it,
                and it is not remembered. `None` where it was the holder's own affair: the lease goes on.

        Returns:
            False where the token is not current.
        """
        if error is None:
            return self._leases.pass_on(key, token)
        return self._leases.fail(key, token, error)

    async def lookup_or_compute(
        self, key: str, compute: Callable[[], Awaitable[Computed]], query: ResearchQuery | None = None
    ) -> CacheReply:
        """Return the packet from the cache, or compute it once for all who ask meanwhile.

        The reply's source is `miss` for the caller that computed.

        Raises:
            LexrayError: From `compute`, of this caller or of the one that it waited for.
        """
        reply = await self.lookup(key, query)
        if reply.token is None:
            return reply
        try:
            computed = await compute()
        except BaseException as error:
            await self.abandon(key, reply.token, shareable(error))
            raise
        await self.fulfil(key, reply.token, computed.packet, computed.degraded)
        return CacheReply(source="miss", packet=computed.packet, degraded=computed.degraded)

    async def prewarm(self, entries: Iterable[tuple[str, ResearchPacket]]) -> int:
        """Store answers before anybody asks, and return how many the memory took.

        Neither hits nor misses are counted.
        """
        return sum([await self._store.store(key, packet) for key, packet in entries])

    async def close(self) -> None:
        """Let the shared tier's connections go."""
        await self._store.close()

    async def _seek_under(self, key: str, lease: Lease, query: ResearchQuery | None) -> CacheReply:
        """Ask the slower tiers, once for all who wait; without an answer the lease goes to the caller."""
        try:
            reply = await self._store.seek(key, query)
        except BaseException:  # cancellation, too: somebody may be waiting
            self._leases.pass_on(key, lease.token)
            raise
        if reply is None:
            self._counts["misses"] += 1
            return CacheReply(source="miss", token=lease.token)
        self._counts["hits"] += 1
        self._leases.settle(key, lease.token, reply)
        return reply.under(query)
