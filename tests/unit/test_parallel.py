"""Side by side, with one outcome."""

import asyncio

import pytest

from actors.errors import SearchUnavailableError
from actors.resilience.clock import now_s
from actors.resilience.parallel import ParallelExecutor


class Trace:
    """Tasks that leave a trace of how they ended."""

    def __init__(self) -> None:
        self.ends: list[str] = []

    async def work(self, name: str, seconds: float, error: Exception | None = None) -> str:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await asyncio.sleep(1)
            self.ends.append(f"{name} cleaned up")
            raise
        if error:
            raise error
        return name


async def test_results_come_in_the_order_of_the_tasks_and_in_the_time_of_the_slowest() -> None:
    trace = Trace()

    results = await ParallelExecutor.run_parallel([trace.work("review", 3), trace.work("validation", 2)])

    assert results == ["review", "validation"]
    assert now_s() == 3


async def test_tasks_are_as_good_as_coroutines() -> None:
    trace = Trace()

    results = await ParallelExecutor.run_parallel(
        [asyncio.create_task(trace.work("a", 1)), trace.work("b", 1)]
    )

    assert results == ["a", "b"]


async def test_the_first_failure_ends_the_others_and_is_raised_itself() -> None:
    trace, error = Trace(), SearchUnavailableError("down")

    with pytest.raises(SearchUnavailableError) as caught:
        await ParallelExecutor.run_parallel(
            [trace.work("slow", 60), trace.work("bad", 2, error), trace.work("quick", 1)]
        )

    assert caught.value is error
    assert trace.ends == ["slow cleaned up"]
    assert now_s() == 3


async def test_the_earlier_of_two_failures_counts() -> None:
    trace = Trace()

    with pytest.raises(KeyError):
        await ParallelExecutor.run_parallel(
            [trace.work("a", 5, ValueError()), trace.work("b", 2, KeyError())]
        )


async def test_cancelling_the_whole_cancels_every_part_and_waits_for_it() -> None:
    trace = Trace()
    whole = asyncio.create_task(ParallelExecutor.run_parallel([trace.work("a", 60), trace.work("b", 60)]))
    await asyncio.sleep(5)
    whole.cancel()

    with pytest.raises(asyncio.CancelledError):
        await whole
    assert trace.ends == ["a cleaned up", "b cleaned up"]


async def test_a_part_that_somebody_else_cancels_is_not_a_result() -> None:
    trace = Trace()
    part = asyncio.create_task(trace.work("a", 60))
    asyncio.get_running_loop().call_later(1, part.cancel)

    with pytest.raises(asyncio.CancelledError):
        await ParallelExecutor.run_parallel([part, trace.work("b", 3)])


async def test_a_failure_counts_more_than_a_part_that_was_cancelled() -> None:
    trace = Trace()
    part = asyncio.create_task(trace.work("a", 60))
    asyncio.get_running_loop().call_later(1, part.cancel)

    with pytest.raises(KeyError):
        await ParallelExecutor.run_parallel([part, trace.work("b", 3, KeyError())])


async def test_nothing_to_do_gives_nothing() -> None:
    assert await ParallelExecutor.run_parallel([]) == []


async def test_the_observer_learns_how_many_ran() -> None:
    trace, counts = Trace(), list[int]()

    await ParallelExecutor.run_parallel([trace.work("a", 1), trace.work("b", 1)], on_run=counts.append)

    assert counts == [2]
