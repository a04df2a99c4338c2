"""Who gets a place for a draft, who waits, who is refused at once; and how a replica leaves its readers."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack
from contextvars import Context
from typing import Any

import pytest
from starlette.types import Message

from actors.config import Settings
from actors.document_stream import Cursor
from actors.errors import AgentUnavailableError, OverloadedError, ServerLeavingError
from actors.events import TERMINAL, AnyEvent, DraftFailed, LayerStarted
from actors.messages import DraftRequest
from actors.ports import LocalAgent
from serve.admission import BULK_TURN, PATIENCE_S, Gate, Lane, Lanes, lane, lane_of
from serve.admitted import AdmittedDrafts
from serve.service import Order

MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law"


class Visitors:
    """Drafts at a gate, each held until it is told to end."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.inside: list[str] = []
        """In the order in which they came in."""

    async def come(self, *names: str, lane: Lane = "interactive") -> None:
        for name in names:
            self._ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._visit(name, lane))
            await settled()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await settled()

    def refused(self, name: str) -> bool:
        task = self.tasks[name]
        return task.done() and isinstance(task.exception(), OverloadedError)

    async def _visit(self, name: str, lane: Lane) -> None:
        async with self._gate.place(lane):
            self.inside.append(name)
            await self._ends[name].wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_as_many_come_in_as_there_are_places() -> None:
    visitors = Visitors(Gate("drafts", 2))

    await visitors.come("a", "b", "c")

    assert visitors.inside == ["a", "b"]


async def test_who_finds_places_and_queue_full_is_refused_at_once_and_told_the_bound() -> None:
    gate = Gate("drafts", 1)
    visitors = Visitors(gate)
    await visitors.come("inside", "waits", "refused")

    assert visitors.refused("refused")
    assert not visitors.refused("waits")
    with pytest.raises(OverloadedError) as told:
        gate.check("interactive")
    assert (told.value.name, told.value.limit) == ("drafts", 1)


async def test_who_waits_gets_the_place_of_the_next_who_leaves() -> None:
    visitors = Visitors(Gate("drafts", 1))
    await visitors.come("a", "b")

    await visitors.end("a")

    assert visitors.inside == ["a", "b"]


async def test_a_person_waits_less_than_a_tenth_of_a_second_and_is_then_refused() -> None:
    visitors = Visitors(Gate("drafts", 1))
    await visitors.come("a", "b")
    begun = asyncio.get_running_loop().time()

    await asyncio.wait((visitors.tasks["b"],))

    assert asyncio.get_running_loop().time() - begun == pytest.approx(PATIENCE_S)
    assert visitors.refused("b")
    assert PATIENCE_S < 0.1


async def test_bulk_work_waits_for_as_long_as_it_takes() -> None:
    visitors = Visitors(Gate("drafts", 1))
    await visitors.come("a", "b", lane="bulk")

    await asyncio.sleep(3600)
    await visitors.end("a")

    assert visitors.inside == ["a", "b"]


async def test_bulk_work_beyond_its_queue_is_refused_at_once() -> None:
    visitors = Visitors(Gate("drafts", 1, bulk_waiting=2))

    await visitors.come("a", "b", "c", "d", lane="bulk")

    assert [visitors.refused(name) for name in "abcd"] == [False, False, False, True]


async def test_a_person_goes_ahead_of_bulk_work_that_came_before() -> None:
    visitors = Visitors(Gate("drafts", 1))
    await visitors.come("inside")
    await visitors.come("bulk", lane="bulk")
    await visitors.come("person")

    await visitors.end("inside")

    assert visitors.inside == ["inside", "person"]


async def test_bulk_work_gets_its_turn_however_many_people_come() -> None:
    visitors = Visitors(Gate("drafts", 1))
    await visitors.come("0")
    await visitors.come("bulk", lane="bulk")
    for number in range(1, 2 * BULK_TURN):
        await visitors.come(str(number))
        await visitors.end(visitors.inside[-1])

    assert visitors.inside.index("bulk") == BULK_TURN


async def test_who_gives_up_waiting_takes_no_place_with_it() -> None:
    visitors = Visitors(Gate("drafts", 1))
    await visitors.come("a", "b")

    visitors.tasks["b"].cancel()
    await settled()
    await visitors.end("a")
    await visitors.come("c")

    assert visitors.inside == ["a", "c"]


async def test_a_place_handed_to_one_who_gives_up_at_that_moment_goes_on_to_the_next() -> None:
    visitors = Visitors(Gate("drafts", 1))
    await visitors.come("a")
    await visitors.come("b", "c", lane="bulk")

    visitors._ends["a"].set()
    await asyncio.sleep(0)  # `a` has left, and `b` is called but does not run yet
    assert visitors.tasks["a"].done()
    visitors.tasks["b"].cancel()
    await settled()

    assert visitors.inside == ["a", "c"]


async def test_the_moment_that_the_load_ends_everybody_comes_in_again() -> None:
    gate = Gate("drafts", 2)
    visitors = Visitors(gate)
    await visitors.come(*(str(number) for number in range(40)))
    for name in tuple(visitors.inside):
        await visitors.end(name)
    for name in tuple(visitors.inside):
        await visitors.end(name)

    await visitors.come("later", "latest")

    assert visitors.inside[-2:] == ["later", "latest"]


# Which lane.


