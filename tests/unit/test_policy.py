"""The one order of policies, for calls and for streams, and the fallback around it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from actors.errors import (
    AttemptTimeoutError,
    BreakerOpenError,
    DeadlineExceededError,
    InvalidInputError,
    OverloadedError,
    SearchUnavailableError,
    StepFailedError,
)
from actors.resilience.breaker import Breaker
from actors.resilience.bulkhead import Bulkhead
from actors.resilience.clock import now_s
from actors.resilience.deadline import Deadline
from actors.resilience.evidence import TripRule
from actors.resilience.fallback import Degraded, with_fallback
from actors.resilience.policy import Guard
from actors.resilience.policy_events import PolicyCounts, PolicyEvent
from actors.resilience.retry import Retry

DOWN = SearchUnavailableError("down")


def guard(**changes: Any) -> Guard:
    parts: dict[str, Any] = {
        "retry": Retry(jitter=0),
        "bulkhead": Bulkhead("search", permits=8, queue=0),
        "breaker": Breaker("search"),
    }
    return Guard("research", **(parts | changes))


class Search:
    """A call with a script: seconds of work, then an error or nothing."""

    def __init__(self, *script: tuple[float, BaseException | None]) -> None:
        self._script = list(script)
        self.called_at: list[float] = []

    async def __call__(self, query: str) -> str:
        self.called_at.append(now_s())
        seconds, error = self._script.pop(0) if self._script else (0, None)
        await asyncio.sleep(seconds)
        if error:
            raise error
        return f"hits for {query}"


class Trace:
    """Policies that write down when they are entered and left, and an observer with the same list."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        trace = self

        class TracedBulkhead(Bulkhead):
            @asynccontextmanager
            async def slot(self) -> AsyncIterator[None]:
                async with trace.around("bulkhead"), super().slot():
                    yield

        class TracedBreaker(Breaker):
            @asynccontextmanager
            async def guard(self) -> AsyncIterator[None]:
                async with trace.around("breaker"), super().guard():
                    yield

        self.guard = guard(
            bulkhead=TracedBulkhead("search", permits=1, queue=0),
            breaker=TracedBreaker("search"),
            events=self,
        )

    @asynccontextmanager
    async def around(self, name: str) -> AsyncIterator[None]:
        self.lines.append(f"enter {name}")
        try:
            yield
        finally:
            self.lines.append(f"leave {name}")

    def record(self, event: PolicyEvent) -> None:
        self.lines.append(f"{event.kind} {event.attempt}")

    def call(self, line: str) -> None:
        self.lines.append(line)


ONE_FAILURE_THEN_SUCCESS = [
    "attempted 1",
    "enter bulkhead",
    "enter breaker",
    "first call",
    "leave breaker",
    "leave bulkhead",
    "retried 1",
    "attempted 2",
    "enter bulkhead",
    "enter breaker",
    "second call",
    "leave breaker",
    "leave bulkhead",
]


async def test_the_order_is_retry_then_bulkhead_then_breaker_then_the_call() -> None:
    trace = Trace()
    calls = iter(["first call", "second call"])

    async def search() -> str:
        trace.call(line := next(calls))
        if line == "first call":
            raise DOWN
        return line

    await trace.guard(search)

    assert trace.lines == ONE_FAILURE_THEN_SUCCESS


async def test_the_order_is_the_same_around_a_stream() -> None:
    trace = Trace()
    calls = iter(["first call", "second call"])

    async def words() -> AsyncIterator[str]:
        trace.call(line := next(calls))
        if line == "first call":
            raise DOWN
        yield line

    assert [word async for word in trace.guard.stream(words)] == ["second call"]
    assert trace.lines == ONE_FAILURE_THEN_SUCCESS


async def test_arguments_reach_the_call_and_its_result_comes_back() -> None:
    assert await guard()(Search(), "non-compete") == "hits for non-compete"


async def test_the_attempt_timeout_is_inside_the_breaker_so_that_hanging_counts() -> None:
    hanging = guard(attempt_s=30, step_s=200)

    with pytest.raises(StepFailedError, match="AttemptTimeoutError: research: no answer within 30 s"):
        await hanging(Search((1e6, None), (1e6, None), (1e6, None)), "q")

    assert hanging.breaker.snapshot().failures == 3
    assert now_s() == 30 * 3 + 3.75


async def test_the_breaker_is_inside_the_retry_so_that_opening_ends_the_attempts() -> None:
    search = Search((0, DOWN), (0, DOWN), (0, DOWN))
    tripping = guard(breaker=Breaker("search", TripRule(streak=2)))

    with pytest.raises(BreakerOpenError):
        await tripping(search, "q")

    assert search.called_at == [0, 1.5]


