"""The one door to Ray: what crosses it, and what stops when nobody waits any more."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import ray

from actors.errors import AgentUnavailableError, InvalidInputError
from actors.ports import ChildSpec
from actors.remote import Fleet, RemoteAgent, spawn
from cluster.ray_session import namespace

pytestmark = pytest.mark.usefixtures("local_ray")


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    path = tmp_path / "marks"
    path.touch()
    return path


@pytest.fixture
def sample(marks: Path) -> Iterator[RemoteAgent]:
    fleet = Fleet(namespace())
    spawn(sample_spec(marks), fleet)
    yield fleet.port("sample")
    ray.kill(fleet.handles["sample"])


def sample_spec(marks: Path) -> ChildSpec:
    return ChildSpec(
        "sample", "tests.integration.sample_agents:Sample", lambda _: {"marks": marks}, niceness=17
    )


async def until_marked(marks: Path, text: str) -> None:
    async with asyncio.timeout(60):
        while text not in marks.read_text(encoding="utf-8"):
            await asyncio.sleep(0.02)


async def test_a_parcel_travels_to_the_next_call_unopened(sample: RemoteAgent) -> None:
    _, parcel = await sample.ask("pair", "abc", parts=2)
    assert await sample.call("length", parcel) == 3
    assert await parcel.open() == "ABC"


async def test_our_errors_arrive_with_type_and_fields(sample: RemoteAgent) -> None:
    with pytest.raises(InvalidInputError, match="term: it is negative") as caught:
        await sample.call("refuse")
    assert caught.value.field == "term"


async def test_a_call_that_is_no_longer_awaited_is_stopped_in_the_agent(
    sample: RemoteAgent, marks: Path
) -> None:
    task = asyncio.create_task(sample.call("hang", "call"))
    await until_marked(marks, "call started")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_marked(marks, "call stopped")


async def test_a_call_that_times_out_is_stopped_in_the_agent(sample: RemoteAgent, marks: Path) -> None:
    await sample.call("pid")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await sample.call("hang", "late")
    await until_marked(marks, "late stopped")


async def test_a_stream_that_is_left_is_stopped_in_the_agent(sample: RemoteAgent, marks: Path) -> None:
    stream = sample.stream("numbers", "stream")
    async for parcel in stream:
        if await parcel.open() == 3:
            break
    await stream.aclose()
    await until_marked(marks, "stream stopped")


async def test_an_agent_that_was_killed_is_unavailable_and_then_back(
    sample: RemoteAgent, marks: Path
) -> None:
    pid = await sample.call("pid")
    hanging = asyncio.create_task(sample.call("hang", "victim"))
    await until_marked(marks, "victim started")
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(AgentUnavailableError, match="sample"):
        await hanging
    async with asyncio.timeout(60):
        while True:
            try:
                assert await sample.call("pid") != pid
                return
            except AgentUnavailableError:
                await asyncio.sleep(0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a niceness of its own")
async def test_who_computes_gives_way_and_ray_in_the_same_process_does_not(sample: RemoteAgent) -> None:
    assert await sample.call("niceness") == (17, 17)
    assert await sample.call("niceness") == (17, 17)
    assert os.getpriority(os.PRIO_PROCESS, await sample.call("pid")) < 17
