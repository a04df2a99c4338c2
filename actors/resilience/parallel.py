"""Independent work, side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar, cast

from actors.resilience.observer import notify

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")


class ParallelExecutor:
    """Runs independent tasks at the same time."""

    @staticmethod
    async def run_parallel(
        tasks: Iterable[Awaitable[T]], on_run: Callable[[int], object] | None = None
    ) -> list[T]:
        """Await all `tasks` and return their results in the order given.

        The first failure cancels the others, waits until they have ended, and is raised as it is. Cancelling
        the call cancels all tasks likewise: when it returns or raises, nothing of it is still running.

        Args:
            tasks: Tasks or coroutines.
            on_run: Told how many tasks this execution has.
        """
        running = [asyncio.ensure_future(task) for task in tasks]
        notify(on_run, len(running))
        if not running:
            return []
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
            _raise_first_failure(running)
        finally:
            await _end(running)
        return [task.result() for task in running]


async def both(first: Awaitable[A], second: Awaitable[B]) -> tuple[A, B]:
    """Await two things of different types side by side, as `run_parallel` does; `first` begins first."""
    running = asyncio.ensure_future(first), asyncio.ensure_future(second)
    await ParallelExecutor.run_parallel(cast("tuple[asyncio.Future[object], ...]", running))
    return running[0].result(), running[1].result()


def _raise_first_failure(tasks: Sequence[asyncio.Future[T]]) -> None:
    for task in tasks:
        if task.done() and not task.cancelled():
            task.result()


async def _end(tasks: Sequence[asyncio.Future[T]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
