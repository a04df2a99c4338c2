"""Single flight across processes: the first asker of a key computes, under a lease; the others wait."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from actors.errors import BreakerOpenError, DeadlineExceededError, LexrayError, OverloadedError

T = TypeVar("T")

OWN_AFFAIRS = (DeadlineExceededError, OverloadedError, BreakerOpenError)

GRACE_LEASES = 10
"""A lease that ran out while nobody waited is honoured for so many times its length, then forgotten."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right and the duty to compute one key."""

    token: str


@dataclass(slots=True)
class _Flight(Generic[T]):
    token: str
    expired: bool = False
    timer: asyncio.TimerHandle | None = None
    waiting: deque[asyncio.Future[Lease | T]] = field(default_factory=deque)


class Leases(Generic[T]):
    """Who computes what, and who waits for it. For one event loop.

    A holder that says nothing for `lease_s` loses its lease to the next in line, so a killed process delays
    the others by that long at most. A token that is no longer current settles nothing.
    """

    def __init__(self, lease_s: float) -> None:
        self._lease_s = lease_s
        self._flights: dict[str, _Flight[T]] = {}

    def __len__(self) -> int:
        """Return the number of keys under way."""
        return len(self._flights)

    def __contains__(self, key: object) -> bool:
        """Tell whether somebody computes the key."""
        return key in self._flights

    async def claim(self, key: str) -> Lease | T:
        """Return a lease at once where nobody computes the key; else wait for the outcome, or for the lease.

        Raises:
            Exception: What the holder handed to `fail`.
        """
        flight = self._flights.get(key)
        if flight is None or flight.expired:
            return self._grant(key, _Flight(""))
        return await self._queue(key, flight)

    def settle(self, key: str, token: str, outcome: T) -> bool:
        """Hand the outcome to all who wait; false where the token is not current."""
        return self._end(key, token, lambda future: future.set_result(outcome))

    def fail(self, key: str, token: str, error: Exception) -> bool:
        """Raise the error in all who wait; it is not remembered. False where the token is not current."""
        return self._end(key, token, lambda future: future.set_exception(error))

    def pass_on(self, key: str, token: str) -> bool:
        """Give the lease to the next who waits; false where the token is not current."""
        flight = self._current(key, token)
        if flight is None:
            return False
        _disarm(flight)
        heir = _next_waiting(flight)
        if heir is None:
            del self._flights[key]
        else:
            heir.set_result(self._grant(key, flight))
        return True

    async def _queue(self, key: str, flight: _Flight[T]) -> Lease | T:
        future: asyncio.Future[Lease | T] = asyncio.get_running_loop().create_future()
        flight.waiting.append(future)
        try:
            return await future
        except asyncio.CancelledError:
            # The lease may have been handed over in the very tick in which its heir was cancelled.
            if future.done() and not future.cancelled() and future.exception() is None:
                inherited = future.result()
                if isinstance(inherited, Lease):
                    self.pass_on(key, inherited.token)
            raise

    def _grant(self, key: str, flight: _Flight[T]) -> Lease:
        flight.token, flight.expired = secrets.token_hex(8), False
        self._flights[key] = flight
        self._arm(key, flight, self._lease_s)
        return Lease(flight.token)

    def _arm(self, key: str, flight: _Flight[T], delay_s: float) -> None:
        loop = asyncio.get_running_loop()
        flight.timer = loop.call_later(delay_s, self._expire, key, flight.token)

    def _expire(self, key: str, token: str) -> None:
        flight = self._current(key, token)
        if flight is None:
            return
        if flight.expired or any(not future.done() for future in flight.waiting):
            self.pass_on(key, token)
            return
        flight.expired = True
        self._arm(key, flight, self._lease_s * GRACE_LEASES)

    def _end(self, key: str, token: str, finish: Callable[[asyncio.Future[Lease | T]], None]) -> bool:
        flight = self._current(key, token)
        if flight is None:
            return False
        _disarm(flight)
        del self._flights[key]
        while (future := _next_waiting(flight)) is not None:
            finish(future)
        return True

    def _current(self, key: str, token: str) -> _Flight[T] | None:
        flight = self._flights.get(key)
        return flight if flight is not None and flight.token == token else None


def shareable(error: BaseException) -> LexrayError | None:
    """Return the error if it says something about the work, `None` if only about the one who did it.

    A spent budget, a full queue, an open breaker and a cancellation are the holder's own: somebody else may
    succeed. So is a bug, which surfaces where it happens.
    """
    return error if isinstance(error, LexrayError) and not isinstance(error, OWN_AFFAIRS) else None


def _next_waiting(flight: _Flight[T]) -> asyncio.Future[Lease | T] | None:
    while flight.waiting:
        future = flight.waiting.popleft()
        if not future.done():
            return future
    return None


def _disarm(flight: _Flight[T]) -> None:
    if flight.timer is not None:
        flight.timer.cancel()
