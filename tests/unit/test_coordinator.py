"""The path of one draft: what runs beside what, what a failing step becomes, what a reader who leaves stops."""

import asyncio

import pytest

from actors.coordinator import Coordinator
from actors.domain.assembly import body_of
from actors.errors import AgentUnavailableError, InvalidInputError, StepFailedError
from actors.events import TERMINAL, AnyEvent, DraftFailed
from actors.journal import MemoryJournal
from actors.messages import DraftRequest, ModelUse, StandIn
from actors.report import ordered_sections, report_of
from tests.unit.scripted_agents import (
    SECTIONS,
    Agents,
    Records,
    Script,
    coordinator,
    events_of,
    folded,
    request,
)

GONE = AgentUnavailableError("x", "ActorUnavailableError")
BROKEN = StepFailedError("x", 3, "SearchUnavailableError: down")


async def test_a_draft_ends_in_exactly_one_terminal_event_and_counts_its_events() -> None:
    events = await events_of(coordinator(Agents()), request())
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [isinstance(event, TERMINAL) for event in events].count(True) == 1
    assert events[0].type == "draft.started"
    assert events[-1].type == "draft.finished"


async def test_sections_are_checked_while_later_ones_are_written() -> None:
    agents = Agents(draft=Script(10.0))
    await events_of(coordinator(agents), request())
    assert agents.started.index("review 0") < agents.started.index("draft 2")
    assert agents.started.index("validation 0") < agents.started.index("draft 2")


async def test_review_and_validation_of_the_whole_run_side_by_side() -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await events_of(
        coordinator(Agents(review=Script(0, 0, 0, 30.0), validation=Script(0, 0, 0, 20.0))), request()
    )
    assert loop.time() - begun == pytest.approx(30.0, abs=0.01)


async def test_the_plain_sequence_runs_one_step_after_the_other_and_gives_the_same_document() -> None:
    plain, side_by_side = Agents(draft=Script(1.0)), Agents(draft=Script(1.0))
    sequential = folded(await events_of(coordinator(plain), request(use_parallel=False)))
    parallel = folded(await events_of(coordinator(side_by_side), request()))
    assert plain.started == [
        *(f"draft {n}" for n in range(3)),
        *(f"review {n}" for n in range(3)),
        "review all",
        *(f"validation {n}" for n in range(3)),
        "validation all",
        "citations",
    ]
    left, right = report_of(sequential), report_of(parallel)
    assert left["document"] == right["document"]
    assert left["review"] == right["review"]


@pytest.mark.parametrize("step", ["research", "review", "validation", "citations"])
async def test_a_failed_step_degrades_the_draft_and_is_named_in_report_and_text(step: str) -> None:
    report = report_of(folded(await events_of(coordinator(Agents(**{step: Script(BROKEN)})), request())))
    assert report["status"] == "degraded"
    assert [degraded["step"] for degraded in report["degraded_steps"]] == [step]
    assert report["degraded_steps"][0]["instead"] in report["document"]["markdown"]
    assert step in {point["label"] for point in report["open_points"]}


async def test_the_branch_that_finished_is_kept_when_the_other_fails() -> None:
    agents = Agents(validation=Script(BROKEN))
    report = report_of(folded(await events_of(coordinator(agents), request())))
    assert len(report["review"]["findings"]) == len(SECTIONS)


@pytest.mark.parametrize("step", ["intake", "draft"])
async def test_without_intake_or_drafting_there_is_no_document(step: str) -> None:
    events = await events_of(coordinator(Agents(**{step: Script(BROKEN)})), request())
    assert isinstance(events[-1], DraftFailed)
    assert events[-1].status == "failed"


async def test_a_refused_request_is_refused_and_not_retried() -> None:
    agents = Agents(intake=Script(InvalidInputError("message", "it asks for no document")))
    events = await events_of(coordinator(agents), request())
    assert isinstance(events[-1], DraftFailed)
    assert (events[-1].status, events[-1].message) == ("refused", "message: it asks for no document")
    assert agents.scripts["intake"].calls == 1


@pytest.mark.parametrize("step", ["intake", "research", "review", "validation", "citations"])
async def test_an_agent_that_died_is_asked_again_until_it_is_back(step: str) -> None:
    agents = Agents(**{step: Script(GONE, GONE, GONE, None)})
    progress = folded(await events_of(coordinator(agents), request()))
    assert progress.status == "finished"
    assert {retry.agent for retry in progress.retries} == {step}


