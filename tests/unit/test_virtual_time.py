"""The clock of the tests."""

import asyncio


async def test_an_hour_of_sleep_moves_the_clock_by_an_hour() -> None:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await asyncio.sleep(3600)
    assert loop.time() - before == 3600
