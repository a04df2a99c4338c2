"""Second best, said openly."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from actors.errors import (
    BreakerOpenError,
    DeadlineExceededError,
    LexrayError,
    OverloadedError,
    StepFailedError,
    TransientError,
)
from actors.resilience.observer import notify
from actors.resilience.verdict import reason_of

T = TypeVar("T")

UNAVAILABLE: tuple[type[LexrayError], ...] = (
    TransientError,
    StepFailedError,
    BreakerOpenError,
    OverloadedError,
    DeadlineExceededError,
)
"""The errors that a fallback may answer: the dependency gave nothing. A wrong request stays wrong with any
other dependency, and a bug must be seen."""


@dataclass(frozen=True, slots=True)
class Degraded(Generic[T]):
    """A result of second choice.

    It is a type of its own so that nobody takes it for the real one by oversight.
    """

    value: T
    reason: str
    """Why the first choice failed; free of the content of drafts."""


async def with_fallback(
    call: Callable[[], Awaitable[T]],
    fallback: Callable[[], Awaitable[T]],
    on_degraded: Callable[[str], object] | None = None,
) -> T | Degraded[T]:
    """Return the result of `call`, or the marked result of `fallback` where the dependency is unavailable.

    Args:
        call: The first choice, with all its retries inside.
        fallback: The second choice, awaited once and not retried. Its error is raised as it is.
        on_degraded: Told the reason before `fallback` runs.
    """
    try:
        return await call()
    except UNAVAILABLE as error:
        reason = reason_of(error)
        notify(on_degraded, reason)
        return Degraded(await fallback(), reason)