async def test_the_bulkhead_is_inside_the_retry_so_that_nobody_holds_a_permit_while_waiting() -> None:
    single = guard(bulkhead=Bulkhead("search", permits=1, queue=0))
    patient = asyncio.create_task(single(Search((0, DOWN)), "q"))
    await asyncio.sleep(1)

    assert await single(Search(), "other") == "hits for other"
    await patient


async def test_the_bulkhead_is_outside_the_attempt_timeout_so_that_a_queue_is_nobodys_timeout() -> None:
    single = guard(bulkhead=Bulkhead("search", permits=1, queue=1), attempt_s=10)

    await asyncio.gather(single(Search((9, None)), "a"), single(Search((9, None)), "b"))

    assert now_s() == 18


async def test_a_full_bulkhead_is_not_the_fault_of_the_dependency() -> None:
    full = guard(
        bulkhead=Bulkhead("search", permits=1, queue=0), breaker=Breaker("search", TripRule(streak=1))
    )
    holder = asyncio.create_task(full(Search((5, None)), "q"))
    await asyncio.sleep(1)

    with pytest.raises(OverloadedError):
        await full(Search(), "q")

    assert full.breaker.state == "closed"
    await holder


async def test_the_step_deadline_is_outside_everything() -> None:
    brief = guard(step_s=40, attempt_s=30)

    with pytest.raises(DeadlineExceededError) as caught:
        await brief(Search((1e6, None), (1e6, None)), "q")

    assert (caught.value.step, caught.value.budget_s) == ("research", 40)
    assert now_s() == 40
    assert brief.bulkhead.inside == 0


async def test_the_deadline_of_the_draft_bounds_that_of_the_step() -> None:
    with pytest.raises(DeadlineExceededError) as caught:
        await guard()(Search((1e6, None)), "q", deadline=Deadline.after(7))

    assert caught.value.budget_s == 7
    assert now_s() == 7


async def test_a_wrong_request_passes_through_all_policies_at_once() -> None:
    search = Search((0, InvalidInputError("query", "is empty")))
    untouched = guard()

    with pytest.raises(InvalidInputError):
        await untouched(search, "")

    assert len(search.called_at) == 1
    assert untouched.breaker.snapshot().failures == 0


async def test_cancelling_a_call_frees_everything_and_counts_nothing() -> None:
    left = guard()
    task = asyncio.create_task(left(Search((1e6, None)), "q"))
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert left.bulkhead.inside == 0
    assert left.breaker.snapshot().failures == 0


async def test_the_counts_tell_what_happened() -> None:
    counts = PolicyCounts()
    counted = guard(
        events=counts, breaker=Breaker("search", TripRule(streak=2, timeouts_span_s=0)), attempt_s=10
    )

    with pytest.raises(BreakerOpenError):
        await counted(Search((0, DOWN), (1e6, None)), "q")

    assert counts.by_kind == {"attempted": 3, "retried": 2, "timed_out": 1, "rejected": 1, "overloaded": 0}


