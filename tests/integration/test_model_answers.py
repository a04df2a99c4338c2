"""Answers of a model over real HTTP: pieces, usage, leaving early, and JSON from servers of every kind."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from actors.llm.call import ModelCall, Usage
from actors.llm.openai_model import OpenAIModel
from tests.integration.model_calls import CALL, endpoint
from tests.provider.process import Provider, running_provider
from tests.provider.turns import fault, reply

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
    made = OpenAIModel(endpoint(provider, first_token_s=1.0, idle_s=1.0))
    yield made
    await made.aclose()


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
        await asyncio.sleep(1.2)

    assert pieces == 4


# Leaving.


async def test_closing_a_stream_reaches_the_provider(model: OpenAIModel, provider: Provider) -> None:
    provider.script(fault("drip", text="word " * 500, interval_s=0.05))
    async with aclosing(model.stream(CALL)) as parts:
        async for _ in parts:
            break

    (entry,) = await asyncio.to_thread(provider.wait, "left", 1, 20.0)
    assert entry["output_tokens"] < 500


async def test_cancelling_a_call_that_hangs_reaches_the_provider(provider: Provider) -> None:
    model = OpenAIModel(endpoint(provider, first_token_s=60))
    provider.script(fault("hang"))
    asking = asyncio.create_task(model.complete(CALL))
    await asyncio.to_thread(provider.wait, "received")

    asking.cancel()

    await asyncio.to_thread(provider.wait, "left", 1, 20.0)
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
