"""How often, how long, and when not at all."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import (
    AttemptTimeoutError,
    BreakerOpenError,
    DeadlineExceededError,
    InvalidInputError,
    LexrayError,
    OverloadedError,
    SearchUnavailableError,
    StepFailedError,
    ThrottledError,
    TransientError,
)
from actors.resilience.clock import now_s
from actors.resilience.deadline import Deadline
from actors.resilience.retry import Retry, RetryDetails
from actors.resilience.retry_budget import RetryBudget
from actors.resilience.verdict import is_transient_foreign

DOWN = SearchUnavailableError("down")
EXACT = Retry(jitter=0)


class Script:
    """A call that gives its outcomes one by one, and keeps the times at which it was called."""

    def __init__(self, *outcomes: BaseException | str) -> None:
        self._outcomes = list(outcomes)
        self.called_at: list[float] = []

    async def __call__(self) -> str:
        self.called_at.append(now_s())
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


async def test_waits_are_nothing_then_1_5_then_2_25_seconds() -> None:
    script = Script(DOWN, DOWN, "found")

    assert await EXACT("research", script) == "found"
    assert script.called_at == [0, 1.5, 3.75]


async def test_a_step_that_never_succeeds_fails_with_the_last_error_as_its_cause() -> None:
    last = SearchUnavailableError("third")

    with pytest.raises(StepFailedError) as caught:
        await EXACT("research", Script(DOWN, DOWN, last))

    assert (caught.value.step, caught.value.attempts) == ("research", 3)
    assert caught.value.reason == "SearchUnavailableError: legal search: third"
    assert caught.value.__cause__ is last


async def test_no_wait_follows_the_last_attempt() -> None:
    with pytest.raises(StepFailedError):
        await EXACT("research", Script(DOWN, DOWN, DOWN))

    assert now_s() == 3.75


@pytest.mark.parametrize(
    "error",
    [
        InvalidInputError("party", "is empty"),
        BreakerOpenError("model", 10),
        OverloadedError("model", 4),
        DeadlineExceededError("draft", 10),
        ConnectionError("the peer left"),
        KeyError("a bug"),
        asyncio.CancelledError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_does_not_pass_is_raised_at_once_as_it_is(error: BaseException) -> None:
    script = Script(error)

    with pytest.raises(type(error)) as caught:
        await EXACT("research", script)

    assert caught.value is error
    assert script.called_at == [0]


async def test_cancellation_during_a_wait_ends_the_step() -> None:
    script = Script(DOWN, "never")
    task = asyncio.create_task(EXACT("research", script))
    await asyncio.sleep(1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(script.called_at) == 1


async def test_a_dependency_that_asks_for_patience_gets_it() -> None:
    script = Script(ThrottledError("model", 20), "answer")

    await EXACT("draft", script)

    assert script.called_at == [0, 20]


@pytest.mark.parametrize("asked_s", [0.0, 0.2, -5.0, float("nan")])
async def test_a_dependency_cannot_shorten_our_own_wait(asked_s: float) -> None:
    script = Script(ThrottledError("model", asked_s), "answer")

    await EXACT("draft", script)

    assert script.called_at == [0, 1.5]


@pytest.mark.parametrize("asked_s", [121.0, 1e12, float("inf")])
async def test_too_much_patience_is_not_granted(asked_s: float) -> None:
    with pytest.raises(StepFailedError) as caught:
        await EXACT("draft", Script(ThrottledError("model", asked_s)))

    assert caught.value.attempts == 1
    assert now_s() == 0


@pytest.mark.parametrize("error", [ThrottledError("model", 20), ThrottledError("model", 10)])
async def test_a_wait_that_does_not_fit_the_time_left_is_not_begun(error: ThrottledError) -> None:
    with pytest.raises(StepFailedError, match="no time left") as caught:
        await EXACT("draft", Script(error), Deadline.after(10))

    assert caught.value.attempts == 1
    assert now_s() == 0


async def test_the_observer_learns_of_each_retry_and_of_nothing_else() -> None:
    seen: list[RetryDetails] = []

    with pytest.raises(StepFailedError):
        await EXACT("research", Script(DOWN, DOWN, DOWN), on_retry=seen.append)

    reason = "SearchUnavailableError: legal search: down"
    assert seen == [RetryDetails("research", 1, 1.5, reason), RetryDetails("research", 2, 2.25, reason)]


async def test_an_observer_that_raises_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_details: RetryDetails) -> None:
        raise RuntimeError

    assert await EXACT("research", Script(DOWN, "found"), on_retry=broken) == "found"
    assert "observer failed event=RetryDetails" in caplog.text


async def test_the_text_of_a_foreign_error_is_not_repeated() -> None:
    retry = Retry(attempts=1, retries=is_transient_foreign)

    with pytest.raises(StepFailedError) as caught:
        await retry("draft", Script(ValueError("Ms Confidential owes 5 million")))

    assert caught.value.reason == "ValueError"


async def test_a_budget_is_paid_by_retries_and_filled_by_successes() -> None:
    budget = RetryBudget(tokens=100)
    retry = Retry(jitter=0, budget=budget)

    await retry("a", Script(DOWN, AttemptTimeoutError("a", 1), "ok"))
    assert budget.tokens == 100 - 5 - 10 + 1

    await retry("a", Script("ok"))
    assert budget.tokens == 87


async def test_a_spent_budget_ends_retries_but_not_first_attempts() -> None:
    budget = RetryBudget(tokens=9)
    retry = Retry(jitter=0, budget=budget)

    with pytest.raises(StepFailedError, match="budget") as caught:
        await retry("a", Script(AttemptTimeoutError("a", 1)))
    assert caught.value.attempts == 1
    assert budget.tokens == 9

    with pytest.raises(StepFailedError, match="budget") as caught:
        await retry("a", Script(DOWN, DOWN))
    assert caught.value.attempts == 2
    assert await retry("a", Script("ok")) == "ok"


async def test_nothing_is_paid_for_a_retry_that_does_not_happen() -> None:
    budget = RetryBudget()

    with pytest.raises(StepFailedError):
        await Retry(attempts=1, budget=budget)("a", Script(DOWN))
    with pytest.raises(StepFailedError):
        await Retry(budget=budget)("a", Script(ThrottledError("model", 20)), Deadline.after(10))

    assert budget.tokens == 100


async def test_a_budget_never_grows_beyond_its_size() -> None:
    budget = RetryBudget(tokens=3)
    for _ in range(10):
        budget.refund()
    assert budget.tokens == 3


@given(
    number=st.floats(min_value=0, max_value=1, exclude_max=True),
    jitter=st.floats(min_value=0, max_value=1),
    attempt=st.integers(min_value=1, max_value=8),
)
def test_jitter_stays_around_the_plain_wait(number: float, jitter: float, attempt: int) -> None:
    plain_s = 1.5**attempt

    wait_s = Retry(jitter=jitter, random=lambda: number).wait_s(attempt, DOWN)

    assert plain_s * (1 - jitter) <= wait_s * (1 + 1e-9)
    assert wait_s <= plain_s * (1 + jitter) * (1 + 1e-9)


@given(
    attempts=st.integers(min_value=1, max_value=6),
    failures=st.integers(min_value=0, max_value=8),
    budget_s=st.floats(min_value=0.1, max_value=60),
)
async def test_attempts_and_time_are_bounds(attempts: int, failures: int, budget_s: float) -> None:
    script = Script(*[DOWN] * failures, "found", "found")
    deadline = Deadline.after(budget_s)

    outcome = (
        await asyncio.gather(
            Retry(attempts=attempts, jitter=0)("research", script, deadline), return_exceptions=True
        )
    )[0]

    made = len(script.called_at)
    assert outcome == "found" if made == failures + 1 else isinstance(outcome, StepFailedError)
    assert len(script.called_at) <= attempts
    assert now_s() <= deadline.at_s


def test_a_step_without_any_attempt_is_refused() -> None:
    with pytest.raises(ValueError, match="at least once"):
        Retry(attempts=0)


@pytest.mark.parametrize("error", [SearchUnavailableError("x"), TransientError(), KeyError(), OSError()])
def test_foreign_functions_may_pass_with_any_error(error: Exception) -> None:
    assert is_transient_foreign(error)


@pytest.mark.parametrize("error", [InvalidInputError("a", "b"), BreakerOpenError("a", 1), LexrayError()])
def test_our_own_final_errors_stay_final_in_foreign_functions(error: Exception) -> None:
    assert not is_transient_foreign(error)
