"""How an agent does guarded work: policies around it, a report of it, and a breaker that outlives the process."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Protocol, TypeVar, TypeVarTuple

from actors.messages import Hop, RetryNote, StepReport
from actors.resilience.breaker import Breaker, BreakerChange, BreakerSnapshot
from actors.resilience.bulkhead import Bulkhead
from actors.resilience.deadline import Deadline
from actors.resilience.evidence import TripRule
from actors.resilience.policy import Guard
from actors.resilience.policy_events import PolicyEvent, PolicyEvents
from actors.resilience.retry import Retry
from actors.step_policy import StepPolicy

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class BreakerVault(Protocol):
    """Keeps breaker states for agents that restart."""

    async def save_breaker(self, name: str, snapshot_json: str, saved_at_epoch_s: float) -> None:
        """Keep the state of breaker `name`."""

    async def load_breaker(self, name: str) -> tuple[str, float] | None:
        """Return the last state and the wall-clock second of its saving."""


class NoVault:
    """Keeps nothing: for agents without a neighbour to remember for them."""

    async def save_breaker(self, name: str, snapshot_json: str, saved_at_epoch_s: float) -> None:
        """Forget it."""

    async def load_breaker(self, name: str) -> tuple[str, float] | None:  # noqa: ARG002
        """Return `None`."""
        return None


class StepLog:
    """Collects what the policies did during one call."""

    def __init__(self) -> None:
        self.attempts = 0
        self.retries: list[RetryNote] = []

    def record(self, event: PolicyEvent) -> None:
        """Take note of one policy event."""
        if event.kind == "attempted":
            self.attempts = event.attempt
        elif event.kind == "retried":
            self.retries.append(RetryNote(attempt=event.attempt, wait_s=event.wait_s, reason=event.reason))


class GuardedStep:
    """The policies of one agent. A restart loses only counts: the breaker's state comes back from the vault."""

    def __init__(self, agent: str, policy: StepPolicy, vault: BreakerVault) -> None:
        self.agent = agent
        self._vault = vault
        self._restoring = asyncio.Lock()
        self._restored = False
        self._saving: set[asyncio.Task[None]] = set()
        rule = TripRule(streak=policy.breaker_failures)
        self._breaker = Breaker(agent, rule, policy.breaker_open_s, on_change=self._changed)
        self._guard = Guard(
            step=agent,
            retry=Retry(attempts=policy.attempts, factor=policy.wait_factor, jitter=policy.jitter),
            bulkhead=Bulkhead(agent, policy.permits, policy.queue),
            breaker=self._breaker,
            attempt_s=policy.attempt_s,
            step_s=policy.step_s,
        )

    async def run(self, hop: Hop, work: Callable[[*Ts], Awaitable[T]], *args: *Ts) -> tuple[StepReport, T]:
        """Do `work(*args)` under the agent's policies, within the budget of the hop.

        Raises:
            StepFailedError: All attempts failed.
            BreakerOpenError: The agent's dependency is resting.
            DeadlineExceededError: The budget is spent.
            OverloadedError: Too much is in flight.
        """
        log, begun = StepLog(), time.monotonic()
        result = await self.attempt(Deadline.after(hop.budget_s), log, work, *args)
        report = StepReport(
            agent=self.agent,
            attempts=log.attempts,
            seconds=time.monotonic() - begun,
            retries=tuple(log.retries),
        )
        return report, result

    async def attempt(
        self, deadline: Deadline, events: PolicyEvents, work: Callable[[*Ts], Awaitable[T]], *args: *Ts
    ) -> T:
        """Do the same within `deadline`, and tell `events` what happens: for callers with a report of their own."""
        await self._restore()
        return await replace(self._guard, events=events)(work, *args, deadline=deadline)

    def state(self) -> str:
        """The breaker's state."""
        return self._breaker.state

    async def _restore(self) -> None:
        async with self._restoring:  # the first calls come together, and none may slip through
            if self._restored:
                return
            saved = await self._vault.load_breaker(self.agent)
            if saved is not None:
                text, saved_at_epoch_s = saved
                elapsed_s = max(0.0, time.time() - saved_at_epoch_s)
                self._breaker.restore(BreakerSnapshot(**json.loads(text)), elapsed_s)
            self._restored = True

    def _changed(self, _change: BreakerChange) -> None:
        task = asyncio.get_running_loop().create_task(self._save())
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)

    async def _save(self) -> None:
        snapshot = json.dumps(asdict(self._breaker.snapshot()))
        await self._vault.save_breaker(self.agent, snapshot, time.time())
