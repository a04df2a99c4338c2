"""The names that callers of foreign functions know."""

import asyncio
from collections.abc import Awaitable

import pytest

from actors.errors import AttemptTimeoutError, BreakerOpenError, InvalidInputError, StepFailedError
from actors.resilience.clock import now_s
from actors.resilience.decorators import CircuitBreaker, async_with_timeout, with_retry
from actors.resilience.fallback import Degraded
from actors.resilience.retry import RetryDetails


class Service:
    """A foreign object with methods that fail as often as they are told."""

    def __init__(self, failures: int, error: BaseException | None = None) -> None:
        self.failures = failures
        self.error = error or RuntimeError("foreign text")
        self.called_at: list[float] = []

    @with_retry(max_retries=3, backoff_factor=1.5)
    async def ask(self, question: str, *, loud: bool = False) -> str:
        """Ask something."""
        self.called_at.append(now_s())
        if len(self.called_at) <= self.failures:
            raise self.error
        return question.upper() if loud else question

    @async_with_timeout(timeout_seconds=30)
    @with_retry(max_retries=3)
    async def hang(self) -> None:
        self.called_at.append(now_s())
        await asyncio.sleep(1e6)


async def test_three_attempts_wait_0_then_1_5_then_2_25_seconds() -> None:
    service = Service(failures=2)

    assert await service.ask("why", loud=True) == "WHY"
    assert service.called_at == [0, 1.5, 3.75]


async def test_after_all_attempts_the_failure_is_an_error() -> None:
    with pytest.raises(StepFailedError) as caught:
        await Service(failures=9).ask("why")

    assert caught.value.attempts == 3
    assert caught.value.step == "Service.ask"
    assert caught.value.reason == "RuntimeError"


@pytest.mark.parametrize(
    "error",
    [InvalidInputError("q", "is empty"), BreakerOpenError("s", 9), asyncio.CancelledError()],
    ids=repr,
)
async def test_what_is_final_is_not_tried_again(error: BaseException) -> None:
    service = Service(failures=9, error=error)

    with pytest.raises(type(error)):
        await service.ask("why")
    assert service.called_at == [0]


async def test_a_fallback_gets_the_same_arguments_and_its_result_is_marked() -> None:
    async def apology(question: str) -> str:
        return f"no answer to {question}"

    @with_retry(max_retries=2, fallback=apology)
    async def ask(question: str) -> str:
        if question == "why":
            raise RuntimeError
        return "because"

    assert await ask("why") == Degraded("no answer to why", "StepFailedError: " + str(failure("ask", 2)))
    assert await ask("how") == "because"


def failure(name: str, attempts: int) -> StepFailedError:
    step = f"test_a_fallback_gets_the_same_arguments_and_its_result_is_marked.<locals>.{name}"
    return StepFailedError(step, attempts, "RuntimeError")


async def test_a_fallback_does_not_hide_a_wrong_request() -> None:
    async def apology() -> str:
        return "sorry"

    @with_retry(fallback=apology)
    async def ask() -> str:
        raise InvalidInputError("q", "is empty")

    with pytest.raises(InvalidInputError):
        await ask()


async def test_each_attempt_that_is_followed_by_another_is_observed() -> None:
    seen: list[RetryDetails] = []

    @with_retry(on_retry=seen.append)
    async def ask() -> str:
        raise RuntimeError

    with pytest.raises(StepFailedError):
        await ask()
    assert [(details.attempt, details.wait_s) for details in seen] == [(1, 1.5), (2, 2.25)]


async def test_the_time_limit_includes_all_attempts_inside_it() -> None:
    service = Service(failures=0)

    with pytest.raises(AttemptTimeoutError) as caught:
        await service.hang()

    assert (caught.value.step, caught.value.limit_s) == ("Service.hang", 30)
    assert service.called_at == [0]
    assert now_s() == 30


async def test_a_timeout_inside_a_retry_is_tried_again() -> None:
    @with_retry(max_retries=2)
    @async_with_timeout(timeout_seconds=10)
    async def hang() -> None:
        await asyncio.sleep(1e6)

    with pytest.raises(StepFailedError):
        await hang()
    assert now_s() == 21.5


