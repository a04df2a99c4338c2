"""When a breaker trips, whom it lets through, and what it forgets."""

import asyncio
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import (
    AgentUnavailableError,
    AttemptTimeoutError,
    BreakerOpenError,
    DeadlineExceededError,
    InvalidInputError,
    OverloadedError,
    SearchUnavailableError,
    StepFailedError,
    ThrottledError,
)
from actors.resilience.breaker import Breaker, BreakerChange, BreakerSnapshot
from actors.resilience.clock import now_s
from actors.resilience.evidence import TripRule
from actors.resilience.verdict import judge

DOWN = SearchUnavailableError("down")
SLOW = AttemptTimeoutError("research", 30)


async def call(breaker: Breaker, error: BaseException | None = None, seconds: float = 0) -> None:
    async with breaker.guard():
        await asyncio.sleep(seconds)
        if error:
            raise error


def state_of(breaker: Breaker) -> str:
    # mypy would hold a property to the value that an earlier assertion saw.
    return breaker.state


async def fail(breaker: Breaker, times: int, error: BaseException = DOWN) -> None:
    for _ in range(times):
        with pytest.raises(type(error)):
            await call(breaker, error)


async def half_open() -> Breaker:
    breaker = Breaker("model")
    await fail(breaker, 5)
    await asyncio.sleep(60)
    return breaker


async def test_five_failures_in_a_row_open_it_and_the_caller_sees_the_real_error() -> None:
    breaker = Breaker("model")
    await fail(breaker, 4)
    assert state_of(breaker) == "closed"

    with pytest.raises(SearchUnavailableError) as caught:
        await call(breaker, DOWN)

    assert caught.value is DOWN
    assert state_of(breaker) == "open"


async def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker("model")
    await fail(breaker, 4)
    await call(breaker)
    await fail(breaker, 4)

    assert state_of(breaker) == "closed"


async def test_half_of_twenty_calls_failing_opens_it_without_any_streak() -> None:
    breaker = Breaker("model")
    for _ in range(9):
        await call(breaker)
        await fail(breaker, 1)
    assert state_of(breaker) == "closed"

    await call(breaker)
    await fail(breaker, 1)

    assert state_of(breaker) == "open"


async def test_a_rate_below_the_limit_never_opens_it() -> None:
    breaker = Breaker("model")
    for _ in range(500):
        await call(breaker)
        await call(breaker)
        await fail(breaker, 1)

    assert state_of(breaker) == "closed"


async def test_the_rate_looks_at_the_latest_calls_only() -> None:
    breaker = Breaker("model", TripRule(window_calls=20))
    for _ in range(1000):
        await call(breaker)
    for _ in range(9):
        await fail(breaker, 1)
        await call(breaker)
    await fail(breaker, 1)

    assert state_of(breaker) == "open"


async def test_open_it_refuses_with_the_seconds_left() -> None:
    breaker = Breaker("model")
    await fail(breaker, 5)
    await asyncio.sleep(12.5)

    with pytest.raises(BreakerOpenError) as caught:
        await call(breaker)

    assert (caught.value.name, caught.value.retry_after_s) == ("model", 47.5)


async def test_after_its_open_time_it_is_half_open_and_a_success_closes_it() -> None:
    breaker = await half_open()
    assert state_of(breaker) == "half_open"

    await call(breaker)

    assert state_of(breaker) == "closed"
    assert breaker.snapshot().failures == 0


async def test_a_failed_probe_opens_it_for_the_whole_time_again() -> None:
    breaker = await half_open()

    await fail(breaker, 1)

    assert state_of(breaker) == "open"
    assert breaker.remaining_open_s() == 60


async def test_a_probe_that_times_out_opens_it_again() -> None:
    breaker = await half_open()

    await fail(breaker, 1, SLOW)

    assert state_of(breaker) == "open"


