"""What may stand behind the cache's memory: a shared store, and a finder of near questions."""

from dataclasses import dataclass
from typing import Protocol

from actors.cache_key import Scope
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.domain.matter import Value


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
    waits: int = 0
    """Questions that waited for another cache to compute the answer."""
    late_writes: int = 0
    """Values refused because another cache had taken the computation over meanwhile."""


class SharedTier(Protocol):
    """A store that several caches share. It fails open: a fault is a miss or a dropped write.

    A miss gives the asking cache the computation, under a lease: `put` or `release` ends it. Other caches that ask
    meanwhile wait for the value, a bounded time, and then compute it themselves.
    """

    async def get(self, key: str) -> SharedValue | None:
        """Return the value; `None`, for a miss or a fault, means: compute it."""

    async def put(self, key: str, value: bytes, ttl_s: float, *, overwrite: bool = False) -> bool:
        """Store the value; false where it was dropped, or where another cache has the lease by now.

        Args:
            key: As asked for.
            value: What to store.
            ttl_s: Its life.
            overwrite: Store it whoever has the lease, in place of what is there.
        """

    async def release(self, key: str) -> None:
        """Give the computation back: there will be no value."""

    async def discard(self, key: str) -> None:
        """Delete a value that turned out to be none; the asking cache computes it, without a lease."""

    async def clear(self, scope: Scope) -> int:
        """Delete the values of a scope and return how many.

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

    async def put(self, key: str, value: bytes, ttl_s: float, *, overwrite: bool = False) -> bool:  # noqa: ARG002
        """Keep nothing."""
        return False

    async def release(self, key: str) -> None:
        """Have nothing to give back."""

    async def discard(self, key: str) -> None:
        """Have nothing to delete."""

    async def clear(self, scope: Scope) -> int:  # noqa: ARG002
        """Have nothing to delete."""
        return 0

    async def close(self) -> None:
        """Have nothing to close."""

    def stats(self) -> SharedStats:
        """Return zeros."""
        return SharedStats()


class NearProvenance(Value):
    """Where a near answer comes from, for the report: a reader can judge whether it was the same question."""

    matched_query: str
    """The words that the answer was computed for."""
    cosine: float
    weakest_word: float
    """The lowest of all words' best cosine with a word of the other question."""
    guards: tuple[str, ...]
    """The guards that were passed, all of them."""
    age_s: float
    """Since the answer was computed, in seconds."""
    embedder: str


@dataclass(frozen=True, slots=True)
class NearHit:
    """A question that was found to be the same."""

    key: str
    """Under which its answer is stored."""
    provenance: NearProvenance


class NearTier(Protocol):
    """Finds the key of an answer to another wording of the same question.

    Asked after the exact tiers and before computing. It fails closed: what it cannot verify is a miss, and so
    is an error that it raises.
    """

    async def find(self, key: str, query: ResearchQuery, tenant: str) -> NearHit | None:
        """Return an answer's key that was verified to answer this query too, or `None`."""

    async def learn(self, key: str, packet: ResearchPacket) -> None:
        """Take a freshly computed, complete packet into account, stored under a key that `find` was asked for."""

    def forget(self, key: str) -> None:
        """Forget one question: its answer is gone."""

    def clear(self, scope: Scope) -> None:
        """Forget the questions of a scope: their answers are no longer wanted."""


class NoNearTier:
    """Only exact questions are answered from the cache."""

    async def find(self, key: str, query: ResearchQuery, tenant: str) -> NearHit | None:  # noqa: ARG002
        """Miss."""
        return None

    async def learn(self, key: str, packet: ResearchPacket) -> None:
        """Forget it."""

    def forget(self, key: str) -> None:
        """Have nothing to forget."""

    def clear(self, scope: Scope) -> None:
        """Have nothing to forget."""
