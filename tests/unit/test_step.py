"""An agent's guarded work: its report, and a breaker that its successor inherits."""

import asyncio
import time

import pytest

from actors.errors import BreakerOpenError, SearchUnavailableError, StepFailedError
from actors.messages import EssentialData, Hop
from actors.step import GuardedStep, NoVault
from actors.step_policy import StepPolicy

HOP = Hop(draft_id="d", tenant="public", budget_s=300.0, essential_data=EssentialData(user_request=""))
POLICY = StepPolicy(jitter=0.0)


class Vault:
    """Keeps breaker states, as the monitor actor does."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, float]] = {}

    async def save_breaker(self, name: str, snapshot_json: str, saved_at_epoch_s: float) -> None:
        self.kept[name] = (snapshot_json, saved_at_epoch_s)

    async def load_breaker(self, name: str) -> tuple[str, float] | None:
        return self.kept.get(name)


async def down() -> None:
    raise SearchUnavailableError("down")


async def test_a_step_reports_its_attempts_and_the_waits_between_them() -> None:
    answers = [SearchUnavailableError("a"), SearchUnavailableError("b"), None]

    async def work() -> str:
        error = answers.pop(0)
        if error:
            raise error
        return "done"

    report, result = await GuardedStep("research", POLICY, NoVault()).run(HOP, work)

    assert result == "done"
    assert report.attempts == 3
    assert [note.wait_s for note in report.retries] == [1.5, 2.25]


async def test_a_step_gives_up_after_three_attempts() -> None:
    with pytest.raises(StepFailedError) as caught:
        await GuardedStep("research", POLICY, NoVault()).run(HOP, down)
    assert (caught.value.step, caught.value.attempts) == ("research", 3)


async def test_an_open_breaker_is_inherited_by_the_agents_successor() -> None:
    vault = Vault()
    first = GuardedStep("research", POLICY, vault)
    for _ in range(2):
        with pytest.raises((StepFailedError, BreakerOpenError)):
            await first.run(HOP, down)
    await asyncio.sleep(0)
    assert first.state() == "open"

    successor = GuardedStep("research", POLICY, vault)
    with pytest.raises(BreakerOpenError) as caught:
        await successor.run(HOP, down)

    assert caught.value.retry_after_s > 0.9 * POLICY.breaker_open_s


async def test_the_time_that_the_successor_took_counts_as_open_time() -> None:
    vault = Vault()
    first = GuardedStep("research", POLICY, vault)
    for _ in range(2):
        with pytest.raises((StepFailedError, BreakerOpenError)):
            await first.run(HOP, down)
    await asyncio.sleep(0)
    text, _ = vault.kept["research"]
    vault.kept["research"] = (text, time.time() - POLICY.breaker_open_s)

    calls = 0

    async def probe() -> str:
        nonlocal calls
        calls += 1
        return "back"

    assert (await GuardedStep("research", POLICY, vault).run(HOP, probe))[1] == "back"
    assert calls == 1
