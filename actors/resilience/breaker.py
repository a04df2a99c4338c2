"""The circuit breaker, and the only importer of aiobreaker.

aiobreaker keeps the states, their transitions and the listeners. It is unmaintained, and on its own it would
let everyone through when half-open, count only consecutive failures, miss streams and timeouts, replace the
error that trips it, and tell the time wrongly off UTC; so admission, evidence, time and persistence are ours.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from actors.resilience.unimported import unimported

with unimported("redis"):  # its Redis storage, unused here, would cost every process 0.2 s of client imports
    import aiobreaker  # noqa: TID251  # this is the module that may
    from aiobreaker.storage.memory import CircuitMemoryStorage  # noqa: TID251

from actors.errors import BreakerOpenError
from actors.resilience.clock import now_s
from actors.resilience.evidence import Evidence, TripRule
from actors.resilience.observer import notify
from actors.resilience.verdict import Verdict, judge

State = Literal["closed", "open", "half_open"]

STATES: dict[State, aiobreaker.CircuitBreakerState] = {
    "closed": aiobreaker.CircuitBreakerState.CLOSED,
    "open": aiobreaker.CircuitBreakerState.OPEN,
    "half_open": aiobreaker.CircuitBreakerState.HALF_OPEN,
}
NAMES = {state: name for name, state in STATES.items()}

PROBE_WAIT_S = 1.0
"""What callers are told to wait while somebody else's probe is under way, whose end nobody knows."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BreakerSnapshot:
    """What a breaker must not forget when its process dies.

    Plain values: `dataclasses.asdict` of it is JSON.
    """

    state: State
    failures: int
    """Failures in a row."""
    timeouts_only: bool
    remaining_open_s: float
    trips: int
    """How often it has opened in its life."""