async def test_of_a_hundred_callers_one_is_the_probe() -> None:
    breaker = await half_open()

    outcomes = await asyncio.gather(*(call(breaker, seconds=1) for _ in range(100)), return_exceptions=True)

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, BreakerOpenError) for outcome in outcomes) == 99
    assert state_of(breaker) == "closed"


async def test_who_is_refused_during_a_probe_is_told_to_wait_a_little() -> None:
    breaker = await half_open()
    probe = asyncio.create_task(call(breaker, seconds=5))
    await asyncio.sleep(1)

    with pytest.raises(BreakerOpenError) as caught:
        await call(breaker)

    assert caught.value.retry_after_s > 0
    await probe


async def test_a_cancelled_probe_makes_room_for_the_next() -> None:
    breaker = await half_open()
    probe = asyncio.create_task(call(breaker, seconds=5))
    await asyncio.sleep(1)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    assert state_of(breaker) == "half_open"

    await call(breaker)

    assert state_of(breaker) == "closed"


@pytest.mark.parametrize(
    "error",
    [
        ThrottledError("model", 3),
        InvalidInputError("party", "is empty"),
        asyncio.CancelledError(),
        KeyError("a bug"),
        OverloadedError("model", 3),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_neutral_outcome_moves_nothing(error: BaseException) -> None:
    closed = Breaker("model")
    await fail(closed, 4)
    await fail(closed, 30, error)
    assert (closed.state, closed.snapshot().failures) == ("closed", 4)
    await fail(closed, 1)
    assert state_of(closed) == "open"

    probing = await half_open()
    await fail(probing, 3, error)
    assert state_of(probing) == "half_open"


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (SearchUnavailableError("x"), "failure"),
        (AgentUnavailableError("drafter", "restarting"), "failure"),
        (ConnectionResetError(), "failure"),
        (OSError(), "failure"),
        (AttemptTimeoutError("x", 1), "timeout"),
        (TimeoutError(), "timeout"),
        (ThrottledError("x", 1), "neutral"),
        (DeadlineExceededError("x", 1), "neutral"),
        (StepFailedError("x", 3, "y"), "neutral"),
        (BreakerOpenError("x", 1), "neutral"),
        (GeneratorExit(), "neutral"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_errors_speak_for_or_against_the_dependency(error: BaseException, verdict: str) -> None:
    assert judge(error) == verdict


async def test_late_failures_neither_prolong_the_open_time_nor_count_as_trips() -> None:
    breaker = Breaker("model")
    late = [asyncio.create_task(call(breaker, DOWN, seconds=40)) for _ in range(10)]
    await asyncio.sleep(1)
    await fail(breaker, 5)

    await asyncio.gather(*late, return_exceptions=True)

    assert breaker.remaining_open_s() == 60 - 39
    assert breaker.trips == 1


async def test_late_failures_do_not_open_a_circuit_that_has_recovered() -> None:
    breaker = Breaker("model")
    late = [asyncio.create_task(call(breaker, DOWN, seconds=100)) for _ in range(10)]
    await asyncio.sleep(1)
    await fail(breaker, 5)
    await asyncio.sleep(60)
    await call(breaker)

    await asyncio.gather(*late, return_exceptions=True)

    assert state_of(breaker) == "closed"
    assert breaker.snapshot().failures == 0


async def test_a_late_success_does_not_close_an_open_circuit() -> None:
    breaker = Breaker("model")
    late = asyncio.create_task(call(breaker, seconds=10))
    await asyncio.sleep(1)
    await fail(breaker, 5)

    await late

    assert state_of(breaker) == "open"


async def test_a_stall_that_times_out_everything_at_once_does_not_open_it() -> None:
    breaker = Breaker("model")

    await asyncio.gather(*(call(breaker, SLOW, seconds=30) for _ in range(100)), return_exceptions=True)

    assert state_of(breaker) == "closed"


async def test_timeouts_that_go_on_open_it() -> None:
    breaker = Breaker("model")
    await fail(breaker, 4, SLOW)
    await asyncio.sleep(5)

    await fail(breaker, 1, SLOW)

    assert state_of(breaker) == "open"


async def test_many_timeouts_a_second_open_it_all_the_same() -> None:
    breaker = Breaker("model")
    for _ in range(510):
        if breaker.state == "open":
            break
        await fail(breaker, 1, SLOW)
        await asyncio.sleep(0.01)

    assert 5 <= now_s() <= 5.1


async def test_timeouts_mixed_with_successes_open_it_by_their_rate_once_they_go_on() -> None:
    breaker = Breaker("model")
    for _ in range(20):
        await call(breaker)
        await fail(breaker, 1, SLOW)
    assert state_of(breaker) == "closed"
    await asyncio.sleep(5)

    await fail(breaker, 1, SLOW)

    assert state_of(breaker) == "open"


async def test_one_other_failure_among_timeouts_is_enough() -> None:
    breaker = Breaker("model")
    await fail(breaker, 4, SLOW)

    await fail(breaker, 1, DOWN)

    assert state_of(breaker) == "open"


async def words(error: Exception | None = None) -> AsyncIterator[str]:
    yield "the"
    yield "facts"
    if error:
        raise error


async def guarded_words(breaker: Breaker, error: Exception | None = None) -> AsyncIterator[str]:
    async with breaker.guard():
        async for word in words(error):
            yield word


async def test_a_stream_that_breaks_in_the_middle_is_a_failure() -> None:
    breaker = Breaker("model")
    for _ in range(5):
        with pytest.raises(SearchUnavailableError):
            assert [word async for word in guarded_words(breaker, DOWN)]

    assert state_of(breaker) == "open"


async def test_a_stream_keeps_the_place_of_the_probe_until_its_end() -> None:
    breaker = await half_open()
    stream = guarded_words(breaker)
    await anext(stream)

    with pytest.raises(BreakerOpenError):
        await call(breaker)
    assert [word async for word in stream] == ["facts"]

    assert state_of(breaker) == "closed"


async def test_a_reader_who_leaves_a_stream_says_nothing_about_its_source() -> None:
    breaker = await half_open()
    stream = guarded_words(breaker)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]

    assert state_of(breaker) == "half_open"
    await call(breaker)
    assert state_of(breaker) == "closed"


async def test_the_observer_sees_every_change_and_finds_the_new_state() -> None:
    seen: list[tuple[BreakerChange, str]] = []
    breaker = Breaker("model", on_change=lambda change: seen.append((change, breaker.state)))
    await fail(breaker, 5)
    await asyncio.sleep(60)
    await call(breaker)

    assert seen == [
        (BreakerChange("model", "closed", "open", 5), "open"),
        (BreakerChange("model", "open", "half_open", 5), "half_open"),
        (BreakerChange("model", "half_open", "closed", 0), "closed"),
    ]


async def test_an_observer_that_raises_does_not_keep_it_from_opening(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_change: BreakerChange) -> None:
        raise RuntimeError

    breaker = Breaker("model", on_change=broken)
    await fail(breaker, 5)

    assert state_of(breaker) == "open"
    assert "observer failed event=BreakerChange" in caplog.text


async def test_a_restart_does_not_reopen_the_flood_gates() -> None:
    first = Breaker("model")
    await fail(first, 5)
    await asyncio.sleep(10)
    wire = json.dumps(dataclasses.asdict(first.snapshot()))

    second = Breaker("model")
    second.restore(BreakerSnapshot(**json.loads(wire)), elapsed_s=20)

    assert second.snapshot() == BreakerSnapshot("open", 5, False, 30, 1)
    with pytest.raises(BreakerOpenError):
        await call(second)
    await asyncio.sleep(30)
    await call(second)
    assert state_of(second) == "closed"


async def test_a_streak_goes_on_after_a_restart() -> None:
    first, second = Breaker("model"), Breaker("model")
    await fail(first, 4)

    second.restore(first.snapshot(), elapsed_s=3)
    await fail(second, 1)

    assert state_of(second) == "open"


async def test_a_restart_between_timeouts_does_not_make_them_failures() -> None:
    first, second = Breaker("model"), Breaker("model")
    await fail(first, 4, SLOW)

    second.restore(first.snapshot(), elapsed_s=3)
    await fail(second, 1, SLOW)
    assert state_of(second) == "closed"

    await asyncio.sleep(2)
    await fail(second, 1, SLOW)
    assert state_of(second) == "open"


@pytest.mark.parametrize("elapsed_s", [60.0, 1e9])
async def test_an_open_time_that_ended_during_a_restart_leads_to_a_probe(elapsed_s: float) -> None:
    first, second = Breaker("model"), Breaker("model")
    await fail(first, 5)

    second.restore(first.snapshot(), elapsed_s)

    assert state_of(second) == "half_open"


async def test_a_clock_that_went_back_does_not_prolong_the_open_time() -> None:
    first, second = Breaker("model"), Breaker("model")
    await fail(first, 5)
    await asyncio.sleep(10)

    second.restore(first.snapshot(), elapsed_s=-3600)

    assert second.remaining_open_s() == 50


async def test_a_restart_with_a_shorter_open_time_is_not_bound_by_the_longer_one() -> None:
    first, second = Breaker("model"), Breaker("model", open_s=20)
    await fail(first, 5)

    second.restore(first.snapshot(), elapsed_s=0)

    assert second.remaining_open_s() == 20


async def test_restoring_a_probe_forgets_who_made_it() -> None:
    first, second = await half_open(), Breaker("model")
    probe = asyncio.create_task(call(first, seconds=5))
    await asyncio.sleep(1)

    second.restore(first.snapshot(), elapsed_s=0)
    await call(second)

    assert state_of(second) == "closed"
    await probe


@given(
    delays=st.lists(st.floats(min_value=0, max_value=3), min_size=2, max_size=30),
    outcomes=st.lists(
        st.sampled_from([None, DOWN, SLOW, KeyError(), ThrottledError("x", 1)]), min_size=30, max_size=30
    ),
)
async def test_never_two_probes_at_once(delays: list[float], outcomes: list[BaseException | None]) -> None:
    breaker = await half_open()
    probing = 0

    async def caller(delay_s: float, outcome: BaseException | None) -> None:
        nonlocal probing
        await asyncio.sleep(delay_s)
        async with breaker.guard():
            was_probe = breaker.state == "half_open"
            probing += was_probe
            assert probing <= 1
            try:
                await asyncio.sleep(1)
            finally:
                probing -= was_probe
            if outcome:
                raise outcome

    results = await asyncio.gather(
        *(caller(*pair) for pair in zip(delays, outcomes, strict=False)), return_exceptions=True
    )

    assert not any(isinstance(result, AssertionError) for result in results)


PROGRAM = """
import asyncio
from actors.errors import BreakerOpenError, SearchUnavailableError
from actors.resilience.breaker import Breaker

async def main():
    breaker = Breaker("model")
    for _ in range(5):
        try:
            async with breaker.guard():
                raise SearchUnavailableError("down")
        except SearchUnavailableError:
            pass
    try:
        async with breaker.guard():
            pass
    except BreakerOpenError as error:
        assert 59 < error.retry_after_s <= 60, error
        print(breaker.state)

asyncio.run(main())
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_it_knows_no_time_zones_and_gives_no_warnings(zone: str) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=root,
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("open\n", "")


@pytest.mark.parametrize("rule", [{"streak": 0}, {"min_calls": 0}, {"min_calls": 30, "window_calls": 20}])
def test_a_rule_that_cannot_work_is_refused(rule: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="trip rule"):
        TripRule(**rule)
