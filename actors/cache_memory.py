"""The cache's memory: bytes by key, an absolute time to live, a bounded size."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from actors.cache_key import EVERYTHING, Scope


@dataclass(slots=True)
class _Held:
    value: bytes
    expires_s: float
    life_s: float
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Recalled:
    """A value with its life, as a reader finds it."""

    value: bytes
    life_s: float
    """From its storing to its end."""
    left_s: float
    uses: int
    """How often it was asked for in this life, this time included."""


@dataclass(frozen=True, slots=True)
class MemoryStats:
    """A count of what the memory holds; expired entries stay until they are asked for or pushed out."""

    total_entries: int
    expired_entries: int
    bytes: int
    evictions: int


class CacheMemory:
    """Least recently used values leave first when the bytes run out.

    A read moves a value to the young end but never extends its life. Locked, because statistics may be read
    from another thread (a concurrency group of an actor has its own).

    Args:
        max_bytes: Bound on the sum of the sizes of all values and keys.
        clock: Seconds, monotonic.
    """

    def __init__(self, max_bytes: int, clock: Callable[[], float]) -> None:
        self._max_bytes = max_bytes
        self._clock = clock
        self._entries: OrderedDict[str, _Held] = OrderedDict()
        self._bytes = 0
        self._evictions = 0
        self._lock = threading.Lock()

    def get(self, key: str, uses: int = 1) -> Recalled | None:
        """Return the value, or `None` where there is none or its time is over.

        Args:
            key: As it was stored.
            uses: How many times this one reading stands for.
        """
        with self._lock:
            held = self._entries.get(key)
            if held is None:
                return None
            left_s = held.expires_s - self._clock()
            if left_s <= 0:
                self._remove(key)
                return None
            self._entries.move_to_end(key)
            held.uses += uses
            return Recalled(held.value, held.life_s, left_s, held.uses)

    def put(self, key: str, value: bytes, ttl_s: float) -> bool:
        """Keep the value for `ttl_s` from now; false where it has no time or is larger than the memory."""
        with self._lock:
            self._remove(key)
            if ttl_s <= 0 or _size(key, value) > self._max_bytes:
                return False
            self._entries[key] = _Held(value, self._clock() + ttl_s, ttl_s)
            self._bytes += _size(key, value)
            self._shrink()
            return True

    def clear(self, scope: Scope = EVERYTHING) -> None:
        """Forget the values of a scope; the count of evictions stays. Costs one pass over the entries."""
        with self._lock:
            for key in [key for key in self._entries if scope.covers(key)]:
                self._remove(key)

    def stats(self) -> MemoryStats:
        """Count the entries; costs one pass over them."""
        with self._lock:
            now_s = self._clock()
            expired = sum(held.expires_s <= now_s for held in self._entries.values())
            return MemoryStats(len(self._entries), expired, self._bytes, self._evictions)

    def _shrink(self) -> None:
        while self._bytes > self._max_bytes:
            self._remove(next(iter(self._entries)))
            self._evictions += 1

    def _remove(self, key: str) -> None:
        held = self._entries.pop(key, None)
        if held is not None:
            self._bytes -= _size(key, held.value)


def _size(key: str, value: bytes) -> int:
    return len(key) + len(value)
