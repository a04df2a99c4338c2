"""A draft whose only reader is cut off again and again: nothing lost, nothing repeated, and it comes to its end."""

import asyncio

import pytest

from actors.coordinator import LINGER_S, Coordinator
from actors.errors import DraftConflictError, StepFailedError
from actors.events import TERMINAL, AnyEvent
from actors.messages import DraftRequest
from actors.report import report_of
from tests.unit.scripted_agents import Agents, Script, coordinator, events_of, folded, request

BROKEN = StepFailedError("x", 3, "SearchUnavailableError: down")
MOST_READS = 200


async def read_one(made: Coordinator, asked: DraftRequest, after_seq: int) -> AnyEvent:
    """Read a single event, and leave."""
    stream = made.draft(asked, after_seq)
    batch = await anext(stream)
    await stream.aclose()
    return batch[0]


async def read_one_by_one(made: Coordinator, asked: DraftRequest, away_s: float) -> list[AnyEvent]:
    """Read a draft by a reader that is cut off after every event, and stays away for so long."""
    events: list[AnyEvent] = []
    while not events or not isinstance(events[-1], TERMINAL):
        events.append(await read_one(made, asked, events[-1].seq if events else 0))
        await asyncio.sleep(away_s)
        assert len(events) < MOST_READS, [event.type for event in events[-6:]]
    return events


def content(events: list[AnyEvent]) -> list[str]:
    """Return what was said, without when."""
    return sorted(event.model_dump_json(exclude={"seq", "at_s", "seconds"}) for event in events)


@pytest.mark.parametrize("away_s", [0.0, LINGER_S / 2, 1.0, 60.0])
async def test_a_reader_cut_off_after_every_event_hears_each_of_them_once(away_s: float) -> None:
    asked = request(resumable=True)
    whole = await events_of(coordinator(Agents()), asked)

    events = await read_one_by_one(coordinator(Agents(draft=Script(1.0), review=Script(1.0))), asked, away_s)

    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert content(events) == content(whole)


async def test_a_reader_who_comes_back_in_time_finds_the_work_going_on() -> None:
    agents = Agents(draft=Script(10.0))
    made, asked = coordinator(agents), request(resumable=True)
    await read_one_by_one(made, asked, LINGER_S / 2)
    assert agents.scripts["draft"].cancelled == 0
    assert agents.draft_starts == [0]


async def test_a_reader_who_stays_away_stops_the_work_within_a_second() -> None:
    agents = Agents(draft=Script(1000.0))
    made, asked = coordinator(agents), request(resumable=True)
    stream = made.draft(asked)
    async for batch in stream:
        if any(event.type == "layer.started" and event.layer == "draft" for event in batch):
            break
    await asyncio.sleep(1.0)
    await stream.aclose()
    assert agents.scripts["draft"].cancelled == 0
    await asyncio.sleep(0.5)
    assert agents.scripts["draft"].cancelled == 1
    assert await made.health() == {"drafts_in_flight": 0}


async def test_what_was_understood_once_is_not_asked_again() -> None:
    agents = Agents(draft=Script(1.0))
    await read_one_by_one(coordinator(agents), request(resumable=True), 60.0)
    # Until its result is kept the question is asked anew: once for each of the events before.
    assert agents.scripts["intake"].calls <= 3


async def test_a_step_that_was_replaced_is_named_once_and_the_end_says_so() -> None:
    agents = Agents(research=Script(BROKEN), draft=Script(1.0))
    progress = folded(await read_one_by_one(coordinator(agents), request(resumable=True), 60.0))
    assert [degraded.step for degraded in progress.degraded] == ["research"]
    assert progress.status == "degraded"
    assert report_of(progress)["status"] == "degraded"


async def test_a_section_without_its_law_stays_named_when_research_is_back_after_a_cut() -> None:
    agents = Agents(research=Script(BROKEN, None), draft=Script(1.0))
    progress = folded(await read_one_by_one(coordinator(agents), request(resumable=True), 60.0))
    assert progress.status == "degraded"
    assert len(progress.completed) == 6


async def test_a_draft_that_lingers_can_be_cancelled_for_good() -> None:
    made, asked = coordinator(Agents(draft=Script(1000.0))), request(resumable=True)
    await read_one(made, asked, 0)
    assert await made.cancel("public", asked.draft_id)
    assert (await events_of(made, asked))[-1].type == "draft.cancelled"


async def test_a_draft_that_ends_while_it_lingers_is_found_whole() -> None:
    made, asked = coordinator(Agents(draft=Script(LINGER_S / 6))), request(resumable=True)
    first = await read_one(made, asked, 0)
    await asyncio.sleep(LINGER_S * 5)
    assert await made.health() == {"drafts_in_flight": 0}
    rest = await events_of(made, asked, first.seq)
    assert rest[-1].type == "draft.finished"


async def test_an_order_that_is_another_is_refused_and_leaves_the_draft_alone() -> None:
    made, asked = coordinator(Agents(draft=Script(10.0))), request(resumable=True)
    other = asked.model_copy(update={"message": "Something else"})
    first = await read_one(made, asked, 0)

    with pytest.raises(DraftConflictError):
        await read_one(made, other, 0)
    with pytest.raises(DraftConflictError):
        await made.hold(other)

    events = [first, *await events_of(made, asked, 1)]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].type == "draft.finished"


async def test_of_two_orders_that_come_at_once_the_second_is_refused() -> None:
    made, asked = coordinator(Agents()), request(resumable=True)
    other = asked.model_copy(update={"message": "Something else"})

    told = await asyncio.gather(
        events_of(made, asked), events_of(made, other), events_of(made, asked), return_exceptions=True
    )

    assert isinstance(told[1], DraftConflictError)
    assert told[0] == told[2]
    assert isinstance(told[0], list)
    assert folded(told[0]).status == "finished"


async def test_a_wrong_order_that_comes_first_to_a_broken_draft_keeps_nobody_from_it() -> None:
    made, asked = coordinator(Agents()), request(resumable=True)
    await read_one(made, asked, 0)
    await asyncio.sleep(2 * LINGER_S)
    other = asked.model_copy(update={"message": "Something else"})

    told = await asyncio.gather(events_of(made, other), events_of(made, asked), return_exceptions=True)

    assert isinstance(told[0], DraftConflictError)
    assert isinstance(told[1], list)
    assert folded(told[1]).status == "finished"
