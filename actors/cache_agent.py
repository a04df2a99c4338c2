"""The cache actor: holds legal research for all who draft."""

import asyncio
import datetime
import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from actors.cache import LegalSearchCache
from actors.cache_key import Scope
from actors.cache_near_start import NearWhenAsked
from actors.cache_refresh import Background
from actors.cache_sealed import Asking
from actors.cache_tiers import SharedTier
from actors.cache_uses import MOST_QUESTIONS, Use, UseCounts, UsesFile
from actors.domain.authority import ResearchPacket
from actors.errors import LexrayError, ResourceMissingError
from actors.retrieval.minilm import MiniLM

logger = logging.getLogger(__name__)

SAVE_EVERY_S = 60.0
"""Between two savings of the counts; so much of them a restart may lose."""


class CacheAgent:
    """A mailbox around one cache. A restart loses its memory; Redis, where there is one, keeps what it has.

    Args:
        ttl_s: Life of a packet, in seconds.
        max_bytes: Bound of the memory.
        redis_url: Of the Redis behind it.
        redis_timeout_s: Limit on its replies; half of it is slow.
        uses_file: Where the counts of questions outlive this process; `None` keeps them in memory.
        near: Whether the same question in other words is answered too. Without MiniLM's weights it is not, and the log
            and `stats` say so.
    """

    def __init__(
        self,
        ttl_s: float,
        max_bytes: int,
        redis_url: SecretStr | None,
        redis_timeout_s: float = 0.04,
        uses_file: Path | None = None,
        near: bool = False,
    ) -> None:
        self._near, self._near_refused = _near(wanted=near)
        self._cache = LegalSearchCache(
            ttl_s, max_bytes=max_bytes, shared=_redis(redis_url, redis_timeout_s), near=self._near
        )
        self._since = datetime.datetime.now(datetime.UTC)
        self._uses, self._uses_file = UseCounts(), UsesFile(uses_file)
        self._uses.recall(self._uses_file.load())
        self._background = Background()
        self._saved_s = time.monotonic()

    async def lookup(self, packed: str) -> bytes:
        """Return the packet as it is stored, or a lease to compute it: an `Asking`, answered by a `SealedReply`."""
        asking = Asking.unpacked(packed)
        self._uses.note(*asking)
        if time.monotonic() - self._saved_s > SAVE_EVERY_S:
            self._background.start(self._save_uses())
        return (await self._cache.find(*asking)).packed()

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool) -> bool:
        """Take the packet that the lease was given for."""
        return await self._cache.fulfil(key, token, packet, degraded)

    async def abandon(self, key: str, token: str, error: LexrayError | None) -> bool:
        """Take a lease back."""
        return await self._cache.abandon(key, token, error)

    async def prewarm(self, entries: Iterable[tuple[str, ResearchPacket]]) -> int:
        """Store answers that nobody has asked for yet; return how many the memory took."""
        return await self._cache.prewarm(entries)

    async def most_used(self, count: int) -> list[Use]:
        """Return the questions of drafts that were asked most often, those of earlier runs counting half."""
        await self._save_uses()
        return self._uses.most_used(count)

    async def clear(self, scope: Scope) -> int:
        """Drop a scope from memory and Redis; return how many values Redis deleted."""
        return await self._cache.clear_everywhere(scope)

    async def stats(self) -> dict[str, Any]:
        """Return the cache's figures."""
        since = self._since.isoformat(timespec="seconds")
        state = self._near.state if self._near else self._near_refused
        return {**self._cache.get_stats(), "near_tier": state, "since": since}

    async def _save_uses(self) -> None:
        self._saved_s = time.monotonic()
        await asyncio.to_thread(self._uses_file.save, self._uses.most_used(MOST_QUESTIONS))


def _near(*, wanted: bool) -> tuple[NearWhenAsked | None, str]:
    """Return the near tier, or why there is none."""
    if not wanted:
        return None, "off"
    try:
        return NearWhenAsked(MiniLM()), ""
    except ResourceMissingError as error:
        logger.warning("near_tier_not_started reason=%s", error)
        return None, f"not started: {error}"


def _redis(url: SecretStr | None, timeout_s: float) -> SharedTier | None:
    if url is None:
        return None
    from actors.redis_tier import RedisTier  # noqa: PLC0415 (a client that only some deployments need, slow to import)

    return RedisTier(url.get_secret_value(), timeout_s=timeout_s, slow_s=timeout_s / 2)
