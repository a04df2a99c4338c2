"""The cache's memory: bytes by key, an absolute time to live, a bounded size."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Held:
    value: bytes
    expires_s: float


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

    def get(self, key: str) -> bytes | None:
        """Return the value, or `None` where there is none or its time is over."""
        with self._lock:
            held = self._entries.get(key)
            if held is None:
                return None
            if held.expires_s <= self._clock():
                self._remove(key)
                return None
            self._entries.move_to_end(key)
            return held.value

    def put(self, key: str, value: bytes, ttl_s: float) -> bool:
        """Keep the value for `ttl_s` from now; false where it has no time or is larger than the memory."""
        with self._lock:
            self._remove(key)
            if ttl_s <= 0 or _size(key, value) > self._max_bytes:
                return False
            self._entries[key] = _Held(value, self._clock() + ttl_s)
            self._bytes += _size(key, value)
            self._shrink()
            return True

    def discard(self, key: str) -> None:
        """Forget one value."""
        with self._lock:
            self._remove(key)

    def clear(self) -> None:
        """Forget all values; the count of evictions stays."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0

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
