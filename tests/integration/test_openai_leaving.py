"""Drafts that a model writes, for OpenAI's client: tokens told, failures told, and no work for a client that left."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.integration.loopback_api import LoopbackApi, loopback_api
from tests.integration.model_drafting import KEY, MESSAGE, profiles, settings
from tests.integration.test_mcp import assistant
from tests.provider.process import Provider, running_provider
from tests.provider.turns import fault

MESSAGES: list[Any] = [{"role": "user", "content": MESSAGE}]
BY_MODEL = {"engine": "model"}
PATIENCE_S = 60.0
"""For a busy machine to come so far that there is something to leave."""


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider(seed=1, api_key=KEY) as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    profiles(running)
    return running


@pytest.fixture
async def api(provider: Provider, tmp_path: Path) -> AsyncIterator[LoopbackApi]:
    async with loopback_api(settings(provider), tmp_path / "journal.db") as serving:
        yield serving


@pytest.fixture
async def client(api: LoopbackApi) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{api.url}/v1", api_key="key-of-acme", max_retries=0) as acme:
        yield acme


async def everybody_left(provider: Provider) -> None:
    """The model's calls end within a second."""
    async with asyncio.timeout(1.0):
        while not all(call["left"] for call in await asyncio.to_thread(writers_calls, provider)):
            await asyncio.sleep(0.02)


def writers_calls(provider: Provider) -> list[dict[str, Any]]:
    return [entry for entry in provider.log() if entry["model"] == "writer"]


async def test_the_tokens_of_the_models_are_the_usage(client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model="lexray", messages=MESSAGES, metadata=BY_MODEL)
    response = await client.responses.create(model="lexray", input=MESSAGE, metadata=BY_MODEL)

    assert answer.usage is not None
    assert response.usage is not None
    assert answer.usage.prompt_tokens > 1000
    assert answer.usage.completion_tokens > 1000
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert response.usage.output_tokens > 1000


async def test_a_draft_that_fails_before_its_first_word_has_a_status_of_its_own(
    provider: Provider, client: openai.AsyncOpenAI
) -> None:
    provider.script(*[fault("status", status=401) for _ in range(20)])
    for stream in (False, True):
        with pytest.raises(openai.InternalServerError) as failed:
            await client.chat.completions.create(
                model="lexray", messages=MESSAGES, metadata=BY_MODEL, stream=stream
            )
        assert failed.value.status_code == 502
    told = [
        e
        async for e in await client.responses.create(
            model="lexray", input=MESSAGE, metadata=BY_MODEL, stream=True
        )
    ]

    assert told[-1].type == "response.failed"
    assert told[-1].response.error is not None
    assert told[-1].response.error.code == "server_error"


@pytest.mark.parametrize("face", ["chat", "responses"])
async def test_a_client_that_leaves_ends_the_models_calls(
    provider: Provider, api: LoopbackApi, client: openai.AsyncOpenAI, face: str
) -> None:
    provider.profile("writer", first_token_s=0.01, total_s=600.0, says="section", tokens=2000)
    if face == "chat":
        asking = client.chat.completions.create(model="lexray", messages=MESSAGES, metadata=BY_MODEL)
    else:
        asking = client.responses.create(model="lexray", input=MESSAGE, metadata=BY_MODEL)  # type: ignore[assignment]
    waiting = asyncio.ensure_future(asking)
    await asyncio.to_thread(provider.wait, "started", 3, PATIENCE_S)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    await everybody_left(provider)
    await api.draft_settled()


async def test_a_stream_that_is_closed_ends_the_models_calls_and_can_be_taken_up_again(
    provider: Provider, api: LoopbackApi, client: openai.AsyncOpenAI
) -> None:
    provider.profile("writer", first_token_s=0.01, total_s=600.0, says="section", tokens=2000)
    stream = await client.responses.create(model="lexray", input=MESSAGE, metadata=BY_MODEL, stream=True)
    first = await anext(stream)
    assert first.type == "response.created"
    await asyncio.to_thread(provider.wait, "started", 3, PATIENCE_S)
    await stream.close()
    await everybody_left(provider)
    await api.draft_settled()
    profiles(provider)
    rest = [
        e
        async for e in await client.responses.retrieve(
            first.response.id,
            stream=True,
            starting_after=0,
        )
    ]

    assert [event.sequence_number for event in rest] == list(range(1, len(rest) + 1))
    assert rest[-1].type == "response.completed"


async def test_a_response_in_the_background_goes_on_alone_until_it_is_cancelled(
    provider: Provider, api: LoopbackApi, client: openai.AsyncOpenAI
) -> None:
    provider.profile("writer", first_token_s=0.01, total_s=600.0, says="section", tokens=2000)
    response = await client.responses.create(
        model="lexray", input=MESSAGE, metadata=BY_MODEL, background=True
    )
    stream = await client.responses.retrieve(response.id, stream=True)
    await anext(stream)
    await stream.close()
    await asyncio.to_thread(provider.wait, "started", 3, PATIENCE_S)
    assert (await client.responses.retrieve(response.id)).status == "in_progress"
    cancelled = await client.responses.cancel(response.id)

    assert cancelled.status == "cancelled"
    await everybody_left(provider)
    last = [e async for e in await client.responses.retrieve(response.id, stream=True)][-1]
    assert last.type == "response.incomplete"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_an_assistant_that_leaves_ends_the_models_calls(
    provider: Provider, api: LoopbackApi, mode: str
) -> None:
    provider.profile("writer", first_token_s=0.01, total_s=600.0, says="section", tokens=2000)

    async def ask() -> None:
        async with assistant(api, mode) as client:
            await client.call_tool("draft", {"message": MESSAGE, "engine": "model"})

    waiting = asyncio.create_task(ask())
    await asyncio.to_thread(provider.wait, "started", 3, PATIENCE_S)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    await everybody_left(provider)
    await api.draft_settled()
