"""When to leave Redis alone: a breaker for a store that may be missing, and whose every delay a draft would feel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError, ResponseError

FAULTS = (RedisError, OSError, TimeoutError)

SLOW_TO_OPEN = 2
"""Slow replies in a row that count as a fault: a single one may be the connection's first, or this process's own."""


class RestingError(RedisError):
    """The breaker is open; Redis was not asked."""


class RedisHealth:
    """Opens after faults in a row, or after slow replies in a row; then admits one probe.

    Args:
        failures_to_open: Faults in a row.
        open_s: How long it stays open, in seconds.
        slow_s: What counts as a slow reply, in seconds.
        clock: Seconds, monotonic.
    """

    def __init__(
        self, failures_to_open: int, open_s: float, slow_s: float, clock: Callable[[], float]
    ) -> None:
        self._limit, self._open_s, self._slow_s, self._clock = failures_to_open, open_s, slow_s, clock
        self._failures = 0
        self._slow = 0
        self._open_until_s = 0.0
        self._probing = False

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Run one call under the breaker; a cancelled call says nothing and frees the probe's place.

        Raises:
            RestingError: The breaker is open.
        """
        probe = self._admit()
        begun_s = self._clock()
        try:
            yield
        except ResponseError:
            self._note_reply(begun_s)  # an answer, if an unwelcome one: the server is there
            raise
        except FAULTS:
            self._note_fault()
            raise
        else:
            self._note_reply(begun_s)
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        if self._failures < self._limit:
            return False
        if self._probing or self._clock() < self._open_until_s:
            raise RestingError
        self._probing = True
        return True

    def _note_reply(self, begun_s: float) -> None:
        self._slow = self._slow + 1 if self._clock() - begun_s > self._slow_s else 0
        if self._slow < SLOW_TO_OPEN:
            self._failures = 0
        else:
            self._failures = max(self._failures, self._limit)
            self._open_until_s = self._clock() + self._open_s

    def _note_fault(self) -> None:
        self._failures += 1
        self._open_until_s = self._clock() + self._open_s
