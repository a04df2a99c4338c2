"""The policies under the names and with the arguments that callers of foreign functions know them by.

The functions wrapped here do not know our error types: any exception counts as a failure that may pass,
except those of our own errors that are final (a wrong request, an open breaker, a spent deadline). No failure
becomes a result.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Literal, ParamSpec, TypeVar, overload

from actors.resilience.breaker import Breaker, State
from actors.resilience.deadline import attempt_timeout
from actors.resilience.evidence import TripRule
from actors.resilience.fallback import Degraded, with_fallback
from actors.resilience.retry import OnRetry, Retry
from actors.resilience.verdict import is_transient_foreign, judge_foreign

P = ParamSpec("P")
T = TypeVar("T")
AsyncFunction = Callable[P, Awaitable[T]]
DisplayState = Literal["CLOSED", "OPEN", "HALF-OPEN"]

DISPLAY: dict[State, DisplayState] = {"closed": "CLOSED", "open": "OPEN", "half_open": "HALF-OPEN"}


def async_with_timeout(
    timeout_seconds: float = 30,
) -> Callable[[AsyncFunction[P, T]], AsyncFunction[P, T]]:
    """Limit the time of a coroutine function, all that is decorated inside it included.

    The decorated function raises AttemptTimeoutError when the time is over.
    """

    def decorate(function: AsyncFunction[P, T]) -> AsyncFunction[P, T]:
        step = _step(function)

        @functools.wraps(function)
        async def limited(*args: P.args, **kwargs: P.kwargs) -> T:
            async with attempt_timeout(step, timeout_seconds):
                return await function(*args, **kwargs)

        return limited

    return decorate


@overload
def with_retry(
    max_retries: int = 3,
    backoff_factor: float = 1.5,
    *,
    fallback: None = None,
    on_retry: OnRetry | None = None,
) -> Callable[[AsyncFunction[P, T]], AsyncFunction[P, T]]: ...


@overload
def with_retry(
    max_retries: int = 3,
    backoff_factor: float = 1.5,
    *,
    fallback: AsyncFunction[P, T],
    on_retry: OnRetry | None = None,
) -> Callable[[AsyncFunction[P, T]], AsyncFunction[P, T | Degraded[T]]]: ...


def with_retry(
    max_retries: int = 3,
    backoff_factor: float = 1.5,
    *,
    fallback: AsyncFunction[P, T] | None = None,
    on_retry: OnRetry | None = None,
) -> Callable[[AsyncFunction[P, T]], AsyncFunction[P, T | Degraded[T]]]:
    """Try a coroutine function several times, with growing waits.

    The decorated function raises StepFailedError when all attempts failed.

    Args:
        max_retries: All attempts, the first one included: 3 means waits of 0, 1.5 and 2.25 s.
        backoff_factor: Base of the waits before the attempts: 0, it, its square, … seconds, without jitter.
        fallback: Called with the same arguments when all attempts failed; the result comes as `Degraded`.
        on_retry: Told of every attempt that failed and is followed by another.
    """
    retry = Retry(attempts=max_retries, factor=backoff_factor, jitter=0, retries=is_transient_foreign)

    def decorate(function: AsyncFunction[P, T]) -> AsyncFunction[P, T | Degraded[T]]:
        step = _step(function)

        @functools.wraps(function)
        async def tried(*args: P.args, **kwargs: P.kwargs) -> T | Degraded[T]:
            async def attempts() -> T:
                return await retry(step, lambda: function(*args, **kwargs), on_retry=on_retry)

            if fallback is None:
                return await attempts()
            return await with_fallback(attempts, lambda: fallback(*args, **kwargs))

        return tried

    return decorate


class CircuitBreaker:
    """Stops calling a function that fails.

    It opens after `failure_threshold` failures in a row, or when half of the latest 20 to 50 calls failed.
    After `timeout` seconds one call is let through to find out. Belongs to one event loop or one thread.
    """

    def __init__(self, failure_threshold: int = 5, timeout: float = 60, name: str = "circuit") -> None:
        rule = TripRule(streak=failure_threshold, timeouts_span_s=0)
        self._breaker = Breaker(name, rule, open_s=timeout, judge=judge_foreign)

    @property
    def state(self) -> DisplayState:
        """`CLOSED`, `OPEN`, or `HALF-OPEN` when the next call is a probe."""
        return DISPLAY[self._breaker.state]

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `function(*args, **kwargs)`.

        If that is awaitable, so is what comes back, and it is guarded until it is done.

        Raises:
            BreakerOpenError: The circuit is open. For an awaitable: here, or when it is awaited.
        """
        permit = self._breaker.admit()
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            self._breaker.settle(permit, judge_foreign(error))
            raise
        if not inspect.isawaitable(result):
            self._breaker.settle(permit, "success")
            return result
        # An awaitable may never be awaited; it must not hold the place of the probe until then.
        self._breaker.settle(permit, "neutral")
        return self._guarded(result)  # type: ignore[return-value]  # T is an awaitable here, and so is this

    async def _guarded(self, awaitable: Awaitable[T]) -> T:
        try:
            async with self._breaker.guard():
                return await awaitable
        finally:
            # Refused before it began: without this, Python warns of a coroutine that was never awaited.
            if inspect.iscoroutine(awaitable):
                awaitable.close()


def _step(function: Callable[..., object]) -> str:
    if not inspect.iscoroutinefunction(function):
        raise TypeError("only a coroutine function (async def) can be limited in time or tried again")
    return getattr(function, "__qualname__", type(function).__name__)
