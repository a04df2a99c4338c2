"""The text and the events of a draft, as OpenAI's clients are told it."""

import asyncio
import datetime
from collections.abc import AsyncGenerator, Iterable
from typing import Any

from actors.document_stream import Cursor
from actors.domain.sections import Paragraph, Section
from actors.errors import AgentUnavailableError
from actors.events import (
    AnyEvent,
    DraftCancelled,
    DraftFailed,
    DraftFinished,
    DraftStarted,
    LayerCompleted,
    SectionDrafted,
    StepDegraded,
    Token,
)
from actors.messages import DraftRequest
from actors.report import report_of
from serve.openai_face import chat, responses
from serve.openai_face.response_story import ResponseStory
from serve.openai_face.streaming import SETTLED_S, Followed
from serve.openai_face.telling import Telling, metadata_of, tokens_of

REQUEST = DraftRequest(draft_id="draft-4711", message="An NDA", as_of=datetime.date(2026, 11, 1))
NOTICE = "Ohio has no rule pack."
REMARK = "The citations of this document were not checked."
USES = [
    {"model": "m", "input_tokens": 700, "output_tokens": 30},
    {"model": "n", "input_tokens": 7, "output_tokens": 3},
]


def section(index: int) -> Section:
    body = Paragraph(kind="body", text=f"Words of section {index}.")
    return Section(
        index=index, id=f"s{index}", kind="clause", number=str(index), heading="Term", paragraphs=(body,)
    )


def told(index: int) -> list[AnyEvent]:
    whole = section(index)
    return [Token(section=index, content=whole.markdown), SectionDrafted(section=whole)]


def degraded(step: str = "citations") -> StepDegraded:
    return StepDegraded(step=step, reason="it is away", instead=REMARK)


def finished(status: Any = "finished") -> DraftFinished:
    return DraftFinished(status=status, title="Agreement", seconds=1.0)


def history(*events: AnyEvent) -> list[AnyEvent]:
    """Number what is journaled, as the coordinator does."""
    begun: list[AnyEvent] = [
        DraftStarted(request=REQUEST, engine="library", versions={}),
        LayerCompleted(
            layer="intake",
            seconds=0.1,
            attempts=1,
            result={"title": "Agreement", "notices": [NOTICE], "matter": {}, "models": USES},
        ),
    ]
    all_events = [*begun, *events]
    journaled = [event for event in all_events if not isinstance(event, Token)]
    numbers = {id(event): number for number, event in enumerate(journaled, start=1)}
    return [
        event if isinstance(event, Token) else event.model_copy(update={"seq": numbers[id(event)]})
        for event in all_events
    ]


def all_told(events: Iterable[AnyEvent]) -> Telling:
    telling = Telling()
    for event in events:
        telling.take(event)
    return telling


async def following(
    events: Iterable[AnyEvent], error: Exception | None = None
) -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
    for event in events:
        yield Cursor(), event
    if error is not None:
        raise error


async def chunks(events: Iterable[AnyEvent], error: Exception | None = None) -> list[str]:
    followed = await Followed.settled(following(events, error))
    frames = chat._frames(followed, chat._Answer(REQUEST, "lexray", ()), usage=True)
    return [frame.decode() async for frame in frames]


async def stream_events(events: Iterable[AnyEvent], error: Exception | None, seen: int = -1) -> list[str]:
    followed = await Followed.settled(following(events, error))
    return [frame.decode() async for frame in responses._frames(followed, ResponseStory(REQUEST), seen)]


def test_the_text_is_the_documents_markdown() -> None:
    telling = all_told(history(*told(0), *told(1), finished()))

    assert telling.text == report_of(telling.progress)["document"]["markdown"]
    assert NOTICE in telling.text.split("## ")[0]


def test_a_step_that_was_replaced_before_the_first_word_is_named_above_the_document() -> None:
    telling = all_told(history(degraded("research"), *told(0), finished("degraded")))

    assert telling.text == report_of(telling.progress)["document"]["markdown"]


