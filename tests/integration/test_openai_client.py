"""The official OpenAI client, sync and async, drafts documents on a real server."""

import functools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from actors.config import Settings
from actors.errors import SearchUnavailableError
from actors.ports import LocalAgent
from actors.report import report_of
from tests.integration.loopback_api import LoopbackApi, loopback_api

T = TypeVar("T")

REQUEST = (
    "Create a mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
)
MESSAGES: list[Any] = [{"role": "user", "content": REQUEST}]
EVENT: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[LoopbackApi]:
    async with loopback_api(Settings(), tmp_path / "journal.db") as running:
        yield running


@pytest.fixture
async def client(api: LoopbackApi) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{api.url}/v1", api_key="key-of-acme", max_retries=0) as acme:
        yield acme


async def in_thread(call: Callable[..., T], *args: Any, **options: Any) -> T:
    return await anyio.to_thread.run_sync(functools.partial(call, *args, **options))


def metadata_of(answer: Any) -> dict[str, str]:
    """What lexray adds to OpenAI's own fields."""
    metadata: dict[str, str] = answer.metadata
    return metadata


async def markdown_of(api: LoopbackApi, draft_id: str) -> str:
    return str(report_of(await api.service.find("acme", draft_id))["document"]["markdown"])


async def stopped(*_: object) -> Any:
    raise SearchUnavailableError("the index is away")


class NoResearch:
    research = stopped


async def test_there_is_a_model_for_every_document_type_and_one_for_all(client: openai.AsyncOpenAI) -> None:
    models = [model async for model in client.models.list()]

    assert [model.id for model in models[:2]] == ["lexray", "lexray-contractor"]
    assert "lexray-nda-mutual" in {model.id for model in models}
    assert (await client.models.retrieve("lexray-lease")).id == "lexray-lease"


async def test_a_chat_completion_is_the_document(api: LoopbackApi, client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model="lexray", messages=MESSAGES)

    ChatCompletion.model_validate(answer.model_dump(), strict=True)
    told = metadata_of(answer)
    assert answer.choices[0].finish_reason == "stop"
    assert answer.choices[0].message.content == await markdown_of(api, told["draft_id"])
    assert told["degraded"] == "false"
    assert int(told["open_points"]) > 0
    assert answer.usage is not None
    assert answer.usage.total_tokens == 0  # no language model wrote it


async def test_streamed_chunks_make_up_the_same_document(
    api: LoopbackApi, client: openai.AsyncOpenAI
) -> None:
    stream = await client.chat.completions.create(
        model="lexray-nda-mutual", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]

    for chunk in chunks:
        ChatCompletionChunk.model_validate(chunk.model_dump(), strict=True)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    told = metadata_of(chunks[-2])
    assert text == await markdown_of(api, told["draft_id"])
    assert len(chunks) > 10
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None
    assert not chunks[-1].choices


async def test_the_synchronous_client_reads_the_same_text_streamed_or_not(api: LoopbackApi) -> None:
    def ask() -> tuple[str, str]:
        with openai.OpenAI(base_url=f"{api.url}/v1", api_key="key-of-acme", max_retries=0) as client:
            whole = client.chat.completions.create(model="lexray", messages=MESSAGES)
            pieces = client.chat.completions.create(model="lexray", messages=MESSAGES, stream=True)
            text = "".join(chunk.choices[0].delta.content or "" for chunk in pieces)
            return whole.choices[0].message.content or "", text

    whole, pieces = await in_thread(ask)

    assert whole.startswith("# ")
    assert whole == pieces


async def test_earlier_turns_of_a_chat_are_not_read_and_the_answer_says_so(
    client: openai.AsyncOpenAI,
) -> None:
    answer = await client.chat.completions.create(
        model="lexray",
        messages=[
            {"role": "user", "content": "A lease between Gamma GmbH and Delta AG"},
            {"role": "assistant", "content": "# Lease"},
            {"role": "user", "content": [{"type": "text", "text": REQUEST}]},
        ],
    )

    text = answer.choices[0].message.content or ""
    assert "Only the last message of the conversation was read" in text.split("## ")[0]
    assert "Gamma" not in text
    assert "Acme Robotics, Inc." in text


async def test_options_of_the_draft_travel_as_metadata(client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="lexray-nda-mutual",
        messages=[{"role": "user", "content": "NDA between Acme Robotics, Inc. and Beta Labs LLC"}],
        metadata={"jurisdiction": "US-CA", "as_of": "2026-10-01"},
    )

    assert "California" in (answer.choices[0].message.content or "")


async def test_a_degraded_draft_says_so_in_text_and_metadata(
    api: LoopbackApi, client: openai.AsyncOpenAI
) -> None:
    api.service.agents._agents["research"] = LocalAgent(NoResearch())  # type: ignore[attr-defined]
    answer = await client.chat.completions.create(model="lexray", messages=MESSAGES)
    response = await client.responses.create(model="lexray", input=REQUEST)

    for text, told in (
        (answer.choices[0].message.content or "", metadata_of(answer)),
        (response.output_text, metadata_of(response)),
    ):
        assert told["status"] == "degraded"
        assert told["degraded"] == "true"
        assert told["degraded_steps"] == "research"
        assert "**Note.** Legal research was not available" in text


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"temperature": 0.2}, "temperature"),
        ({"max_tokens": 100}, "max_tokens"),
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"store": False}, "store"),
        ({"metadata": {"colour": "red"}}, "metadata.colour"),
        ({"metadata": {"as_of": "tomorrow"}}, "metadata.as_of"),
        ({"extra_body": {"jurisdicton": "US-DE"}}, "jurisdicton"),
    ],
)
async def test_a_parameter_that_is_not_supported_is_refused_by_name(
    client: openai.AsyncOpenAI, more: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await client.chat.completions.create(model="lexray", messages=MESSAGES, **more)

    assert refused.value.param == param
    assert refused.value.type == "invalid_request_error"


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([{"role": "system", "content": "Favour Acme."}, *MESSAGES], "messages[0]"),
        ([{"role": "developer", "content": "Favour Acme."}, *MESSAGES], "messages[0]"),
        ([*MESSAGES, {"role": "assistant", "content": "Here"}], "messages"),
        (
            [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
            "messages[0].content[0]",
        ),
        ([{"role": "tool", "content": "x", "tool_call_id": "1"}, *MESSAGES], "messages[0]"),
        ([], "messages"),
        ([{"role": "user", "content": "Please write a poem about the sea"}], "model"),
    ],
)
async def test_a_conversation_that_is_no_request_is_refused(
    client: openai.AsyncOpenAI, messages: list[Any], param: str
) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as refused:
            await client.chat.completions.create(model="lexray", messages=messages, stream=stream)

        assert refused.value.param == param


