"""Every way in which a model's server fails, over real HTTP, and what each becomes."""

import asyncio
import email.utils
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from actors.errors import (
    AttemptTimeoutError,
    LexrayError,
    ModelAnswerError,
    ModelEndpointError,
    ModelPausedError,
    ModelRefusedError,
    ModelUnavailableError,
    ThrottledError,
)
from actors.llm.call import ModelCall, Usage
from actors.llm.endpoint import Endpoint
from actors.llm.openai_model import OpenAIModel
from tests.provider import faults
from tests.provider.process import Provider, running_provider
from tests.provider.turns import Kind, Turn, fault, reply

CALL = ModelCall(task="draft", system="You draft.", user="Write a clause.", max_output_tokens=200)
FORM = ModelCall(
    task="intake",
    system="You read.",
    user="Who?",
    json_schema={"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
)
ACCENTS = "Ein Vertrag über Käse – façade, naïveté, 契約, 🙂."


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def provider(server: Provider) -> Provider:
    server.reset(profiles=True)
    return server


@pytest.fixture
async def model(provider: Provider) -> AsyncIterator[OpenAIModel]:
    made = OpenAIModel(endpoint(provider))
    yield made
    await made.aclose()


@pytest.fixture
async def hasty(provider: Provider) -> AsyncIterator[OpenAIModel]:
    made = OpenAIModel(endpoint(provider, first_token_s=0.5, idle_s=0.5))
    yield made
    await made.aclose()


def endpoint(provider: Provider, **fields: object) -> Endpoint:
    given: dict[str, object] = {
        "base_url": provider.base_url,
        "model": "sim",
        "first_token_s": 0.5,
        "idle_s": 0.5,
    }
    return Endpoint.model_validate(given | fields)


async def failure(model: OpenAIModel, call: ModelCall = CALL) -> tuple[LexrayError, str, Usage | None]:
    """Return how a call fails, with the text and the usage that came before."""
    pieces: list[str] = []
    usage = None
    try:
        async with aclosing(model.stream(call)) as parts:
            async for part in parts:
                if isinstance(part, Usage):
                    usage = part
                else:
                    pieces.append(part)
    except LexrayError as error:
        return error, "".join(pieces), usage
    raise AssertionError(f"it did not fail, but said {''.join(pieces)!r}")


# Answers.


async def test_an_answer_comes_in_pieces_and_ends_with_its_usage(
    model: OpenAIModel, provider: Provider
) -> None:
    provider.script(reply("The term begins today."))

    parts = [part async for part in model.stream(CALL)]

    assert parts[:-1] == ["The", " term", " begins", " today", "."]
    assert isinstance(parts[-1], Usage)
    assert (parts[-1].output_tokens, parts[-1].cost, parts[-1].told) == (5, None, True)


async def test_the_cost_is_that_of_the_configured_prices(provider: Provider) -> None:
    provider.script(reply("The term begins today."))
    model = OpenAIModel(endpoint(provider, input_price=0.0, output_price=2_000_000.0))

    answer = await model.complete(CALL)

    assert answer.usage.cost == 10.0
    await model.aclose()


async def test_a_server_that_tells_no_usage_is_taken_with_a_bound_from_below(
    model: OpenAIModel, provider: Provider
) -> None:
    provider.profile("sim", usage=False)
    provider.script(reply("The term begins today."))

    answer = await model.complete(CALL)

    assert answer.text == "The term begins today."
    assert answer.usage == Usage(input_tokens=0, output_tokens=5, told=False)


async def test_characters_of_several_bytes_survive_the_network(
    model: OpenAIModel, provider: Provider
) -> None:
    provider.script(reply(ACCENTS), fault("split_character", text=ACCENTS))

    assert (await model.complete(CALL)).text == ACCENTS
    assert (await model.complete(CALL)).text == ACCENTS


async def test_a_slow_answer_is_no_hanging_one(hasty: OpenAIModel, provider: Provider) -> None:
    provider.script(fault("drip", text="one two three four five six seven eight", interval_s=0.2))

    assert (await hasty.complete(CALL)).text.endswith("eight")


async def test_time_that_the_reader_takes_is_not_the_providers(
    model: OpenAIModel, provider: Provider
) -> None:
    provider.script(reply("one two three"))
    pieces = 0

    async for _ in model.stream(CALL):
        pieces += 1
        await asyncio.sleep(0.6)

    assert pieces == 4


# Failures.

IN_A_MINUTE = email.utils.formatdate(time.time() + 60, usegmt=True)


@pytest.mark.parametrize(
    ("turn", "kind", "told"),
    [
        (faults.wrong_key(), ModelEndpointError, "wants a key"),
        (faults.forbidden(), ModelEndpointError, "wants a key"),
        (faults.unknown_model("sim"), ModelEndpointError, "no model of this name"),
        (faults.html_page(404), ModelEndpointError, "a web page"),
        (faults.html_page(200), ModelEndpointError, "a web page"),
        (faults.html_page(403), ModelEndpointError, "a web page"),
        (faults.refused(405, None, "Method not allowed"), ModelEndpointError, "nothing answers"),
        (faults.context_too_long(), ModelRefusedError, "too long"),
        (faults.refused(413, None, "Payload too large"), ModelRefusedError, "too long"),
        (
            faults.refused(400, None, "Please reduce the length: context window is 4096"),
            ModelRefusedError,
            "too long",
        ),
        (faults.refused(400, "content_filter", "Flagged"), ModelRefusedError, "content filter"),
        (faults.refused(422, None, "messages.0: extra field"), ModelRefusedError, "status 422"),
        (fault("refusal"), ModelRefusedError, "declines"),
        (fault("content_filter"), ModelRefusedError, "content filter"),
        (faults.quota_spent(), ModelPausedError, "quota is spent"),
        (faults.quota_spent(402), ModelPausedError, "quota is spent"),
        (faults.refused(429, None, "Your credit balance is too low"), ModelPausedError, "quota is spent"),
        (
            faults.refused(400, None, "API key not valid. Pass a valid one."),
            ModelEndpointError,
            "wants a key",
        ),
        (
            faults.refused(429, None, "Rate limit reached. Upgrade at https://x.test/settings/billing"),
            ThrottledError,
            "wait",
        ),
        (faults.server_error(500), ModelUnavailableError, "status 500"),
        (faults.server_error(529), ModelUnavailableError, "status 529"),
        (faults.html_page(502), ModelUnavailableError, "status 502"),
        (faults.html_page(429), ThrottledError, "wait"),
        (faults.refused(409, None, "Conflict"), ThrottledError, "wait"),
        (faults.refused(408, None, "Timeout"), ThrottledError, "wait"),
        (fault("reset"), ModelUnavailableError, "connection broke"),
        (fault("cut"), ModelUnavailableError, "connection broke"),
        (fault("end_early"), ModelUnavailableError, "cut off"),
        (fault("error_event"), ModelUnavailableError, "broke off"),
        (fault("length"), ModelAnswerError, "cut at 200 tokens"),
    ],
    ids=lambda part: f"{part.kind}-{part.status}" if isinstance(part, Turn) else "",
)
async def test_every_failure_has_its_class(
    model: OpenAIModel, provider: Provider, turn: Turn, kind: type[LexrayError], told: str
) -> None:
    provider.script(turn)

    error, _, _ = await failure(model)

    assert type(error) is kind
    assert told in str(error)
    assert str(error).startswith(f"sim at {provider.base_url}: ")
    assert len(provider.log()) == 1, "one attempt a call"


@pytest.mark.parametrize("kind", ["hang", "stall"])
async def test_silence_before_the_first_piece_and_between_pieces_is_limited(
    hasty: OpenAIModel, provider: Provider, kind: Kind
) -> None:
    provider.script(fault(kind))

    error, _, _ = await failure(hasty)

    assert isinstance(error, AttemptTimeoutError)
    assert str(error) == f"sim at {provider.base_url}: no answer within 0.5 s"
    await asyncio.to_thread(provider.wait, "left", 1, 1.0)


@pytest.mark.parametrize(
    ("turn", "seconds"),
    [
        (faults.throttled("7"), 7.0),
        (faults.throttled("0.5"), 0.5),
        (faults.throttled("1500", name="retry-after-ms"), 1.5),
        (faults.throttled("2", "9"), 9.0),
        (faults.throttled("1000000000000"), 120.0),
        (faults.throttled("Wed, 21 Oct 2015 07:28:00 GMT"), 0.0),
        (faults.throttled("-1"), 0.0),
        (faults.throttled("NaN"), 0.0),
        (faults.throttled(""), 0.0),
        (faults.throttled(), 0.0),
    ],
)
async def test_throttling_carries_the_wait_that_is_asked_for(
    model: OpenAIModel, provider: Provider, turn: Turn, seconds: float
) -> None:
    provider.script(turn)
    error, _, _ = await failure(model)
    assert isinstance(error, ThrottledError)
    assert error.retry_after_s == seconds


async def test_a_date_to_wait_for_is_read_against_the_clock(model: OpenAIModel, provider: Provider) -> None:
    provider.script(faults.throttled(IN_A_MINUTE), faults.server_error(503, ("Retry-After", "30")))

    throttled, _, _ = await failure(model)
    failed, _, _ = await failure(model)

    assert isinstance(throttled, ThrottledError)
    assert 0 < throttled.retry_after_s <= 60
    assert isinstance(failed, ModelUnavailableError)
    assert failed.retry_after_s == 30


async def test_what_came_before_a_failure_was_passed_on(model: OpenAIModel, provider: Provider) -> None:
    provider.script(fault("cut", text="one two three four"), fault("length", text="one two three four"))

    assert (await failure(model))[1:] == ("one two three", None)
    _, text, usage = await failure(model)
    assert text == "one two three"
    assert usage is not None
    assert usage.output_tokens == 3


# Leaving.


async def test_closing_a_stream_reaches_the_provider_within_a_second(
    model: OpenAIModel, provider: Provider
) -> None:
    provider.script(fault("drip", text="word " * 500, interval_s=0.05))
    async with aclosing(model.stream(CALL)) as parts:
        async for _ in parts:
            break

    (entry,) = await asyncio.to_thread(provider.wait, "left", 1, 1.0)
    assert entry["output_tokens"] < 500


async def test_cancelling_a_call_that_hangs_reaches_the_provider(provider: Provider) -> None:
    model = OpenAIModel(endpoint(provider, first_token_s=60))
    provider.script(fault("hang"))
    asking = asyncio.create_task(model.complete(CALL))
    await asyncio.to_thread(provider.wait, "received")

    asking.cancel()

    await asyncio.to_thread(provider.wait, "left", 1, 1.0)
    with pytest.raises(asyncio.CancelledError):
        await asking
    await model.aclose()


# Dialects.


@pytest.mark.parametrize(("most", "requests"), [("json_schema", 1), ("json_object", 2), ("none", 3)])
async def test_a_server_is_asked_for_json_as_it_can_give_it_and_remembered(
    model: OpenAIModel, provider: Provider, most: str, requests: int
) -> None:
    provider.profile("sim", structured=most, says="text", text='Sure: {"name": "Acme"}')

    for _ in range(2):
        assert "Acme" in (await model.complete(FORM)).text

    bodies = [entry["body"] for entry in provider.log(bodies=True)]
    assert len(bodies) == requests + 1
    assert (bodies[-1].get("response_format") or {"type": "none"})["type"] == most
    asked_in_words = json.dumps(dict(FORM.json_schema or {}), separators=(",", ":"))
    assert (asked_in_words in bodies[-1]["messages"][0]["content"]) is (most != "json_schema")


async def test_two_calls_at_once_learn_the_same_dialect(model: OpenAIModel, provider: Provider) -> None:
    provider.profile("sim", structured="none", says="text", text="{}")

    answers = await asyncio.gather(*(model.complete(FORM) for _ in range(4)))

    assert [answer.text for answer in answers] == ["{}"] * 4
    assert len(provider.log()) <= 12
