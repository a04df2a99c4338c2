"""A near tier that the first question in words loads: the research of a draft has none, and does not wait for it."""

import asyncio
import logging
from typing import TYPE_CHECKING

from actors.cache_key import Scope
from actors.cache_refresh import Background
from actors.cache_tiers import NearHit, NearTier
from actors.domain.authority import ResearchPacket, ResearchQuery

if TYPE_CHECKING:
    from actors.cache_near import QueryEncoder

logger = logging.getLogger(__name__)

LOAD_AFTER_S = 1.0
"""A process that answers one question and ends shall not load a model for the next."""


class NearWhenAsked:
    """Starts loading at the first question in words, and hands everything on once that is done.

    Until then, and where it fails, every question is a miss. A restart begins anew.

    Args:
        encoder: Constructed, so that missing weights are known at the start; it reads them when it first encodes.
    """

    def __init__(self, encoder: "QueryEncoder") -> None:
        self._encoder = encoder
        self._near: NearTier | None = None
        self._loading = Background()
        self._begun = False
        self.state = "ready to load"
        """`ready to load`, `loading`, `on`, or `failed`; for the cache's figures."""

    async def find(self, key: str, query: ResearchQuery, tenant: str) -> NearHit | None:
        """Return an answer's key that was verified to answer this query too, or `None`."""
        if not query.words.strip():
            return None
        if self._near is not None:
            return await self._near.find(key, query, tenant)
        if not self._begun:
            self._begun, self.state = True, "loading"
            self._loading.start(self._load())
        return None

    async def learn(self, key: str, packet: ResearchPacket) -> None:
        """Take a packet into account, where its question was asked in words."""
        if self._near is not None:
            await self._near.learn(key, packet)

    def forget(self, key: str) -> None:
        """Forget one question."""
        if self._near is not None:
            self._near.forget(key)

    def clear(self, scope: Scope) -> None:
        """Forget the questions of a scope."""
        if self._near is not None:
            self._near.clear(scope)

    async def loaded(self) -> None:
        """Wait until a load that has begun is done."""
        await self._loading.drained()

    async def _load(self) -> None:
        await asyncio.sleep(LOAD_AFTER_S)
        try:
            self._near, self.state = await asyncio.to_thread(self._built), "on"
        except Exception as error:  # noqa: BLE001 - nobody waits for it; exact answers need nothing of it
            self.state = "failed"
            logger.warning("near_tier_not_loaded error=%s", type(error).__name__)

    def _built(self) -> NearTier:
        from actors.cache_near import NearQuestions  # noqa: PLC0415 (numpy and the lexicon, half a second)

        self._encoder.encode_query(
            "Is a contract binding?"
        )  # builds or reads the model's graph: up to three seconds
        return NearQuestions(self._encoder)
