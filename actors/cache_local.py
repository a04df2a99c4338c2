"""The small memory in each research agent, in front of the cache that all agents share."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from actors.cache_entry import CacheReply
from actors.cache_key import PUBLIC_TENANT
from actors.cache_lease import Leases, shareable
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import LexrayError, TransientError


class CachePort(Protocol):
    """The cache as the research agent sees it, wherever it runs."""

    async def lookup(
        self, key: str, query: ResearchQuery | None = None, tenant: str = PUBLIC_TENANT, uses: int = 1
    ) -> CacheReply:
        """Return the packet, or a lease to compute it."""

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool = False) -> bool:
        """Hand in the computed packet."""

    async def abandon(self, key: str, token: str, error: LexrayError | None = None) -> bool:
        """Give the lease back."""

    async def prewarm(self, entries: Iterable[tuple[str, ResearchPacket]]) -> int:
        """Store answers that nobody has asked for yet."""


@dataclass(slots=True)
class _Held:
    reply: CacheReply
    expires_s: float
    size_bytes: int
    uses: int = 0


class LocalCache:
    """Answers again within seconds what this process has just been told, and asks the shared cache once at a time.

    Exact and complete packets only, as the objects that they are (they are frozen, nobody needs a copy), without the
    words of a question. Where the
    shared cache is away, simultaneous questions of this process are still computed once. A restart loses nothing that
    the shared cache does not know.

    Args:
        cache: The one behind.
        life_s: Life of a packet here, never longer than what it has left there; 0 keeps nothing. It is also how long
            a `clear` may go unnoticed; the next look-up of any other question notices it.
        max_bytes: Bound on the packets, as their JSON counts.
        lease_s: How long a silent computation keeps others of this process waiting.
        clock: Seconds, monotonic.
    """

    def __init__(
        self,
        cache: CachePort,
        life_s: float,
        max_bytes: int,
        *,
        lease_s: float = 30,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cache = cache
        self._life_s, self._max_bytes, self._clock = life_s, max_bytes, clock
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._bytes = 0
        self._leases: Leases[CacheReply] = Leases(lease_s)
        self._tokens: dict[str, str | None] = {}
        self._generation = 0
        self._counts: Counter[str] = Counter()

    async def lookup(
        self, key: str, query: ResearchQuery | None = None, tenant: str = PUBLIC_TENANT, uses: int = 1
    ) -> CacheReply:
        """Return the packet, or a lease to compute it; wait while somebody in this process finds out."""
        held = self._recall(key, uses)
        if held is not None:
            return held.under(query)
        claim = await self._leases.claim(key)
        if isinstance(claim, CacheReply):
            self._counts["local_joins"] += 1
            return claim.under(query)
        try:
            reply = await self._ask(key, query, tenant, uses)
        except BaseException as error:  # cancellation, too: somebody may be waiting
            self._give_up(key, claim.token, shareable(error))
            raise
        if reply.packet is None:
            self._tokens[claim.token] = reply.token
            return reply.model_copy(update={"token": claim.token})
        self._leases.settle(key, claim.token, self._kept(key, reply))
        return reply

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool = False) -> bool:
        """Hand the packet to those who wait here, keep it, and hand it on to the shared cache."""
        reply = CacheReply(source="exact", tier="flight", packet=packet, degraded=degraded)
        self._leases.settle(key, token, self._kept(key, reply))
        behind = self._tokens.pop(token, token)  # a refresh has the shared cache's own token
        return behind is not None and await self._cache.fulfil(key, behind, packet, degraded)

    async def abandon(self, key: str, token: str, error: LexrayError | None = None) -> bool:
        """Give the lease back, here and in the shared cache."""
        behind = self._tokens.pop(token, token)
        try:
            return behind is not None and await self._cache.abandon(key, behind, error)
        finally:
            self._give_up(key, token, error)

    async def prewarm(self, entries: Iterable[tuple[str, ResearchPacket]]) -> int:
        """Leave it to the shared cache: whether anybody will ask this process is not known."""
        return await self._cache.prewarm(entries)

    def clear(self) -> None:
        """Forget all packets; counters stay."""
        self._held.clear()
        self._bytes = 0

    def stats(self) -> dict[str, int]:
        """Return sizes and counts since the start."""
        counts = {name: self._counts[name] for name in ("local_hits", "local_joins", "local_away")}
        return {"local_entries": len(self._held), "local_bytes": self._bytes, **counts}

    async def _ask(self, key: str, query: ResearchQuery | None, tenant: str, uses: int) -> CacheReply:
        lapsed = self._forget(key)
        try:
            reply = await self._cache.lookup(key, query, tenant, uses + (lapsed.uses if lapsed else 0))
        except TransientError:
            # The cache fails open: without it research is slower, not wrong.
            self._counts["local_away"] += 1
            return CacheReply(source="miss")
        if reply.generation != self._generation:
            self.clear()
            self._generation = reply.generation
        return reply

    def _give_up(self, key: str, token: str, error: LexrayError | None) -> None:
        if error is None:
            self._leases.pass_on(key, token)
        else:
            self._leases.fail(key, token, error)

    def _recall(self, key: str, uses: int) -> CacheReply | None:
        held = self._held.get(key)
        if held is None or held.expires_s <= self._clock():
            return None
        self._held.move_to_end(key)
        held.uses += uses
        self._counts["local_hits"] += uses
        return held.reply

    def _kept(self, key: str, reply: CacheReply) -> CacheReply:
        """Keep a reply, if it is one to keep, and return it as others of this process may have it."""
        shared = _without_words(reply).model_copy(update={"refresh_token": None, "tier": "local"})
        life_s = self._life_s if reply.ttl_left_s is None else min(self._life_s, reply.ttl_left_s)
        if reply.packet is None or reply.source != "exact" or reply.degraded or life_s <= 0:
            return shared
        self._forget(key)
        size_bytes = reply.size_bytes or len(reply.packet.model_dump_json())
        self._held[key] = _Held(shared, self._clock() + life_s, size_bytes)
        self._bytes += size_bytes
        while self._bytes > self._max_bytes:
            self._forget(next(iter(self._held)))
        return shared

    def _forget(self, key: str) -> _Held | None:
        held = self._held.pop(key, None)
        if held is not None:
            self._bytes -= held.size_bytes
        return held


def _without_words(reply: CacheReply) -> CacheReply:
    """Return a reply as it may be kept: words are the asker's, and each asker's own come back with the answer."""
    if reply.packet is None or reply.source != "exact":
        return reply
    return reply.under(reply.packet.query.model_copy(update={"words": ""}))