def test_a_decorated_function_keeps_its_name_and_docstring() -> None:
    assert Service.ask.__name__ == "ask"
    assert Service.ask.__doc__ == "Ask something."


@pytest.mark.parametrize("decorate", [async_with_timeout(), with_retry()])
def test_what_is_no_coroutine_function_is_refused_when_decorated(decorate: object) -> None:
    def plain() -> None: ...

    async def stream() -> object:
        yield 1

    for function in (plain, stream):
        with pytest.raises(TypeError, match="coroutine function"):
            decorate(function)  # type: ignore[operator]


def state_of(breaker: CircuitBreaker) -> str:
    # mypy would hold a property to the value that an earlier assertion saw.
    return breaker.state


def broken() -> str:
    raise RuntimeError


async def broken_later() -> str:
    await asyncio.sleep(1)
    raise RuntimeError


async def fine_later() -> str:
    await asyncio.sleep(1)
    return "fine"


def test_plain_functions_work_without_an_event_loop() -> None:
    breaker = CircuitBreaker(failure_threshold=5, timeout=60)
    assert state_of(breaker) == "CLOSED"
    assert breaker.call(lambda: "fine") == "fine"
    assert breaker.call(max, 1, 2) == 2

    for _ in range(5):
        with pytest.raises(RuntimeError):
            breaker.call(broken)

    assert state_of(breaker) == "OPEN"
    with pytest.raises(BreakerOpenError) as caught:
        breaker.call(lambda: "fine")
    assert 0 < caught.value.retry_after_s <= 60


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = CircuitBreaker(failure_threshold=2)
    for _ in range(5):
        with pytest.raises(RuntimeError):
            breaker.call(broken)
        breaker.call(lambda: "fine")
        breaker.call(lambda: "fine")

    assert state_of(breaker) == "CLOSED"


def test_a_wrong_request_does_not_open_it() -> None:
    def refuse() -> str:
        raise InvalidInputError("q", "is empty")

    breaker = CircuitBreaker(failure_threshold=1)
    with pytest.raises(InvalidInputError):
        breaker.call(refuse)

    assert state_of(breaker) == "CLOSED"


async def test_an_awaitable_is_guarded_until_it_is_done() -> None:
    breaker = CircuitBreaker(failure_threshold=2, timeout=60)
    assert await breaker.call(lambda: fine_later())  # as users write it == "fine"
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await breaker.call(broken_later)

    assert state_of(breaker) == "OPEN"
    with pytest.raises(BreakerOpenError):
        await breaker.call(fine_later)
    await asyncio.sleep(60)
    assert state_of(breaker) == "HALF-OPEN"
    assert await breaker.call(fine_later) == "fine"
    assert state_of(breaker) == "CLOSED"


async def test_of_many_awaitables_one_is_the_probe_and_none_is_left_unawaited() -> None:
    breaker = CircuitBreaker(failure_threshold=1)
    with pytest.raises(RuntimeError):
        await breaker.call(broken_later)
    await asyncio.sleep(60)

    calls = [breaker.call(fine_later) for _ in range(10)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert outcomes.count("fine") == 1
    assert sum(isinstance(outcome, BreakerOpenError) for outcome in outcomes) == 9


async def test_an_awaitable_that_is_not_awaited_yet_does_not_hold_the_place_of_the_probe() -> None:
    breaker = CircuitBreaker(failure_threshold=1)
    with pytest.raises(RuntimeError):
        await breaker.call(broken_later)
    await asyncio.sleep(60)

    later: Awaitable[str] = breaker.call(fine_later)

    assert await breaker.call(fine_later) == "fine"
    assert state_of(breaker) == "CLOSED"
    assert await later == "fine"


async def test_cancelling_an_awaitable_counts_for_nothing() -> None:
    breaker = CircuitBreaker(failure_threshold=1)
    task = asyncio.ensure_future(breaker.call(fine_later))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert state_of(breaker) == "CLOSED"


async def test_timeouts_of_foreign_functions_count_like_any_failure() -> None:
    async def slow() -> None:
        raise TimeoutError

    breaker = CircuitBreaker(failure_threshold=3)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await breaker.call(slow)

    assert state_of(breaker) == "OPEN"