def test_a_step_that_was_replaced_later_is_named_below_it() -> None:
    telling = all_told(history(*told(0), degraded(), finished("degraded")))

    assert telling.text.endswith(f"Words of section 0.\n\n> **Note.** {REMARK}\n")
    assert telling.text.count(REMARK) == 1
    assert metadata_of(telling.progress)["degraded_steps"] == "citations"


def test_the_tokens_of_all_models_are_summed() -> None:
    assert tokens_of(all_told(history()).progress) == (707, 33)


def test_sequence_numbers_count_on_without_a_gap_and_are_the_same_each_time() -> None:
    events = history(*told(0), *told(1), finished())
    stories = [
        [told for event in events for told in story.take(event)]
        for story in map(ResponseStory, [REQUEST] * 2)
    ]

    assert stories[0] == stories[1]
    assert [event["sequence_number"] for event in stories[0]] == list(range(len(stories[0])))


def test_a_draft_that_was_cancelled_ends_incomplete_with_its_status() -> None:
    story = ResponseStory(REQUEST)
    for event in history(*told(0), DraftCancelled(reason="it was asked to stop")):
        last = story.take(event)

    assert last[-1]["type"] == "response.incomplete"
    assert last[-1]["response"]["status"] == "cancelled"
    assert last[-1]["response"]["output"][0]["status"] == "incomplete"


def test_a_draft_that_failed_ends_with_its_error() -> None:
    story = ResponseStory(REQUEST)
    failed = DraftFailed(status="refused", step="intake", error="UnclearRequestError", message="what is it?")
    for event in history(failed):
        last = story.take(event)

    assert last[-1]["type"] == "response.failed"
    assert last[-1]["response"]["error"] == {"code": "invalid_prompt", "message": "what is it?"}


async def test_a_chat_that_fails_in_mid_text_ends_in_an_error_and_not_as_done() -> None:
    failed = DraftFailed(status="failed", step="draft", error="StepFailedError", message="it gave up")
    frames = await chunks(history(*told(0), failed))

    assert '"error"' in frames[-1]
    assert "it gave up" in frames[-1]
    assert not any("[DONE]" in frame for frame in frames)


async def test_a_chat_whose_fleet_goes_away_ends_in_an_error() -> None:
    frames = await chunks(history(*told(0)), AgentUnavailableError("coordinator", "gone"))

    assert '"code": "agent_unavailable"' in frames[-1]


async def test_a_stream_that_broke_off_names_the_number_to_resume_from() -> None:
    frames = await stream_events(history(*told(0)), AgentUnavailableError("coordinator", "gone"))

    assert frames[-1].startswith("event: error\n")
    assert f'"sequence_number": {len(frames) - 2}' in frames[-1]


async def test_a_stream_tells_only_what_was_not_seen() -> None:
    events = history(*told(0), finished())
    whole = await stream_events(events, None)

    assert await stream_events(events, None, seen=3) == whole[4:]


async def test_an_error_before_the_first_event_is_raised_and_the_draft_left() -> None:
    left = False

    async def refusing() -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
        nonlocal left
        try:
            raise AgentUnavailableError("coordinator", "gone")
            yield
        finally:
            left = True

    caught: list[Exception] = []
    try:
        await Followed.settled(refusing())
    except AgentUnavailableError as error:
        caught.append(error)

    assert caught
    assert left


async def test_words_that_are_late_are_not_waited_for_and_not_lost() -> None:
    async def slow() -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
        for event in history(*told(0), finished()):
            if isinstance(event, Token):
                await asyncio.sleep(10 * SETTLED_S)
            yield Cursor(), event

    loop = asyncio.get_running_loop()
    followed = await Followed.settled(slow())
    waited_s = loop.time()
    kinds = [event.type async for event in followed.events()]

    assert waited_s == SETTLED_S
    assert kinds == ["draft.started", "layer.completed", "token", "section.drafted", "draft.finished"]


async def test_leaving_closes_the_draft_even_if_nobody_had_begun_to_read() -> None:
    left: list[bool] = []

    async def endless() -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
        try:
            yield Cursor(), history()[0]
            await asyncio.sleep(1e9)
        finally:
            left.append(True)

    followed = await Followed.settled(endless())
    await followed.aclose()

    assert left == [True]
