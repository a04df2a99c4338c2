"""Drafts beyond their readers: those without one, and one whose first reader leaves."""

import asyncio
from contextvars import ContextVar

import pytest

from actors.coordinator import Coordinator
from actors.draft_holding import AT_ONCE, MOST
from actors.errors import OverloadedError
from actors.messages import DraftRequest
from tests.unit.scripted_agents import Agents, Script, coordinator, events_of, request

SLOW_S = 10.0


def orders(count: int) -> list[DraftRequest]:
    return [request(draft_id=f"draft-{number:04}", resumable=True) for number in range(count)]


async def told(made: Coordinator, asked: DraftRequest) -> list[str]:
    return [event.type for event in await made.history(asked.draft_id)]


async def test_so_many_are_worked_at_and_the_next_waits_with_its_beginning_in_the_journal() -> None:
    made = coordinator(Agents(draft=Script(SLOW_S)))
    *first, last = orders(AT_ONCE["library"] + 1)
    for asked in (*first, last):
        await made.hold(asked)
    await asyncio.sleep(SLOW_S / 2)

    assert await told(made, last) == ["draft.started"]
    assert ["layer.started" in await told(made, asked) for asked in first] == [True] * len(first)
    assert await made.health() == {"drafts_in_flight": len(first) + 1}


async def test_every_one_has_its_turn() -> None:
    made = coordinator(Agents(draft=Script(SLOW_S)))
    asked = orders(7)
    for one in asked:
        await made.hold(one)

    await asyncio.sleep(100 * SLOW_S)

    assert [(await told(made, one))[-1] for one in asked] == ["draft.finished"] * 7
    assert [(await told(made, one)).count("draft.started") for one in asked] == [1] * 7
    assert await made.health() == {"drafts_in_flight": 0}


async def test_a_reader_does_not_wait_for_its_turn() -> None:
    made = coordinator(Agents(draft=Script(SLOW_S)))
    *others, mine = orders(9)
    for asked in (*others, mine):
        await made.hold(asked)
    begun_s = asyncio.get_running_loop().time()

    events = await events_of(made, mine)

    assert events[-1].type == "draft.finished"
    assert asyncio.get_running_loop().time() - begun_s < 4 * SLOW_S
    assert await told(made, others[-1]) == ["draft.started"]


async def test_one_that_is_cancelled_while_it_waits_is_never_worked_at() -> None:
    agents = Agents(draft=Script(SLOW_S))
    made = coordinator(agents)
    *others, mine = orders(AT_ONCE["library"] + 1)
    for asked in (*others, mine):
        await made.hold(asked)

    assert await made.cancel("public", mine.draft_id)
    await asyncio.sleep(100 * SLOW_S)

    assert await told(made, mine) == ["draft.started", "draft.cancelled"]
    assert agents.started.count("draft 0") == len(others)


async def test_beyond_the_most_that_may_wait_a_draft_is_refused() -> None:
    made = coordinator(Agents(draft=Script(SLOW_S)))
    *held, one_more = orders(MOST + 1)
    for asked in held:
        await made.hold(asked)

    with pytest.raises(OverloadedError):
        await made.hold(one_more)
    await made.hold(held[-1])

    assert await told(made, one_more) == []


READER = ContextVar("READER", default="nobody")


class Observed(Script):
    """Keeps in whose context it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.callers: set[str] = set()

    async def play(self) -> None:
        self.callers.add(READER.get())
        await super().play()


async def test_a_draft_is_run_in_nobodys_context_so_that_it_does_not_end_with_its_first_reader() -> None:
    """Ray stops with a reader's call what was called in that reader's context."""
    drafting, reviewing = Observed(), Observed()
    READER.set("the first reader")

    await events_of(coordinator(Agents(draft=drafting, review=reviewing)), request())

    assert drafting.callers == reviewing.callers == {"nobody"}