@pytest.mark.parametrize(
    ("priority", "asked"),
    [
        (b"", "interactive"),
        (b"u=3", "interactive"),
        (b"u=5", "bulk"),
        (b"i, u=7", "bulk"),
        (b"u=0, i", "interactive"),
        (b"u=70", "interactive"),
        (b"u=-1", "interactive"),
        (b"urgent=7", "interactive"),
        (b"\xff,=,u", "interactive"),
    ],
)
def test_the_priority_field_says_what_is_bulk_work_and_nonsense_says_nothing(
    priority: bytes, asked: Lane
) -> None:
    assert lane_of(priority) == asked


async def test_each_request_has_its_own_lane() -> None:
    seen = []

    async def app(*_: object) -> None:
        seen.append(lane())

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    async def unheard(_: Message) -> None:
        return

    for headers in ([(b"priority", b"u=6")], []):
        await asyncio.create_task(
            asyncio.wait_for(Lanes(app)({"type": "http", "headers": headers}, nothing, unheard), 1)
        )

    assert seen == ["bulk", "interactive"]


# The drafts behind it.


class Coordinator:
    """Tells events as it is given them, and keeps what it is asked to hold."""

    def __init__(self) -> None:
        self.held: list[DraftRequest] = []
        self.readers = 0
        self.asked = 0
        self.more: asyncio.Queue[AnyEvent] = asyncio.Queue()
        self.away = False

    async def draft(self, request: DraftRequest, after_seq: int) -> AsyncGenerator[list[AnyEvent], None]:
        self.readers += 1
        try:
            event: AnyEvent | None = None
            while not isinstance(event, TERMINAL):
                event = await self.more.get()
                yield [event]
        finally:
            self.readers -= 1

    async def hold(self, request: DraftRequest) -> None:
        if self.away:
            raise AgentUnavailableError("coordinator", "it restarts")
        self.held.append(request)

    async def history(self, *_: object) -> list[AnyEvent]:
        self.asked += 1
        return []


class Agents:
    """A coordinator, and nobody else."""

    def __init__(self) -> None:
        self.coordinator = Coordinator()

    def port(self, name: str) -> Any:
        return LocalAgent(self.coordinator)


@pytest.fixture
def agents() -> Agents:
    return Agents()


@pytest.fixture
def drafts(agents: Agents) -> AdmittedDrafts:
    return AdmittedDrafts(agents, Settings(), {"library": Gate("library", 1), "model": Gate("model", 1)})


def ordered(drafts: AdmittedDrafts, **changes: Any) -> DraftRequest:
    return drafts.request(Order(message=MESSAGE, **changes), None, "acme", None)


async def read(drafts: AdmittedDrafts, request: DraftRequest, told: list[AnyEvent]) -> None:
    async for _, event in drafts.follow(request, Cursor()):
        told.append(event)


async def started(works: Iterable[Any], on: AsyncExitStack) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(work) for work in works]
    for task in tasks:
        on.callback(task.cancel)
    await settled()
    return tasks


async def test_an_order_is_refused_before_it_is_read_when_there_is_no_place(drafts: AdmittedDrafts) -> None:
    request, second = ordered(drafts), ordered(drafts)
    async with AsyncExitStack() as stack:
        await started((read(drafts, asked, []) for asked in (request, second)), stack)

        with pytest.raises(OverloadedError):
            drafts.request(Order(message=""), None, "acme", None)


async def test_who_comes_back_to_a_draft_needs_no_place(drafts: AdmittedDrafts, agents: Agents) -> None:
    request = ordered(drafts)

    async def returning() -> None:
        # In a context of its own, as a request is: one that orders nothing.
        await read(drafts, request.model_copy(update={"draft_id": "an-earlier-one"}), [])

    async with AsyncExitStack() as stack:
        tasks = [
            asyncio.create_task(read(drafts, request, [])),
            *(asyncio.create_task(returning(), context=Context()) for _ in range(3)),
        ]
        for task in tasks:
            stack.callback(task.cancel)
        await settled()

        assert agents.coordinator.readers == 4


async def test_a_replica_that_leaves_has_its_drafts_held_and_tells_every_reader_to_reconnect(
    drafts: AdmittedDrafts, agents: Agents
) -> None:
    request = ordered(drafts)
    told: list[AnyEvent] = []
    async with AsyncExitStack() as stack:
        (reading,) = await started([read(drafts, request, told)], stack)
        await agents.coordinator.more.put(LayerStarted(seq=1, layer="intake"))
        await settled()

        await drafts.leave()
        await settled()

        assert isinstance(reading.exception(), ServerLeavingError)
        assert [event.type for event in told] == ["layer.started"]
        assert agents.coordinator.held == [request]
        assert agents.coordinator.readers == 0


async def test_who_comes_to_a_replica_that_has_left_is_sent_on_at_once(drafts: AdmittedDrafts) -> None:
    await drafts.leave()

    with pytest.raises(ServerLeavingError):
        await read(drafts, ordered(drafts), [])


async def test_readers_are_sent_away_though_the_coordinator_cannot_hold_their_drafts(
    drafts: AdmittedDrafts, agents: Agents
) -> None:
    agents.coordinator.away = True
    async with AsyncExitStack() as stack:
        (reading,) = await started([read(drafts, ordered(drafts), [])], stack)

        await drafts.leave()
        await settled()

        assert isinstance(reading.exception(), ServerLeavingError)


async def test_a_draft_that_is_over_leaves_its_place(drafts: AdmittedDrafts, agents: Agents) -> None:
    await agents.coordinator.more.put(
        DraftFailed(seq=1, status="refused", step="intake", error="InvalidInputError", message="no")
    )
    progress = await drafts.finish(ordered(drafts))

    assert progress.status == "refused"
    assert agents.coordinator.readers == 0
    ordered(drafts)
