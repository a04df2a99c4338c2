"""Trying again: bounded in attempts, in time and in the share of the load."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from actors.errors import ModelUnavailableError, StepFailedError, ThrottledError
from actors.resilience.deadline import Deadline
from actors.resilience.observer import notify
from actors.resilience.retry_budget import RetryBudget
from actors.resilience.verdict import is_transient, judge, reason_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryDetails:
    """One attempt failed and another will follow."""

    step: str
    attempt: int
    """The attempt that failed, counted from 1."""
    wait_s: float
    reason: str


OnRetry = Callable[[RetryDetails], object]


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how patiently to try.

    The waits before the attempts are 0, then `factor`, `factor` squared, …: 0, 1.5 and 2.25 s by default.
    There is no state but the budget's, so one object serves any number of steps.
    """

    attempts: int = 3
    """All of them, the first one included."""
    factor: float = 1.5
    jitter: float = 0.5
    """Each wait is drawn evenly from (1 - jitter) to (1 + jitter) times the plain wait; 0 is exact."""
    patience_s: float = 120.0
    """No single wait is longer; a dependency that asks for more is not tried again."""
    budget: RetryBudget | None = None
    retries: Callable[[BaseException], bool] = is_transient
    """Which errors may pass. Cancellation and the like never reach it."""
    random: Callable[[], float] = random.random
    """Source of numbers in [0, 1)."""

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError("a step is attempted at least once")

    async def __call__(
        self,
        step: str,
        call: Callable[[], Awaitable[T]],
        deadline: Deadline | None = None,
        on_retry: OnRetry | None = None,
    ) -> T:
        """Await `call()` until it succeeds.

        Args:
            step: The name under which a failure is reported.
            call: Started anew for every attempt.
            deadline: No wait is begun that would outlast it. The calls themselves are ended by its `scope`.
            on_retry: Told of every attempt that failed and is followed by another.

        Raises:
            StepFailedError: Every attempt failed, or there is no time or budget for another.
        """
        async for attempt in self.tries(step, deadline, on_retry):
            with attempt:
                return await call()
        raise AssertionError("tries end with a result or an error")

    def tries(self, step: str, deadline: Deadline | None = None, on_retry: OnRetry | None = None) -> "Tries":
        """Return the attempts at one step, to iterate over and to enter one by one."""
        return Tries(self, step, deadline, on_retry)

    def wait_s(self, attempt: int, error: BaseException) -> float:
        """Return the seconds to wait after attempt number `attempt` failed with `error`."""
        spread = 1 + self.jitter * (2 * self.random() - 1)
        own_s = min(self.patience_s, self.factor**attempt * spread)
        if isinstance(error, ThrottledError | ModelUnavailableError):
            return max(own_s, error.retry_after_s)
        return own_s


class Tries:
    """The attempts at one step: `async for attempt in tries: with attempt: return …`.

    Leaving the `with` block by an error that may pass leads to the next attempt; any other way out is final.
    """

    def __init__(self, retry: Retry, step: str, deadline: Deadline | None, on_retry: OnRetry | None) -> None:
        self.number = 0
        self._retry = retry
        self._step = step
        self._deadline = deadline
        self._on_retry = on_retry
        self._wait_s = 0.0
        self._over = False
        self._committed = False

    def commit(self) -> None:
        """Make the current attempt the last one: part of its result has already been given away."""
        self._committed = True

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Self:
        if self._over:
            raise StopAsyncIteration
        if self._wait_s > 0:
            await asyncio.sleep(self._wait_s)
        self.number += 1
        self._over = True
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if error is None:
            self._refund()
            return False
        if not isinstance(error, Exception) or not self._retry.retries(error):
            return False
        self._prepare_next(error)
        return True

    def _refund(self) -> None:
        if self._retry.budget is not None:
            self._retry.budget.refund()

    def _prepare_next(self, error: Exception) -> None:
        """Arrange the wait for the next attempt, or raise StepFailedError when there is none."""
        wait_s = self._retry.wait_s(self.number, error)
        obstacle = self._obstacle(wait_s, error)
        if obstacle is not None:
            raise StepFailedError(self._step, self.number, reason_of(error) + obstacle) from error
        self._wait_s, self._over = wait_s, False
        notify(self._on_retry, RetryDetails(self._step, self.number, wait_s, reason_of(error)))

    def _obstacle(self, wait_s: float, error: Exception) -> str | None:
        """Return why there is no next attempt.

        The budget comes last: it is paid only for a retry that happens.
        """
        if self._committed:
            return " (part of the result was already given away)"
        if self.number >= self._retry.attempts:
            return ""
        if wait_s > self._retry.patience_s:
            return " (asks for more patience than there is)"
        if self._deadline is not None and wait_s >= self._deadline.left_s():
            return " (no time left for another attempt)"
        budget = self._retry.budget
        if budget is not None and not budget.take(after_timeout=judge(error) == "timeout"):
            return " (the budget of retries is spent)"
        return None
