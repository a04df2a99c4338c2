"""A near tier that the first question in words loads: the research of a draft has none, and does not wait for it."""

from typing import TYPE_CHECKING

from actors.cache_key import Scope
from actors.cache_tiers import NearHit, NearTier
from actors.domain.authority import ResearchPacket, ResearchQuery

if TYPE_CHECKING:
    from actors.cache_near import QueryEncoder


class NearWhenAsked:
    """Hands everything on to `NearQuestions` from the first question in words on.

    Args:
        encoder: Constructed, so that missing weights are known at the start; it loads them when it first encodes.
    """

    def __init__(self, encoder: "QueryEncoder") -> None:
        self._encoder = encoder
        self._near: NearTier | None = None

    async def find(self, key: str, query: ResearchQuery, tenant: str) -> NearHit | None:
        """Return an answer's key that was verified to answer this query too, or `None`."""
        if not query.words.strip():
            return None
        if self._near is None:
            from actors.cache_near import NearQuestions  # noqa: PLC0415 (reads the lexicon, half a second)

            self._near = NearQuestions(self._encoder)
        return await self._near.find(key, query, tenant)

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
