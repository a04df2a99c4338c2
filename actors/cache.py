"""The legal search cache: repeated questions are answered from memory or Redis, simultaneous ones once."""

import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from pydantic import JsonValue

from actors.cache_entry import CacheReply, Computed, encode_result
from actors.cache_key import EVERYTHING, PUBLIC_TENANT, Scope, text_key
from actors.cache_lease import Lease, Leases, shareable
from actors.cache_memory import CacheMemory, Recalled
from actors.cache_refresh import Refreshes
from actors.cache_sealed import SealedReply
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
    not prolong them, and a much used packet is offered for a refresh shortly before its end.

    A restart loses the memory, the counters and the leases (their holders' results are then not stored);
    Redis keeps what it has.

    Args:
        ttl_seconds: Life of an answer. 0 stores nothing; simultaneous questions are still computed once.
        empty_ttl_seconds: Life of an answer that found nothing, if that is shorter.
        max_bytes: Bound of the memory, as the serialised values count.
        lease_s: How long a silent leaseholder keeps others waiting.
        shared: The tier behind the memory.
        near: Asked after the exact tiers, for callers that send their query along.
        jitter: Share by which the life of a packet may differ from `ttl_seconds`; what `set` keeps lives exactly so
            long.
        clock: Seconds, monotonic.
        uniform: `uniform(a, b)`, the source of the jitter.
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
        jitter: float = 0.1,
        clock: Callable[[], float] = time.monotonic,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        if ttl_seconds < 0:
            raise InvalidInputError("ttl_seconds", "must not be negative")
        memory = CacheMemory(max_bytes, clock)
        tiers = (memory, shared or NoSharedTier(), near or NoNearTier())
        self._store = CacheStore(ttl_seconds, empty_ttl_seconds, *tiers, jitter, uniform)
        self._leases: Leases[CacheReply] = Leases(lease_s)
        self._refreshes = Refreshes(lease_s, clock)
        self._generation = 0
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

    def clear(self, scope: Scope = EVERYTHING) -> None:
        """Empty this process's memory, or drop a scope of it; counters stay. `clear_everywhere` reaches Redis too."""
        self._generation += 1
        self._store.clear(scope)

    async def clear_everywhere(self, scope: Scope = EVERYTHING) -> int:
        """Drop a scope from memory and shared tier, and return how many values the shared tier deleted.

        Raises:
            AgentUnavailableError: The shared tier did not answer; the memory has dropped it.
        """
        self.clear(scope)
        return await self._store.clear_shared(scope)

    def get_stats(self) -> dict[str, int | float]:
        """Return the counts since the start; costs one pass over the entries.

        `hits` counts answers from any tier, `joins` those that another asker was computing at that moment,
        `misses` the leases given out, `late_results` packets handed in under a lease that had passed on, `refreshes`
        answers computed anew before their end.
        """
        counts = {
            name: self._counts[name] for name in ("hits", "misses", "joins", "late_results", "refreshes")
        }
        return {**self._store.stats(), **counts}

    async def lookup(
        self, key: str, query: ResearchQuery | None = None, tenant: str = PUBLIC_TENANT, uses: int = 1
    ) -> CacheReply:
        """Return the packet, or a lease to compute it; wait while somebody else computes it.

        Args:
            key: From `research_key`.
            query: The question itself. With it, near answers are considered, and an exact packet comes back
                under this query, words included (words are not stored).
            tenant: The scope of the question; part of the key already.
            uses: How many questions this one stands for, where the asker has answered some himself.

        Raises:
            LexrayError: The one that the asker who computed it handed to `abandon`.
        """
        return (await self.find(key, query, tenant, uses)).opened(query)

    async def find(
        self,
        key: str,
        query: ResearchQuery | None = None,
        tenant: str = PUBLIC_TENANT,
        uses: int = 1,
    ) -> SealedReply:
        """Do as `lookup`, with a packet from memory as the bytes that are stored: for askers in other processes."""
        held = self._store.recall_stored(key, uses)
        if held is not None:
            self._counts["hits"] += 1
            return SealedReply(key, self._outline(key, held), held.value)
        claim = await self._leases.claim(key)
        if isinstance(claim, CacheReply):
            self._counts["joins"] += 1
        else:
            claim = await self._seek_under(key, claim, query, tenant)
        return SealedReply(key, claim.model_copy(update={"generation": self._generation}))

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool = False) -> bool:
        """Hand in what the lease was given for: all who wait get it, and it is stored unless degraded.

        Returns:
            False where the token is not current (the lease ran out and passed on, or this cache was
            restarted): the packet is good for its holder, and not stored.
        """
        reply = CacheReply(source="exact", tier="flight", packet=packet, degraded=degraded)
        if self._refreshes.holds(key, token):
            return not degraded and await self._renew(key, token, packet)
        if not self._leases.settle(key, token, reply):
            self._counts["late_results"] += 1
            return False
        if degraded:
            await self._store.release(key)
        else:
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
        if self._refreshes.holds(key, token):
            return True  # the answer lives on to its end; whose turn it is next, time decides
        current = self._leases.pass_on(key, token) if error is None else self._leases.fail(key, token, error)
        if current and key not in self._leases:
            await self._store.release(key)
        return current

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
        return sum([await self._store.store(key, packet, overwrite=True) for key, packet in entries])

    async def close(self) -> None:
        """Let the shared tier's connections go."""
        await self._store.close()

    def _outline(self, key: str, held: Recalled) -> CacheReply:
        return CacheReply(
            source="exact",
            tier="memory",
            refresh_token=self._refreshes.offer(key, held),
            ttl_left_s=held.left_s,
            size_bytes=len(held.value),
            generation=self._generation,
        )

    async def _renew(self, key: str, token: str, packet: ResearchPacket) -> bool:
        self._refreshes.end(key, token)
        self._counts["refreshes"] += 1
        return await self._store.store(key, packet, overwrite=True)

    async def _seek_under(
        self, key: str, lease: Lease, query: ResearchQuery | None, tenant: str
    ) -> CacheReply:
        """Ask the slower tiers, once for all who wait; without an answer the lease goes to the caller."""
        try:
            reply = await self._store.seek(key, query, tenant)
        except BaseException:  # cancellation, too: somebody may be waiting
            self._leases.pass_on(key, lease.token)
            raise
        if reply is None:
            self._counts["misses"] += 1
            return CacheReply(source="miss", token=lease.token)
        self._counts["hits"] += 1
        self._leases.settle(key, lease.token, reply)
        return reply
