"""Permits, a queue, and no leaks."""

import asyncio
import random

import pytest

from actors.errors import OverloadedError
from actors.resilience.bulkhead import Bulkhead
from actors.resilience.clock import now_s


class Gauge:
    """Counts who is inside at the same time."""

    def __init__(self) -> None:
        self.now = 0
        self.peak = 0

    async def stay(self, bulkhead: Bulkhead, seconds: float = 1) -> None:
        async with bulkhead.slot():
            self.now += 1
            self.peak = max(self.peak, self.now)
            try:
                await asyncio.sleep(seconds)
            finally:
                self.now -= 1


async def test_only_so_many_are_inside_and_the_others_wait() -> None:
    bulkhead, gauge = Bulkhead("model", permits=2, queue=4), Gauge()

    await asyncio.gather(*(gauge.stay(bulkhead) for _ in range(6)))

    assert gauge.peak == 2
    assert now_s() == 3
    assert bulkhead.inside == 0


async def test_who_finds_the_queue_full_is_refused_at_once() -> None:
    bulkhead, gauge = Bulkhead("model", permits=2, queue=1), Gauge()

    outcomes = await asyncio.gather(*(gauge.stay(bulkhead) for _ in range(5)), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, OverloadedError)]
    assert len(refused) == 2
    assert (refused[0].name, refused[0].limit) == ("model", 3)


async def test_without_a_queue_nobody_waits() -> None:
    bulkhead = Bulkhead("model", permits=1, queue=0)

    async with bulkhead.slot():
        with pytest.raises(OverloadedError):
            await Gauge().stay(bulkhead)
    await Gauge().stay(bulkhead)


async def test_who_waits_can_leave_without_taking_a_permit_along() -> None:
    bulkhead, gauge = Bulkhead("model", permits=1, queue=2), Gauge()
    holder = asyncio.create_task(gauge.stay(bulkhead, 10))
    leaver = asyncio.create_task(gauge.stay(bulkhead))
    patient = asyncio.create_task(gauge.stay(bulkhead))
    await asyncio.sleep(5)

    leaver.cancel()
    await asyncio.gather(holder, patient)

    assert leaver.cancelled()
    assert now_s() == 11
    assert bulkhead.inside == 0


async def test_leaving_in_the_moment_of_the_turn_hands_the_turn_on() -> None:
    bulkhead, gauge = Bulkhead("model", permits=1, queue=2), Gauge()
    holder = asyncio.create_task(gauge.stay(bulkhead, 10))
    leaver = asyncio.create_task(gauge.stay(bulkhead))
    patient = asyncio.create_task(gauge.stay(bulkhead))
    await asyncio.sleep(5)
    # The holder's end wakes the leaver; its cancellation reaches it before it runs.
    holder.add_done_callback(lambda _: leaver.cancel())

    await asyncio.gather(holder, patient)

    assert bulkhead.inside == 0
    await gauge.stay(bulkhead)


@pytest.mark.parametrize("seed", range(20))
async def test_no_permit_leaks_in_a_storm_of_cancellations(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    bulkhead, gauge = Bulkhead("model", permits=3, queue=50), Gauge()
    tasks = [asyncio.create_task(gauge.stay(bulkhead, dice.randrange(5))) for _ in range(50)]
    for task in dice.sample(tasks, 35):
        await asyncio.sleep(dice.choice([0, 0, 1]))
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    began = now_s()
    await asyncio.gather(*(gauge.stay(bulkhead) for _ in range(6)))

    assert bulkhead.inside == gauge.now == 0
    assert gauge.peak == 3
    assert now_s() - began == 2


@pytest.mark.parametrize(("permits", "queue"), [(0, 1), (1, -1)])
def test_a_bulkhead_that_admits_nobody_is_refused(permits: int, queue: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        Bulkhead("model", permits, queue)
