"""Budgets that end, and children that do not outlast their parents."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import AttemptTimeoutError, DeadlineExceededError
from actors.resilience.clock import now_s
from actors.resilience.deadline import Deadline, attempt_timeout

BUDGETS = st.floats(min_value=0, max_value=1000)


async def test_a_scope_ends_its_body_when_the_budget_is_spent() -> None:
    began = now_s()

    with pytest.raises(DeadlineExceededError) as caught:
        async with Deadline.after(10).scope("review"):
            await asyncio.sleep(60)

    assert now_s() - began == 10
    assert (caught.value.step, caught.value.budget_s) == ("review", 10)


async def test_a_scope_lets_a_body_finish_in_time() -> None:
    deadline = Deadline.after(10)
    async with deadline.scope("review"):
        await asyncio.sleep(4)

    assert deadline.left_s() == 6


async def test_one_deadline_serves_several_scopes() -> None:
    deadline = Deadline.after(10)
    async with deadline.scope("first"):
        await asyncio.sleep(8)

    with pytest.raises(DeadlineExceededError):
        async with deadline.scope("second"):
            await asyncio.sleep(3)

    assert now_s() == deadline.at_s


async def test_a_spent_budget_does_not_even_start() -> None:
    deadline = Deadline.after(1)
    await asyncio.sleep(5)
    ran = False

    with pytest.raises(DeadlineExceededError):
        async with deadline.scope("review"):
            ran = True

    assert not ran
    assert deadline.left_s() == 0


async def test_the_bodys_own_timeout_keeps_its_type() -> None:
    with pytest.raises(TimeoutError):
        async with Deadline.after(10).scope("review"):
            raise TimeoutError

    with pytest.raises(TimeoutError):
        async with attempt_timeout("review", 10):
            raise TimeoutError


async def test_cancellation_from_outside_stays_cancellation() -> None:
    async def work() -> None:
        async with Deadline.after(10).scope("review"), attempt_timeout("review", 5):
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await asyncio.sleep(1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


@given(parent=BUDGETS, spent=BUDGETS, child=BUDGETS)
async def test_a_child_never_outlasts_its_parent(parent: float, spent: float, child: float) -> None:
    whole = Deadline.after(parent)
    await asyncio.sleep(spent)

    part = whole.child(child)

    assert part.at_s <= max(whole.at_s, now_s())
    assert part.left_s() <= child + 1e-6  # seconds since an epoch cannot hold more digits


async def test_the_child_of_a_longer_budget_says_what_it_really_had() -> None:
    with pytest.raises(DeadlineExceededError) as caught:
        async with Deadline.after(7).child(100).scope("review"):
            await asyncio.sleep(60)

    assert caught.value.budget_s == 7


async def test_an_outer_deadline_at_the_same_instant_wins() -> None:
    outer = Deadline.after(7)

    with pytest.raises(DeadlineExceededError) as caught:
        async with outer.scope("draft"), outer.child(100).scope("review"):
            await asyncio.sleep(60)

    assert caught.value.step == "draft"


async def test_an_attempt_that_takes_too_long_is_named() -> None:
    with pytest.raises(AttemptTimeoutError) as caught:
        async with attempt_timeout("research", 3):
            await asyncio.sleep(60)

    assert (caught.value.step, caught.value.limit_s) == ("research", 3)
    assert now_s() == 3


@pytest.mark.parametrize("budget_s", [-1.0, float("nan")])
async def test_a_budget_that_is_no_time_is_refused(budget_s: float) -> None:
    with pytest.raises(ValueError, match="budget"):
        Deadline.after(budget_s)


def test_without_a_loop_the_clock_still_goes_forward() -> None:
    assert 0 < now_s() <= now_s()
