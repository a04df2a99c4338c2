"""The simulated provider: what the tests of the model's client and the benchmarks stand on."""

import asyncio
import base64
import contextlib
import datetime
import itertools
import json
import struct
import time
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionChunk
from pydantic import BaseModel, Field

from tests.provider.delivery import delivery
from tests.provider.faults import (
    context_too_long,
    forbidden,
    html_page,
    quota_spent,
    server_error,
    throttled,
    unknown_model,
    wrong_key,
)
from tests.provider.process import Provider, running_provider
from tests.provider.profiles import Profile
from tests.provider.simulation import Simulation
from tests.provider.turns import Kind, Turn, fault, reply


class Remark(BaseModel):
    severity: Literal["error", "warning"]
    quote: Annotated[str, Field(min_length=3)]
    page: Annotated[int, Field(gt=4)]
    share: Annotated[float, Field(le=-1)]
    on: datetime.date
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    sure: bool


class Review(BaseModel):
    remarks: Annotated[list[Remark], Field(min_length=1)]
    verdict: str | None
    note: str = ""


SCHEMA = {"type": "json_schema", "json_schema": {"name": "review", "schema": Review.model_json_schema()}}


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[Provider]:
    with running_provider(seed=7) as running:
        yield running


@pytest.fixture
def provider(shared_provider: Provider) -> Provider:
    shared_provider.reset(seed=7, profiles=True)
    return shared_provider


@pytest.fixture
async def client(provider: Provider) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=provider.base_url, api_key="any", max_retries=0, timeout=10) as opened:
        yield opened


async def chunks_of(client: AsyncOpenAI, prompt: str = "Draft.", **options: Any) -> list[ChatCompletionChunk]:
    options = {"model": "sim", "stream_options": {"include_usage": True}, **options}
    stream = await client.chat.completions.create(
        messages=[{"role": "user", "content": prompt}], stream=True, **options
    )
    return [chunk async for chunk in stream]


async def said(client: AsyncOpenAI, prompt: str = "Draft.", **options: Any) -> Any:
    options = {"model": "sim", **options}
    return await client.chat.completions.create(messages=[{"role": "user", "content": prompt}], **options)