async def test_an_observer_that_raises_does_not_disturb_the_call(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def record(self, event: PolicyEvent) -> None:
            raise RuntimeError(event.kind)

    assert await guard(events=Broken())(Search((0, DOWN)), "q") == "hits for q"
    assert "observer failed event=PolicyEvent" in caplog.text


async def test_the_event_of_a_retry_says_what_a_user_wants_to_know() -> None:
    seen: list[PolicyEvent] = []

    class Observer:
        def record(self, event: PolicyEvent) -> None:
            seen.append(event)

    await guard(events=Observer())(Search((0, DOWN)), "q")

    reason = "SearchUnavailableError: legal search: down"
    assert PolicyEvent("retried", "research", 1, reason, 1.5) in seen


class Model:
    """A stream with a script per attempt: words, seconds before each of them (as numbers), errors."""

    def __init__(self, *attempts: list[str | float | BaseException]) -> None:
        self._attempts = list(attempts)
        self.closed = 0

    async def words(self) -> AsyncGenerator[str, None]:
        try:
            for item in self._attempts.pop(0):
                if isinstance(item, BaseException):
                    raise item
                if isinstance(item, float):
                    await asyncio.sleep(item)
                else:
                    yield item
        finally:
            self.closed += 1


async def read(stream: AsyncIterator[str]) -> tuple[list[str], Exception | None]:
    words: list[str] = []
    try:
        async for word in stream:
            words.append(word)  # noqa: PERF401  # what came before an error counts
    except Exception as error:  # noqa: BLE001  # the error is the result
        return words, error
    return words, None


async def test_a_stream_is_tried_again_before_its_first_item() -> None:
    model = Model([DOWN], [60.0, "late"], ["the", "facts"])

    words, error = await read(guard().stream(model.words))

    assert (words, error) == (["the", "facts"], None)
    assert now_s() == 1.5 + 30 + 2.25
    assert model.closed == 3


async def test_a_stream_that_breaks_after_its_first_item_is_never_spliced() -> None:
    model = Model(["the", DOWN], ["another", "draft"])

    words, error = await read(guard().stream(model.words))

    assert words == ["the"]
    assert isinstance(error, StepFailedError)
    assert error.attempts == 1
    assert error.__cause__ is DOWN


async def test_a_stream_that_falls_silent_is_a_timeout_and_counts() -> None:
    model = Model(["the", 60.0, "late"])
    watched = guard()

    words, error = await read(watched.stream(model.words))

    assert words == ["the"]
    assert isinstance(error, StepFailedError)
    assert isinstance(error.__cause__, AttemptTimeoutError)
    assert watched.breaker.snapshot().failures == 1


async def test_a_long_stream_that_keeps_talking_is_no_timeout() -> None:
    item: list[str | float | BaseException] = [20.0, "word"]
    model = Model(item * 4)

    words, error = await read(guard(attempt_s=30).stream(model.words))

    assert (len(words), error) == (4, None)


async def test_a_stream_ends_with_its_deadline_however_steadily_it_talks() -> None:
    item: list[str | float | BaseException] = [20.0, "word"]
    model = Model(item * 100)
    watched = guard(step_s=100)

    words, error = await read(watched.stream(model.words))

    assert len(words) == 4
    assert isinstance(error, DeadlineExceededError)
    assert now_s() == 100
    assert model.closed == 1
    assert watched.bulkhead.inside == 0


async def test_the_time_of_a_slow_reader_is_no_timeout_of_the_source() -> None:
    model = Model(["the", "facts"])
    words = []

    async for word in guard(attempt_s=10).stream(model.words):
        words.append(word)
        await asyncio.sleep(40)

    assert words == ["the", "facts"]


async def test_a_reader_who_leaves_frees_everything() -> None:
    model = Model(["the", "facts"])
    left = guard(bulkhead=Bulkhead("model", permits=1, queue=0))

    async with aclosing(left.stream(model.words)) as stream:
        async for _word in stream:
            break

    assert model.closed == 1
    assert left.bulkhead.inside == 0
    assert left.breaker.snapshot().failures == 0


async def test_an_empty_stream_is_a_result() -> None:
    assert await read(guard().stream(Model([]).words)) == ([], None)


async def test_any_iterator_will_do_as_a_stream() -> None:
    class Countdown:
        def __init__(self) -> None:
            self.left = 3

        def __aiter__(self) -> "Countdown":
            return self

        async def __anext__(self) -> int:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return self.left

    assert [number async for number in guard().stream(Countdown)] == [2, 1, 0]


async def test_waiting_for_a_permit_of_a_stream_ends_with_the_deadline() -> None:
    single = guard(bulkhead=Bulkhead("model", permits=1, queue=1), step_s=20)
    holder = asyncio.create_task(
        guard(bulkhead=single.bulkhead, step_s=90, attempt_s=90)(Search((80, None)), "q")
    )
    await asyncio.sleep(1)

    _words, error = await read(single.stream(Model(["the"]).words))

    assert isinstance(error, DeadlineExceededError)
    assert now_s() == 21
    await holder


async def second_best() -> str:
    return "a clause from the library"


@pytest.mark.parametrize(
    "error",
    [
        DOWN,
        StepFailedError("draft", 3, "x"),
        BreakerOpenError("m", 1),
        OverloadedError("m", 1),
        DeadlineExceededError("d", 1),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_fallback_is_marked(error: Exception) -> None:
    reasons: list[str] = []

    async def call() -> str:
        raise error

    result = await with_fallback(call, second_best, reasons.append)

    assert result == Degraded("a clause from the library", f"{type(error).__name__}: {error}")
    assert reasons == [f"{type(error).__name__}: {error}"]


async def test_a_first_choice_that_works_is_not_marked() -> None:
    assert await with_fallback(lambda: guard()(Search(), "q"), second_best) == "hits for q"


@pytest.mark.parametrize(
    "error", [InvalidInputError("party", "is empty"), KeyError("a bug"), asyncio.CancelledError()], ids=repr
)
async def test_some_failures_have_no_second_choice(error: BaseException) -> None:
    async def call() -> str:
        raise error

    with pytest.raises(type(error)):
        await with_fallback(call, second_best)


async def test_a_fallback_that_fails_is_an_error() -> None:
    async def call() -> str:
        raise DOWN

    async def broken() -> str:
        raise SearchUnavailableError("the second one, too")

    with pytest.raises(SearchUnavailableError, match="the second one"):
        await with_fallback(call, broken)