@dataclass(frozen=True, slots=True)
class BreakerChange:
    """A breaker has changed its state."""

    name: str
    old: State
    new: State
    failures: int


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to make one call, to be settled with its outcome."""

    generation: int


class Breaker:
    """Stops calling a dependency that fails, and finds out with single calls whether it is back.

    Belongs to one event loop (or one thread): between awaits nothing interrupts it, which is all its locking.
    A restart loses everything but what `snapshot` gave and `restore` is given back.
    """

    def __init__(
        self,
        name: str,
        rule: TripRule | None = None,
        open_s: float = 60.0,
        *,
        judge: Callable[[BaseException], Verdict] = judge,
        on_change: Callable[[BreakerChange], object] | None = None,
        clock: Callable[[], float] = now_s,
    ) -> None:
        self.name = name
        self.trips = 0
        self._rule = rule or TripRule()
        self._open_s = open_s
        self._judge = judge
        self._on_change = on_change
        self._clock = clock
        self._evidence = Evidence(self._rule)
        self._open_until_s = 0.0
        self._generation = 0
        self._probing = False
        self._circuit = self._machine("closed")

    @property
    def state(self) -> State:
        """The state as the next caller will find it: once the open time is over, that is half-open."""
        stored = NAMES[self._circuit.current_state]
        return "half_open" if stored == "open" and not self.remaining_open_s() else stored

    def remaining_open_s(self) -> float:
        """Return the seconds until a probe is admitted; 0 unless open."""
        if self._circuit.current_state is not STATES["open"]:
            return 0.0
        return max(0.0, self._open_until_s - self._clock())

    @asynccontextmanager
    async def guard(self) -> AsyncIterator[None]:
        """Guard the body: one call, or a stream from its start to its end.

        An error of the body is counted or not, and always raised as it is.

        Raises:
            BreakerOpenError: The circuit is open, or half-open with a probe under way; the body did not run.
        """
        permit = self.admit()
        try:
            yield
        except BaseException as error:
            self.settle(permit, self._judge(error))
            raise
        self.settle(permit, "success")

    def admit(self) -> Permit:
        """Return the right to make one call. Whoever holds it must settle it; `guard` does both."""
        if remaining_s := self.remaining_open_s():
            raise BreakerOpenError(self.name, remaining_s)
        if self._circuit.current_state is STATES["open"]:
            self._circuit.half_open()
        if self._circuit.current_state is STATES["half_open"]:
            if self._probing:
                raise BreakerOpenError(self.name, PROBE_WAIT_S)
            self._probing = True
        return Permit(self._generation)

    def settle(self, permit: Permit, verdict: Verdict) -> None:
        """Record how a call went.

        A permit from before the latest change of state is ignored: what it tells is old, and it must neither
        prolong the open time nor undo a recovery.
        """
        if permit.generation != self._generation:
            return
        self._probing = False
        if verdict == "success":
            self._evidence.success(self._clock())
            self._circuit.state.on_success()
        elif verdict != "neutral":
            self._evidence.failure(verdict, self._clock())
            # The state machine raises its own error when it opens; the caller is to see the real one.
            with suppress(aiobreaker.CircuitBreakerError):
                self._circuit.state.on_failure(None)

    def snapshot(self) -> BreakerSnapshot:
        """Return what a successor needs to continue."""
        return BreakerSnapshot(
            state=self.state,
            failures=self._evidence.streak,
            timeouts_only=self._evidence.timeouts_only,
            remaining_open_s=self.remaining_open_s(),
            trips=self.trips,
        )

    def restore(self, snapshot: BreakerSnapshot, elapsed_s: float) -> None:
        """Continue where `snapshot` was taken `elapsed_s` seconds ago.

        Calls in flight no longer count; no event.
        """
        now, elapsed_s = self._clock(), max(0.0, elapsed_s)
        self._evidence = Evidence.resumed(
            self._rule, snapshot.failures, timeouts_only=snapshot.timeouts_only, since_s=now - elapsed_s
        )
        self.trips = snapshot.trips
        self._open_until_s = now + min(self._open_s, snapshot.remaining_open_s - elapsed_s)
        self._generation += 1
        self._probing = False
        self._circuit = self._machine(snapshot.state)

    def _machine(self, state: State) -> "Circuit":
        return Circuit(state, lambda: self._evidence.is_enough(self._clock()), self._changed)

    def _changed(self, old: State, new: State) -> None:
        self._generation += 1
        self._probing = False
        if new == "open":
            self.trips += 1
            self._open_until_s = self._clock() + self._open_s
        if new == "closed":
            self._evidence = Evidence(self._rule)
        failures = self._evidence.streak
        logger.info("breaker=%s old=%s new=%s failures=%d", self.name, old, new, failures)
        notify(self._on_change, BreakerChange(self.name, old, new, failures))


class Circuit(aiobreaker.CircuitBreaker):  # type: ignore[misc]  # the library has no types
    """aiobreaker's machine, which asks its owner for evidence and never for the time."""

    opens_at = None
    """The library's own mixes UTC with local time."""

    def __init__(
        self, state: State, has_enough: Callable[[], bool], changed: Callable[[State, State], None]
    ) -> None:
        storage = Storage(STATES[state], has_enough)
        super().__init__(fail_max=1, listeners=[Relay(changed)], state_storage=storage)

    def open(self) -> None:
        """Open the circuit. The library's own method calls `utcnow`, which is an error under `-W error`."""
        self._enter(STATES["open"])

    def half_open(self) -> None:
        """Let the next call through as a probe."""
        self._enter(STATES["half_open"])

    def close(self) -> None:
        """Let all calls through."""
        self._enter(STATES["closed"])

    def _enter(self, state: aiobreaker.CircuitBreakerState) -> None:
        # The storage first: the library does it after its listeners, who would then still see the old state.
        self._state_storage.state = state
        self.state = state


class Storage(CircuitMemoryStorage):  # type: ignore[misc]
    """Turns the evidence into the counter that aiobreaker compares with its `fail_max` of 1."""

    def __init__(self, state: aiobreaker.CircuitBreakerState, has_enough: Callable[[], bool]) -> None:
        super().__init__(state)
        self._has_enough = has_enough

    @property
    def counter(self) -> int:
        """1 when the evidence is enough to trip, else 0."""
        return int(self._has_enough())


class Relay(aiobreaker.CircuitBreakerListener):  # type: ignore[misc]
    """Reports changes of state under our names."""

    def __init__(self, changed: Callable[[State, State], None]) -> None:
        self._changed = changed

    def state_change(
        self,
        breaker: Circuit,  # noqa: ARG002  # the library passes it by position
        old: aiobreaker.CircuitBreakerState,
        new: aiobreaker.CircuitBreakerState,
    ) -> None:
        """Pass on one change."""
        self._changed(NAMES[old.state], NAMES[new.state])
