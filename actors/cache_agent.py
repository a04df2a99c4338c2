"""The cache actor: holds legal research for all who draft."""

import datetime
from typing import Any

from pydantic import SecretStr

from actors.cache import LegalSearchCache
from actors.cache_entry import CacheReply
from actors.cache_tiers import SharedTier
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import LexrayError


class CacheAgent:
    """A mailbox around one cache. A restart loses its memory; Redis, where there is one, keeps what it has."""

    def __init__(self, ttl_s: float, max_bytes: int, redis_url: SecretStr | None) -> None:
        self._cache = LegalSearchCache(ttl_s, max_bytes=max_bytes, shared=_redis(redis_url))
        self._since = datetime.datetime.now(datetime.UTC)

    async def lookup(self, key: str, query: ResearchQuery | None) -> CacheReply:
        """Return the packet, or a lease to compute it."""
        return await self._cache.lookup(key, query)

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool) -> bool:
        """Take the packet that the lease was given for."""
        return await self._cache.fulfil(key, token, packet, degraded)

    async def abandon(self, key: str, token: str, error: LexrayError | None) -> bool:
        """Take a lease back."""
        return await self._cache.abandon(key, token, error)

    async def clear(self) -> int:
        """Empty memory and Redis; return how many values Redis deleted."""
        return await self._cache.clear_everywhere()

    async def stats(self) -> dict[str, Any]:
        """Return the cache's figures."""
        return {**self._cache.get_stats(), "since": self._since.isoformat(timespec="seconds")}


def _redis(url: SecretStr | None) -> SharedTier | None:
    if url is None:
        return None
    from actors.redis_tier import RedisTier  # noqa: PLC0415 (a client that only some deployments need, slow to import)

    return RedisTier(url.get_secret_value())
