"""Many ask, one works."""

import asyncio
import gc

import pytest

from actors.errors import SearchUnavailableError
from actors.resilience.deadline import attempt_timeout
from actors.resilience.single_flight import SingleFlight


class Search:
    """Slow work that knows how often it began, ended and was cancelled, which takes it a moment."""

    def __init__(self, error: Exception | None = None) -> None:
        self.began = self.ended = self.cancelled = 0
        self.error = error

    async def __call__(self) -> str:
        self.began += 1
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            await asyncio.sleep(0.5)
            self.cancelled += 1
            raise
        self.ended += 1
        if self.error:
            raise self.error
        return f"result {self.began}"


async def test_a_thousand_equal_questions_are_worked_on_once() -> None:
    flights, search = SingleFlight[str, str](), Search()

    results = await asyncio.gather(*(flights.run("q", search) for _ in range(1000)))

    assert set(results) == {"result 1"}
    assert search.began == 1
    assert len(flights) == 0


async def test_different_questions_do_not_wait_for_each_other() -> None:
    flights, search = SingleFlight[str, str](), Search()

    await asyncio.gather(flights.run("a", search), flights.run("b", search))

    assert search.began == 2


async def test_all_callers_get_the_error() -> None:
    flights, search = SingleFlight[str, str](), Search(SearchUnavailableError("down"))

    outcomes = await asyncio.gather(*(flights.run("q", search) for _ in range(3)), return_exceptions=True)

    assert outcomes == [search.error] * 3


async def test_a_failed_flight_is_not_remembered() -> None:
    flights = SingleFlight[str, str]()
    with pytest.raises(SearchUnavailableError):
        await flights.run("q", Search(SearchUnavailableError("down")))

    # At once, before the loop has run the callbacks of the failed flight.
    assert await flights.run("q", Search()) == "result 1"


async def test_a_flight_that_fails_in_this_moment_takes_nobody_along() -> None:
    flights, signal = SingleFlight[str, str](), asyncio.Event()

    async def failing() -> str:
        await signal.wait()
        raise SearchUnavailableError("down")

    async def newcomer() -> str:
        await signal.wait()
        return await flights.run("q", Search())

    first = asyncio.create_task(flights.run("q", failing))
    await asyncio.sleep(1)
    second = asyncio.create_task(newcomer())
    await asyncio.sleep(1)
    signal.set()

    outcomes = await asyncio.gather(first, second, return_exceptions=True)

    assert isinstance(outcomes[0], SearchUnavailableError)
    assert outcomes[1] == "result 1"


async def test_a_result_is_not_remembered_either() -> None:
    flights, search = SingleFlight[str, str](), Search()

    assert await flights.run("q", search) == "result 1"
    assert await flights.run("q", search) == "result 2"


async def test_a_caller_that_leaves_does_not_disturb_the_others() -> None:
    flights, search = SingleFlight[str, str](), Search()
    first, second = (asyncio.create_task(flights.run("q", search)) for _ in range(2))
    await asyncio.sleep(5)

    first.cancel()

    assert await second == "result 1"
    assert first.cancelled()
    assert search.cancelled == 0


async def test_the_timeout_of_the_first_caller_is_not_that_of_the_others() -> None:
    flights, search = SingleFlight[str, str](), Search()

    async def hasty() -> str:
        async with attempt_timeout("research", 3):
            return await flights.run("q", search)

    outcomes = await asyncio.gather(hasty(), flights.run("q", search), return_exceptions=True)

    assert outcomes[1] == "result 1"
    assert search.began == 1


async def test_when_the_last_caller_leaves_the_work_is_cancelled() -> None:
    flights, search = SingleFlight[str, str](), Search()
    callers = [asyncio.create_task(flights.run("q", search)) for _ in range(3)]
    await asyncio.sleep(5)

    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    await asyncio.sleep(1)

    assert (search.cancelled, search.ended) == (1, 0)
    assert len(flights) == 0


async def test_who_comes_after_the_last_has_left_starts_anew() -> None:
    flights, search = SingleFlight[str, str](), Search()
    leaver = asyncio.create_task(flights.run("q", search))
    await asyncio.sleep(5)
    leaver.cancel()
    await asyncio.gather(leaver, return_exceptions=True)

    newcomer = asyncio.create_task(flights.run("q", search))
    latecomer = asyncio.create_task(flights.run("q", search))

    assert (await newcomer, await latecomer) == ("result 2", "result 2")


async def test_an_error_that_nobody_waits_for_is_not_reported_as_forgotten() -> None:
    reports: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reports.append(context))
    flights = SingleFlight[str, str]()

    async def stubborn() -> str:
        try:
            await asyncio.sleep(10)
        finally:
            raise SearchUnavailableError("while cleaning up")

    caller = asyncio.create_task(flights.run("q", stubborn))
    await asyncio.sleep(1)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    await asyncio.sleep(1)

    del caller
    gc.collect()
    assert reports == []
