"""One execution for all who ask the same at the same time."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(slots=True)
class Flight(Generic[T]):
    """One execution and the number of callers that wait for it."""

    task: asyncio.Task[T]
    callers: int = 0


class SingleFlight(Generic[K, T]):
    """Joins calls of equal keys that overlap in time. It remembers nothing: neither results nor errors.

    The work runs in a task of its own, so a caller that is cancelled or timed out takes only itself away.
    When the last one leaves, the work is cancelled; who asks after that starts anew, even while the old work
    cleans up.
    """

    def __init__(self) -> None:
        self._flights: dict[K, Flight[T]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    async def run(self, key: K, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the result of the flight of `key`, or raise its error; `call` starts it if need be."""
        flight = self._flights.get(key)
        # A finished flight stays listed until its callbacks run; joining it would hand out an old result or
        # error.
        if flight is None or flight.task.done():
            flight = self._start(key, call)
        flight.callers += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.callers -= 1
            if not flight.callers and not flight.task.done():
                self._forget(key, flight)
                flight.task.cancel()

    def _start(self, key: K, call: Callable[[], Coroutine[Any, Any, T]]) -> Flight[T]:
        flight = Flight(asyncio.create_task(call()))
        self._flights[key] = flight
        flight.task.add_done_callback(lambda _: self._land(key, flight))
        return flight

    def _land(self, key: K, flight: Flight[T]) -> None:
        self._forget(key, flight)
        # Looked at, so that asyncio does not report the error of a flight that everyone has left as
        # forgotten.
        if not flight.task.cancelled():
            flight.task.exception()

    def _forget(self, key: K, flight: Flight[T]) -> None:
        # A successor may have taken the key while this flight was being cancelled.
        if self._flights.get(key) is flight:
            del self._flights[key]
