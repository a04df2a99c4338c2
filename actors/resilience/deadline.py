"""Time limits: the deadline of a step and the limit of one attempt."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from actors.errors import AttemptTimeoutError, DeadlineExceededError
from actors.resilience.clock import now_s


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on this process's clock.

    It never crosses a process border: send `left_s()` as the new budget.
    """

    at_s: float
    budget_s: float
    """What was granted when the deadline was set, in seconds."""

    @classmethod
    def after(cls, budget_s: float) -> Self:
        """Return the deadline that is `budget_s` seconds from now."""
        if not budget_s >= 0:
            raise ValueError(f"a budget is a number of seconds from 0 on, not {budget_s!r}")
        return cls(now_s() + budget_s, budget_s)

    def left_s(self) -> float:
        """Return the seconds left, 0 when the budget is spent."""
        return max(0.0, self.at_s - now_s())

    def child(self, budget_s: float) -> "Deadline":
        """Return the deadline of a part of this work: `budget_s` from now, but never later than this one."""
        return Deadline.after(min(budget_s, self.left_s()))

    @asynccontextmanager
    async def scope(self, step: str) -> AsyncIterator[None]:
        """Cancel the body when the budget is spent.

        A stream does not yield to its consumer inside, or it would be the consumer that is cancelled: it
        wraps each of its own waits instead.

        Raises:
            DeadlineExceededError: The budget ran out, or had run out before the body began.
        """
        if self.left_s() <= 0:
            raise DeadlineExceededError(step, self.budget_s)
        limit = asyncio.timeout_at(self.at_s)
        try:
            async with limit:
                yield
        except TimeoutError:
            # A TimeoutError of the body's own is not ours to rename.
            if not limit.expired():
                raise
            raise DeadlineExceededError(step, self.budget_s) from None


@asynccontextmanager
async def attempt_timeout(step: str, limit_s: float) -> AsyncIterator[None]:
    """Cancel the body after `limit_s` seconds.

    Raises:
        AttemptTimeoutError: The limit was reached.
    """
    limit = asyncio.timeout(limit_s)
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise AttemptTimeoutError(step, limit_s) from None