async def test_a_stranger_and_a_model_that_is_none_get_openais_errors(
    api: LoopbackApi, client: openai.AsyncOpenAI
) -> None:
    async with openai.AsyncOpenAI(base_url=f"{api.url}/v1", api_key="nobody", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError):
            await stranger.models.list()
    with pytest.raises(openai.NotFoundError) as unknown:
        await client.chat.completions.create(model="gpt-9", messages=MESSAGES)

    assert unknown.value.code == "model_not_found"


async def test_a_response_is_the_document_and_is_found_again(
    api: LoopbackApi, client: openai.AsyncOpenAI
) -> None:
    response = await client.responses.create(model="lexray-nda-mutual", input=REQUEST)
    again = await client.responses.retrieve(response.id)

    Response.model_validate(response.model_dump(), strict=True)
    assert response.status == "completed"
    assert response.output_text == await markdown_of(api, response.id.removeprefix("resp_"))
    assert again == response


async def test_a_response_streams_its_events_in_order(client: openai.AsyncOpenAI) -> None:
    async with client.responses.stream(model="lexray", input=REQUEST) as stream:
        events = [event async for event in stream]
        final = await stream.get_final_response()

    kinds = [event.type for event in events]
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == final.output_text


async def test_every_event_has_the_form_that_openai_publishes(client: openai.AsyncOpenAI) -> None:
    stream = await client.responses.create(model="lexray", input=REQUEST, stream=True)

    async for event in stream:
        EVENT.validate_python(event.model_dump(exclude_unset=True))


async def test_a_stream_that_broke_off_goes_on_behind_the_last_event_seen(client: openai.AsyncOpenAI) -> None:
    stream = await client.responses.create(model="lexray", input=REQUEST, stream=True)
    seen = []
    async for event in stream:
        seen.append(event)
        if len(seen) == 7:
            break
    await stream.close()
    response_id = seen[0].response.id  # type: ignore[union-attr]
    rest = [e async for e in await client.responses.retrieve(response_id, stream=True, starting_after=6)]
    whole = [e async for e in await client.responses.retrieve(response_id, stream=True)]

    assert [e.sequence_number for e in [*seen, *rest]] == [e.sequence_number for e in whole]
    assert [e.model_dump() for e in [*seen, *rest] if "delta" in e.type] == [
        e.model_dump() for e in whole if "delta" in e.type
    ]
    assert whole[-1].type == "response.completed"


async def test_a_response_in_the_background_is_polled_to_its_end(api: LoopbackApi) -> None:
    def ask() -> Response:
        with openai.OpenAI(base_url=f"{api.url}/v1", api_key="key-of-acme", max_retries=0) as client:
            response = client.responses.create(model="lexray", input=REQUEST, background=True)
            while response.status == "in_progress":
                response = client.responses.retrieve(response.id)
            return response

    response = await in_thread(ask)

    assert response.status == "completed"
    assert response.output_text.startswith("# ")


async def test_a_cancelled_response_says_so_and_one_that_is_over_stays(client: openai.AsyncOpenAI) -> None:
    done = await client.responses.create(model="lexray", input=REQUEST)

    assert (await client.responses.cancel(done.id)).status == "completed"


async def test_another_tenants_response_is_not_found(api: LoopbackApi, client: openai.AsyncOpenAI) -> None:
    response = await client.responses.create(model="lexray", input=REQUEST)
    async with openai.AsyncOpenAI(base_url=f"{api.url}/v1", api_key="key-of-zenith", max_retries=0) as other:
        for call in (other.responses.retrieve, other.responses.cancel):
            with pytest.raises(openai.NotFoundError):
                await call(response.id)
        with pytest.raises(openai.NotFoundError):
            await other.responses.retrieve(response.id, stream=True)
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve("resp_nobody-knows-this-one")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"instructions": "Favour Acme."}, "instructions"),
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"reasoning": {"effort": "low"}}, "reasoning"),
        ({"store": False}, "store"),
        ({"input": [{"role": "user", "content": "a lease"}, {"role": "user", "content": REQUEST}]}, "input"),
    ],
)
async def test_a_response_refuses_what_it_would_not_follow(
    client: openai.AsyncOpenAI, more: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await client.responses.create(**{"model": "lexray", "input": REQUEST, **more})

    assert refused.value.param == param


async def test_one_key_is_one_draft(client: openai.AsyncOpenAI) -> None:
    keyed = {"Idempotency-Key": "order-4711"}
    first = await client.responses.create(model="lexray", input=REQUEST, extra_headers=keyed)
    second = await client.responses.create(model="lexray", input=REQUEST, extra_headers=keyed)

    assert first == second
    with pytest.raises(openai.BadRequestError):
        await client.responses.create(model="lexray-lease", input=REQUEST, extra_headers=keyed)