async def test_a_drafting_agent_that_died_goes_on_with_the_section_it_owed() -> None:
    agents = Agents(draft=Script(None, GONE, None))
    progress = folded(await events_of(coordinator(agents), request()))
    assert agents.draft_starts == [0, 1]
    assert body_of(ordered_sections(progress)) == body_of(SECTIONS)


async def test_a_reader_who_leaves_stops_the_agents() -> None:
    agents = Agents(draft=Script(None, 1000.0))
    stream = coordinator(agents).draft(request())
    async for batch in stream:
        if any(event.type == "section.drafted" for event in batch):
            break
    await asyncio.sleep(1.0)  # the agent is at its second section
    await stream.aclose()
    assert agents.scripts["draft"].cancelled == 1


async def test_a_cancelled_draft_says_so_in_its_journal() -> None:
    journal = MemoryJournal()
    made = coordinator(Agents(draft=Script(None, 1000.0)), journal)
    stream = made.draft(request())
    async for batch in stream:
        if any(event.type == "section.drafted" for event in batch):
            break
    await stream.aclose()
    assert (await made.history("draft-0001"))[-1].type == "draft.cancelled"


async def read_until(made: Coordinator, asked: DraftRequest, kind: str, after_seq: int = 0) -> list[AnyEvent]:
    """Read a draft up to an event of a kind, and leave."""
    seen: list[AnyEvent] = []
    stream = made.draft(asked, after_seq)
    async for batch in stream:
        seen += batch
        if any(event.type == kind for event in batch):
            break
    await stream.aclose()
    return seen


async def test_a_resumable_draft_stops_when_its_reader_leaves_and_goes_on_when_one_comes_back() -> None:
    agents = Agents(draft=Script(1.0))
    made, asked = coordinator(agents), request(resumable=True)
    first = await read_until(made, asked, "section.drafted")
    await asyncio.sleep(1.0)
    kept = await made.history("draft-0001")
    assert not any(isinstance(event, TERMINAL) for event in kept)

    rest = await events_of(made, asked, after_seq=first[-1].seq)

    assert agents.draft_starts == [0, 1]
    assert folded([*first, *rest]).status == "finished"
    assert [event.seq for event in [*first, *rest]] == list(range(1, len(first) + len(rest) + 1))


async def test_a_reader_who_comes_back_at_once_finds_the_draft_whole() -> None:
    made, asked = coordinator(Agents(draft=Script(1.0))), request(resumable=True)
    stream = made.draft(asked)
    seen = [await anext(stream)]
    leaving = asyncio.create_task(stream.aclose())
    await asyncio.sleep(0)
    rest = await events_of(made, asked, after_seq=seen[-1][-1].seq)
    await leaving
    assert folded([*seen[0], *rest]).status == "finished"


async def test_a_draft_is_cancelled_for_good_while_it_runs_and_while_it_waits_for_a_reader() -> None:
    made, asked = coordinator(Agents(draft=Script(1000.0))), request(resumable=True)
    reading = asyncio.create_task(events_of(made, asked))
    await asyncio.sleep(1.0)
    assert await made.cancel("public", asked.draft_id)
    assert (await reading)[-1].type == "draft.cancelled"
    assert not await made.cancel("public", asked.draft_id)

    waiting = request(draft_id="draft-0002", resumable=True)
    await read_until(made, waiting, "layer.started")
    assert await made.cancel("public", waiting.draft_id)
    assert (await made.history("draft-0002"))[-1].type == "draft.cancelled"


async def test_a_held_draft_goes_on_without_a_reader() -> None:
    made, asked = coordinator(Agents(draft=Script(1.0))), request(resumable=True)
    await made.hold(asked)
    await asyncio.sleep(60.0)
    assert (await made.history("draft-0001"))[-1].type == "draft.finished"


async def test_a_tenant_sees_its_own_drafts_and_no_others() -> None:
    made = coordinator(Agents())
    await events_of(made, request(tenant="one"))
    await events_of(made, request(tenant="two"))
    await events_of(made, request(tenant="two", draft_id="draft-0002"))
    assert len(await made.drafts("one", 10)) == 1
    assert [p.started.request.draft_id for p in await made.drafts("two", 10) if p.started] == [
        "draft-0002",
        "draft-0001",
    ]
    assert await made.history("draft-0002", tenant="one") == []
    assert not await made.cancel("one", "draft-0002")


async def test_two_readers_of_a_finished_draft_both_get_its_events() -> None:
    journal = MemoryJournal()
    events = await events_of(coordinator(Agents(), journal), request())
    made = coordinator(Agents(), journal)
    both = await asyncio.gather(events_of(made, request()), events_of(made, request()))
    assert list(both) == [events, events]


