"""What may stand behind the cache's memory: a shared store, and a finder of near questions."""

from dataclasses import dataclass
from typing import Protocol

from actors.domain.authority import ResearchPacket, ResearchQuery


@dataclass(frozen=True, slots=True)
class SharedValue:
    """A value of the shared store, with the life that it has left there."""

    value: bytes
    ttl_left_s: float


@dataclass(frozen=True, slots=True)
class SharedStats:
    """What the shared store did so far."""

    hits: int = 0
    misses: int = 0
    errors: int = 0
    """Calls that failed; each read as a miss."""
    skipped: int = 0
    """Calls that were not made, because the store had just failed and was left alone for a while."""
    dropped_writes: int = 0
    """Values that the store did not take."""


class SharedTier(Protocol):
    """A store that several caches share. It fails open: a fault is a miss or a dropped write."""

    async def get(self, key: str) -> SharedValue | None:
        """Return the value, or `None` for a miss or a fault."""

    async def put(self, key: str, value: bytes, ttl_s: float) -> bool:
        """Store the value; false where it was dropped."""

    async def clear(self) -> int:
        """Delete all values of the cache and return how many.

        Raises:
            AgentUnavailableError: The store could not be cleared: here a fault must not pass for success.
        """

    async def close(self) -> None:
        """Let connections go."""

    def stats(self) -> SharedStats:
        """Return the counts so far."""


class NoSharedTier:
    """The embedded default: nothing is shared."""

    async def get(self, key: str) -> SharedValue | None:  # noqa: ARG002
        """Miss."""
        return None

    async def put(self, key: str, value: bytes, ttl_s: float) -> bool:  # noqa: ARG002
        """Keep nothing."""
        return False

    async def clear(self) -> int:
        """Have nothing to delete."""
        return 0

    async def close(self) -> None:
        """Have nothing to close."""

    def stats(self) -> SharedStats:
        """Return zeros."""
        return SharedStats()


class NearTier(Protocol):
    """Finds a packet that answers another wording of the same question.

    Asked after the exact tiers and before computing. It fails closed: what it cannot verify is a miss, and so
    is an error that it raises.
    """

    async def find(self, query: ResearchQuery) -> ResearchPacket | None:
        """Return a packet that was verified to answer this query, under its own query, or `None`."""

    async def learn(self, packet: ResearchPacket) -> None:
        """Take a freshly computed, complete packet into account."""


class NoNearTier:
    """The default: only exact questions are answered from the cache."""

    async def find(self, query: ResearchQuery) -> ResearchPacket | None:  # noqa: ARG002
        """Miss."""
        return None

    async def learn(self, packet: ResearchPacket) -> None:
        """Forget it."""
