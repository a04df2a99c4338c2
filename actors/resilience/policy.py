"""The one order of policies."""

import enum
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar, TypeVarTuple

from actors.errors import AttemptTimeoutError, BreakerOpenError, LexrayError, OverloadedError
from actors.resilience.breaker import Breaker
from actors.resilience.bulkhead import Bulkhead
from actors.resilience.deadline import Deadline, attempt_timeout
from actors.resilience.observer import notify
from actors.resilience.policy_events import Kind, PolicyCounts, PolicyEvent, PolicyEvents
from actors.resilience.retry import Retry, RetryDetails, Tries
from actors.resilience.verdict import reason_of

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class End(enum.Enum):
    """Marks the end of a stream, whose items may be anything."""

    END = enum.auto()


END: Final = End.END

KINDS: dict[type[LexrayError], Kind] = {
    AttemptTimeoutError: "timed_out",
    BreakerOpenError: "rejected",
    OverloadedError: "overloaded",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """All policies around the calls of one step.

    Outermost first: step deadline, retry, bulkhead, breaker, attempt timeout, the call. The attempt timeout
    is inside the breaker, so that a hanging dependency counts against it. The breaker is inside the retry:
    every attempt is evidence, and a circuit that opens ends the attempts at once. The bulkhead is between
    them: nobody holds a permit while waiting for the next attempt, and waiting for a permit is nobody's
    timeout.
    """

    step: str
    retry: Retry
    bulkhead: Bulkhead
    breaker: Breaker
    attempt_s: float = 30.0
    step_s: float = 100.0
    """Long enough for all attempts and the waits between them; never longer than the deadline passed to the
    call."""
    events: PolicyEvents = field(default_factory=PolicyCounts)

    async def __call__(
        self, call: Callable[[*Ts], Awaitable[T]], *args: *Ts, deadline: Deadline | None = None
    ) -> T:
        """Return the result of `call(*args)`.

        Args:
            call: May run several times: give it an idempotency key if it has effects.
            args: Passed on.
            deadline: Of the work that this step belongs to.

        Raises:
            StepFailedError: All attempts failed.
            DeadlineExceededError: Time ran out.
            BreakerOpenError: The dependency is resting.
            OverloadedError: Too much is in flight.
        """
        own = self._deadline(deadline)
        async with own.scope(self.step):
            async for attempt in self._tries(own):
                with attempt, self._observed(attempt.number):
                    async with (
                        self.bulkhead.slot(),
                        self.breaker.guard(),
                        attempt_timeout(self.step, self.attempt_s),
                    ):
                        return await call(*args)
        raise AssertionError("tries end with a result or an error")

    async def stream(
        self, make_stream: Callable[[*Ts], AsyncIterator[T]], *args: *Ts, deadline: Deadline | None = None
    ) -> AsyncGenerator[T, None]:
        """Yield the items of `make_stream(*args)`, under the same policies and errors as a call.

        A stream is tried again only before its first item; later its failure is a StepFailedError, for a
        second attempt would splice other words onto those already given away. `attempt_s` limits the wait for
        each item; the time that the consumer takes is limited by the step's deadline only. Close it with
        `contextlib.aclosing`.
        """
        own = self._deadline(deadline)
        async for attempt in self._tries(own):
            with attempt, self._observed(attempt.number):
                async with self._slot(own), self.breaker.guard(), closing(make_stream(*args)) as items:
                    while (item := await self._next(items, own)) is not END:
                        attempt.commit()
                        yield item

    def _deadline(self, outer: Deadline | None) -> Deadline:
        return outer.child(self.step_s) if outer else Deadline.after(self.step_s)

    def _tries(self, deadline: Deadline) -> Tries:
        return self.retry.tries(self.step, deadline, self._retried)

    @asynccontextmanager
    async def _slot(self, deadline: Deadline) -> AsyncIterator[None]:
        """Hold a slot of the bulkhead.

        Only the wait for it is under the deadline's scope: see `Deadline.scope`.
        """
        async with AsyncExitStack() as held:
            async with deadline.scope(self.step):
                await held.enter_async_context(self.bulkhead.slot())
            yield

    async def _next(self, items: AsyncIterator[T], deadline: Deadline) -> T | Literal[End.END]:
        async with deadline.scope(self.step), attempt_timeout(self.step, self.attempt_s):
            return await anext(items, END)

    @contextmanager
    def _observed(self, attempt: int) -> Iterator[None]:
        self._record("attempted", attempt)
        try:
            yield
        except tuple(KINDS) as error:
            kind = next(kind for family, kind in KINDS.items() if isinstance(error, family))
            self._record(kind, attempt, reason_of(error))
            raise

    def _retried(self, details: RetryDetails) -> None:
        self._record("retried", details.attempt, details.reason, details.wait_s)

    def _record(self, kind: Kind, attempt: int, reason: str = "", wait_s: float = 0.0) -> None:
        notify(self.events.record, PolicyEvent(kind, self.step, attempt, reason, wait_s))


@asynccontextmanager
async def closing(items: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """Close `items` on the way out, if they can be closed.

    Unlike `aclosing` it takes any asynchronous iterator.
    """
    try:
        yield items
    finally:
        aclose = getattr(items, "aclose", None)
        if aclose is not None:
            await aclose()