async def test_the_same_draft_asked_twice_is_drafted_once() -> None:
    agents = Agents(draft=Script(1.0))
    made = coordinator(agents)
    first, second = await asyncio.gather(events_of(made, request()), events_of(made, request()))
    assert first == second
    assert agents.scripts["intake"].calls == 1


async def test_a_finished_draft_is_replayed_from_its_journal() -> None:
    journal, agents = MemoryJournal(), Agents()
    events = await events_of(coordinator(Agents(), journal), request())
    assert await events_of(coordinator(agents, journal), request(), after_seq=3) == events[3:]
    assert agents.scripts["intake"].calls == 0


async def test_a_draft_whose_coordinator_died_goes_on_from_its_journal() -> None:
    journal, agents = MemoryJournal(), Agents()
    events = await events_of(coordinator(Agents(), journal), request())
    broken_off = MemoryJournal()
    upto = next(n for n, event in enumerate(events) if event.type == "section.drafted") + 1
    await broken_off.append_many("public/draft-0001", [(e.seq, e.model_dump_json()) for e in events[:upto]])

    rest = await events_of(coordinator(agents, broken_off), request(), after_seq=upto)

    assert agents.draft_starts == [1]
    assert rest[0].seq == upto + 1
    progress = folded([*events[:upto], *rest])
    assert progress.status == "finished"
    assert body_of(ordered_sections(progress)) == body_of(SECTIONS)
    assert len(progress.review) == len(SECTIONS)


async def test_a_spent_budget_fails_a_draft_that_has_no_text_yet() -> None:
    events = await events_of(coordinator(Agents(intake=Script(500.0))), request(budget_s=10.0))
    assert isinstance(events[-1], DraftFailed)
    assert events[-1].error == "DeadlineExceededError"


async def test_a_spent_budget_keeps_the_text_and_names_the_checks_that_are_missing() -> None:
    agents = Agents(review=Script(0, 0, 0, 500.0))
    report = report_of(folded(await events_of(coordinator(agents), request(budget_s=10.0))))
    assert report["status"] == "degraded"
    assert {step["step"] for step in report["degraded_steps"]} == {"review"}
    assert len(report["document"]["sections"]) == len(SECTIONS)


async def test_a_spent_budget_keeps_the_sections_that_there_are_and_names_the_missing_ones() -> None:
    agents = Agents(draft=Script(None, 500.0))
    report = report_of(folded(await events_of(coordinator(agents), request(budget_s=10.0))))
    assert report["status"] == "degraded"
    assert [section["heading"] for section in report["document"]["sections"]] == ["Part 1"]
    [step] = report["degraded_steps"]
    assert step["instead"] == "Time ran out before these parts were written: “2. Part 2”, “3. Part 3”."
    assert step["instead"] in report["document"]["markdown"]
    assert "review all" in agents.started


async def test_sections_that_are_done_early_are_told_and_checked_at_once() -> None:
    agents = Agents(draft=Script(1.0))
    agents.order = [2, 0, 1]
    progress = folded(await events_of(coordinator(agents), request()))
    assert agents.started.index("review 2") < agents.started.index("draft 1")
    assert body_of(ordered_sections(progress)) == body_of(SECTIONS)


async def test_what_an_agent_did_in_another_way_is_said_once_and_degrades_the_draft() -> None:
    agents = Agents()
    agents.stand_in = StandIn(
        reason="StepFailedError: down", instead="The program's own review stands alone."
    )
    report = report_of(folded(await events_of(coordinator(agents), request())))
    assert report["status"] == "degraded"
    assert [step["instead"] for step in report["degraded_steps"]] == [
        "The program's own review stands alone."
    ]


async def test_what_was_used_of_each_model_is_added_up_by_step() -> None:
    agents = Agents()
    agents.use = ModelUse(model="m", calls=1, input_tokens=10, output_tokens=5, cost=0.5)
    report = report_of(folded(await events_of(coordinator(agents), request())))
    calls = len(SECTIONS) + 1
    [told] = report["models"]
    assert (told["step"], told["model"], told["calls"]) == ("review", "m", calls)
    assert (told["input_tokens"], told["output_tokens"], told["cost"]) == (10 * calls, 5 * calls, 0.5 * calls)


async def test_the_monitor_hears_of_every_draft_once_and_reads_no_text() -> None:
    records = Records()
    await events_of(coordinator(Agents(), records=records), request())
    [record] = records.drafts
    assert record.success
    assert record.parallel
    assert set(record.layers_s) == {"intake", "research", "draft", "review", "validation", "citations"}