def text_of(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def finish_of(chunks: list[ChatCompletionChunk]) -> str | None:
    return next((chunk.choices[0].finish_reason for chunk in reversed(chunks) if chunk.choices), None)


# Answers.


async def test_a_stream_and_a_whole_answer_say_the_same_and_count_the_same_tokens(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("sim", tokens=25)
    streamed = await chunks_of(client)
    provider.reset(seed=7)
    whole = await said(client)

    assert text_of(streamed) == whole.choices[0].message.content
    assert finish_of(streamed) == whole.choices[0].finish_reason == "stop"
    assert streamed[-1].usage == whole.usage
    assert whole.usage.completion_tokens == 25


async def test_the_same_seed_says_the_same_and_another_seed_something_else(
    provider: Provider, client: AsyncOpenAI
) -> None:
    texts = []
    for seed in (1, 1, 2):
        provider.reset(seed=seed)
        texts.append((await said(client)).choices[0].message.content)

    assert texts[0] == texts[1] != texts[2]


async def test_a_request_for_json_gets_the_smallest_instance_of_its_schema(client: AsyncOpenAI) -> None:
    answer = (await said(client, response_format=SCHEMA)).choices[0].message.content

    review = Review.model_validate_json(answer)
    assert (review.verdict, len(review.remarks), review.remarks[0].quote) == (None, 1, "aaa")
    assert "note" not in json.loads(answer)


async def test_any_json_object_is_answered_with_the_empty_one(client: AsyncOpenAI) -> None:
    answer = await said(client, response_format={"type": "json_object"})

    assert answer.choices[0].message.content == "{}"


async def test_a_model_echoes_says_a_text_or_reads_its_answer_from_the_prompt(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("echo", says="echo", tokens=2)
    provider.profile("fixed", says="text", text="Section 1. “Term”")
    provider.profile("marked", says="marked", pattern=r"BEGIN (.*?) END")

    answers = [
        (await said(client, "one two three BEGIN the clause END", model=model)).choices[0].message.content
        for model in ("echo", "fixed", "marked")
    ]

    assert answers == ["one two", "Section 1. “Term”", "the clause"]


async def test_an_answer_longer_than_the_request_allows_ends_with_length(client: AsyncOpenAI) -> None:
    chunks = await chunks_of(client, max_completion_tokens=5)

    assert finish_of(chunks) == "length"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 5


async def test_a_server_without_usage_ends_its_stream_without_it(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("sim", usage=False)

    assert all(chunk.usage is None for chunk in await chunks_of(client))


async def test_models_are_those_with_a_profile(provider: Provider, client: AsyncOpenAI) -> None:
    provider.profile("other")

    assert [model.id async for model in client.models.list()] == ["sim", "other"]
    with pytest.raises(openai.NotFoundError) as refused:
        await said(client, model="missing")
    assert refused.value.code == "model_not_found"


async def test_embeddings_are_deterministic_and_nearer_for_texts_that_share_words(
    client: AsyncOpenAI,
) -> None:
    texts = ["notice of termination", "notice of renewal", "quiet enjoyment"]
    answer = await client.embeddings.create(model="sim", input=texts, encoding_format="float")
    packed = await client.embeddings.create(model="sim", input=texts[0], encoding_format="base64")
    first, second, third = (entry.embedding for entry in answer.data)

    def near(one: list[float], other: list[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert near(first, first) == pytest.approx(1.0, abs=1e-5)
    assert near(first, second) > near(first, third)
    raw = base64.b64decode(str(packed.data[0].embedding))
    assert list(struct.unpack("<384f", raw)) == pytest.approx(first)


# Faults.


@pytest.mark.parametrize(
    ("turn", "status", "code"),
    [
        (throttled("1"), 429, "rate_limit_exceeded"),
        (quota_spent(), 429, "insufficient_quota"),
        (quota_spent(402), 402, "insufficient_quota"),
        (wrong_key(), 401, "invalid_api_key"),
        (forbidden(), 403, None),
        (unknown_model("sim"), 404, "model_not_found"),
        (context_too_long(), 400, "context_length_exceeded"),
        (server_error(), 500, None),
        (server_error(503, ("Retry-After", "2")), 503, None),
        (html_page(), 502, None),
    ],
)
async def test_a_scripted_refusal_arrives_as_a_real_provider_sends_it(
    provider: Provider, client: AsyncOpenAI, turn: Turn, status: int, code: str | None
) -> None:
    provider.script(turn)

    with pytest.raises(openai.APIStatusError) as refused:
        await said(client)

    assert (refused.value.status_code, refused.value.code) == (status, code)
    assert (await said(client)).choices[0].finish_reason == "stop"


async def test_a_refusal_carries_every_header_it_was_given_also_one_that_comes_twice(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.script(throttled("1", "Wed, 21 Oct 2026 07:28:00 GMT"), throttled("250", name="retry-after-ms"))

    seen = []
    for name in ("Retry-After", "retry-after-ms"):
        with pytest.raises(openai.RateLimitError) as refused:
            await said(client)
        seen.append(refused.value.response.headers.get_list(name))

    assert seen == [["1", "Wed, 21 Oct 2026 07:28:00 GMT"], ["250"]]


@pytest.mark.parametrize("kind", ["cut", "reset", "error_event"])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_broken_answer_breaks_for_the_client(
    provider: Provider, client: AsyncOpenAI, kind: Kind, *, stream: bool
) -> None:
    provider.script(fault(kind))

    with pytest.raises(openai.APIError):
        await (chunks_of(client) if stream else said(client))

    entry = provider.wait("ended")[0]
    assert (entry["turn"], entry["left"]) == (kind, False)


async def test_what_comes_before_the_cut_arrives(provider: Provider, client: AsyncOpenAI) -> None:
    provider.script(fault("cut", text="one two three four five", after_tokens=2))
    stream = await client.chat.completions.create(
        model="sim", messages=[{"role": "user", "content": "Draft."}], stream=True
    )
    arrived: list[ChatCompletionChunk] = []

    async def read() -> None:
        async for chunk in stream:
            arrived.append(chunk)  # noqa: PERF401 (what came before the error is wanted)

    with pytest.raises(openai.APIError):
        await read()
    assert text_of(arrived) == "one two"


async def test_an_early_end_comes_without_a_finish_and_without_usage(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.script(fault("end_early", text="one two three four", after_tokens=2))

    chunks = await chunks_of(client)

    assert text_of(chunks) == "one two"
    assert finish_of(chunks) is None
    assert chunks[-1].usage is None


async def test_a_model_can_stop_at_its_length_refuse_or_be_filtered(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.script(fault("length", after_tokens=4), fault("refusal"), fault("content_filter"))

    cut, declined, filtered = [await chunks_of(client) for _ in range(3)]

    assert (finish_of(cut), finish_of(declined), finish_of(filtered)) == ("length", "stop", "content_filter")
    assert text_of(declined) == ""
    assert "".join(c.choices[0].delta.refusal or "" for c in declined if c.choices).startswith("I can't")


async def test_a_character_split_between_two_writes_is_whole_and_a_broken_one_is_no_text(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.script(fault("split_character", text="§ 5 “é”"), fault("broken_character", text="§ 5"))

    assert text_of(await chunks_of(client)) == "§ 5 “é”"
    with pytest.raises(UnicodeDecodeError):
        await chunks_of(client)


@pytest.mark.parametrize("turn", [fault("hang"), fault("stall", after_tokens=0), fault("stall")])
async def test_a_client_that_leaves_a_silent_provider_is_seen_to_leave(
    provider: Provider, client: AsyncOpenAI, turn: Turn
) -> None:
    provider.script(turn)
    asking = asyncio.create_task(chunks_of(client))
    await asyncio.to_thread(provider.wait, "received")
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking

    entry = (await asyncio.to_thread(provider.wait, "left"))[0]

    assert entry["output_tokens"] == (3 if turn.kind == "stall" and turn.after_tokens else 0)


async def test_a_client_that_leaves_in_the_middle_is_seen_to_leave_and_gets_no_more(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.script(fault("drip", text=" ".join("x" * 500), interval_s=0.01))
    asking = asyncio.create_task(chunks_of(client))
    await asyncio.to_thread(provider.wait, "started")
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking

    entry = (await asyncio.to_thread(provider.wait, "left"))[0]

    assert 0 < entry["output_tokens"] < 500


async def test_a_pause_of_a_given_length_shifts_what_follows(provider: Provider, client: AsyncOpenAI) -> None:
    provider.script(fault("stall", text="one two three four", after_tokens=2, for_s=0.2))

    assert text_of(await chunks_of(client)) == "one two three four"

    entry = provider.log()[0]
    assert entry["last_token_at_s"] - entry["first_token_at_s"] >= 0.2


async def test_a_turn_waits_for_its_model_and_its_task_and_holds_as_often_as_it_says(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("other")
    provider.script(
        reply("for other", model="other"), reply("for two", task="two"), reply("for any", times=2)
    )

    texts = [
        (await said(client, f"[[task: {task}]]", model=model)).choices[0].message.content
        for model, task in (("sim", "one"), ("other", "one"), ("sim", "two"), ("sim", "two"))
    ]

    assert texts == ["for any", "for other", "for two", "for any"]


async def test_a_schema_is_refused_by_a_server_that_knows_only_objects(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("sim", structured="json_object")

    with pytest.raises(openai.BadRequestError):
        await said(client, response_format=SCHEMA)
    assert (await said(client, response_format={"type": "json_object"})).choices


# Pace, places and the log.


async def test_tokens_leave_when_their_schedule_says_never_before(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("paced", first_token_s=0.05, tokens_per_s=100, tokens=11)
    provider.profile("timed", first_token_s=0.05, total_s=0.2, tokens=30, tokens_per_event=10)

    for model in ("paced", "timed"):
        await chunks_of(client, model=model)
    paced, timed = provider.log()

    assert paced["first_token_at_s"] - paced["received_at_s"] >= 0.05
    assert paced["last_token_at_s"] - paced["served_at_s"] >= 0.15
    assert timed["last_token_at_s"] - timed["served_at_s"] >= 0.2
    assert timed["output_tokens"] == 30


def test_the_nth_coming_of_a_prompt_has_the_same_pace_in_every_run_of_a_seed() -> None:
    profile = Profile(first_token_s=0.1, tokens_per_s=50, jitter=0.5)

    def ends(seed: int) -> list[float]:
        simulation = Simulation(seed, api_key=None)
        dice = [simulation.draw("sim", prompt) for prompt in ("one", "two", "one")]
        return [delivery("a b c", profile, None, None, draw).end_s for draw in dice]

    assert ends(3) == ends(3) != ends(4)
    assert len(set(ends(3))) == 3


def test_an_answer_is_spread_over_as_many_events_as_its_profile_says_whatever_its_length() -> None:
    profile = Profile(first_token_s=0.1, total_s=0.5, events=4)

    spread = delivery(" ".join("abcdefghij"), profile, None, None, Simulation(1, None).draw("sim", ""))

    assert [piece.tokens for piece in spread.pieces] == [3, 3, 3, 1]
    assert [spread.pieces[0].at_s, spread.pieces[-1].at_s] == pytest.approx([0.1, 0.5])
    assert spread.text == "a b c d e f g h i j"


async def test_a_limit_serves_one_after_the_other_and_turns_away_whom_it_cannot_queue(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("sim", first_token_s=0.1)
    provider.limit(1, queue=1)

    answers = await asyncio.gather(*(said(client) for _ in range(3)), return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, openai.RateLimitError)]
    served = sorted((e for e in provider.log() if e["served_at_s"]), key=lambda e: e["served_at_s"])
    assert len(refused) == 1
    assert all(b["served_at_s"] >= a["last_token_at_s"] for a, b in itertools.pairwise(served))


async def test_the_log_says_who_asked_what_and_how_many_were_under_way(
    provider: Provider, client: AsyncOpenAI
) -> None:
    provider.profile("sim", first_token_s=0.2, tokens=6)
    begun_s = time.monotonic()
    await asyncio.gather(*(said(client, f"[[task: section {n}]] Draft it.") for n in range(3)))

    entries = provider.log(bodies=True)

    assert sorted(entry["task"] for entry in entries) == ["section 0", "section 1", "section 2"]
    assert [entry["in_flight"] for entry in entries] == [1, 2, 3]
    assert all(begun_s <= entry["received_at_s"] <= time.monotonic() for entry in entries)
    assert all(entry["output_tokens"] == 6 for entry in entries)
    assert entries[0]["body"]["messages"][0]["role"] == "user"


async def test_a_provider_with_a_key_takes_no_other() -> None:
    with running_provider(api_key="right") as provider:
        for key, code in (("right", None), ("wrong", "invalid_api_key")):
            async with AsyncOpenAI(base_url=provider.base_url, api_key=key, max_retries=0) as client:
                try:
                    await said(client)
                    seen = None
                except openai.AuthenticationError as error:
                    seen = error.code
            assert seen == code


def test_a_wrong_control_request_is_told_what_is_wrong(provider: Provider) -> None:
    with pytest.raises(ValueError, match="vanished"):
        provider.wait("vanished")
