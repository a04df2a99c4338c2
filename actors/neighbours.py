"""What agents ask of the cache actor and the monitor actor, through a port."""

import logging
from collections.abc import Iterable

from actors.cache_entry import CacheReply
from actors.cache_key import PUBLIC_TENANT
from actors.cache_sealed import Asking, SealedReply
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import LexrayError, TransientError
from actors.ports import AgentPort

logger = logging.getLogger(__name__)

MOST_TOLD = 4096
"""Keys of questions that the cache actor is believed to know."""


class CacheNeighbour:
    """The cache actor, as the research agent sees it.

    A question without words is sent along with its first look-up only: the cache actor counts the next ones by their
    key, and a question takes as long to cross as half of the rest.
    """

    def __init__(self, port: AgentPort) -> None:
        self._port = port
        self._told: set[str] = set()

    async def lookup(
        self, key: str, query: ResearchQuery | None = None, tenant: str = PUBLIC_TENANT, uses: int = 1
    ) -> CacheReply:
        """Return the packet, or a lease to compute it."""
        known = key in self._told and query is not None and not query.words
        asking = Asking(key, None if known else query, tenant, uses)
        reply = SealedReply.unpacked(key, await self._port.call("lookup", asking.packed()))
        self._remember(key, reply)
        return reply.opened(query)

    async def fulfil(self, key: str, token: str, packet: ResearchPacket, degraded: bool = False) -> bool:
        """Hand in the computed packet."""
        kept: bool = await self._port.call("fulfil", key, token, packet, degraded)
        return kept

    async def abandon(self, key: str, token: str, error: LexrayError | None = None) -> bool:
        """Give the lease back."""
        passed: bool = await self._port.call("abandon", key, token, error)
        return passed

    async def prewarm(self, entries: Iterable[tuple[str, ResearchPacket]]) -> int:
        """Store answers that nobody has asked for yet."""
        taken: int = await self._port.call("prewarm", list(entries))
        return taken

    def _remember(self, key: str, reply: SealedReply) -> None:
        if reply.raw is None:  # perhaps the actor was restarted: it is told again
            self._told.discard(key)
            return
        if len(self._told) >= MOST_TOLD:
            self._told.clear()
        self._told.add(key)


class MonitorNeighbour:
    """The monitor actor, as agents and coordinator see it. A draft never waits for it, nor fails with it."""

    def __init__(self, port: AgentPort) -> None:
        self._port = port

    async def save_breaker(self, name: str, snapshot_json: str, saved_at_epoch_s: float) -> None:
        """Keep the state of a breaker."""
        try:
            await self._port.call("save_breaker", name, snapshot_json, saved_at_epoch_s)
        except TransientError as error:
            logger.warning("monitor did not keep breaker=%s: %s", name, error)

    async def load_breaker(self, name: str) -> tuple[str, float] | None:
        """Return the last state of a breaker, or `None` where the monitor has none or is away."""
        try:
            saved: tuple[str, float] | None = await self._port.call("load_breaker", name)
        except TransientError as error:
            logger.warning("monitor did not answer for breaker=%s: %s", name, error)
            return None
        return saved

    async def record_draft(self, record: object) -> None:
        """Count one draft."""
        try:
            await self._port.call("record_draft", record)
        except TransientError as error:
            logger.warning("monitor did not count a draft: %s", error)
