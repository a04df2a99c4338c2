"""Every way in which a model's server fails, over real HTTP, and what each becomes."""

import asyncio
import email.utils
import time
from collections.abc import AsyncIterator, Iterator

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
from actors.llm.openai_model import OpenAIModel
from tests.integration.model_calls import endpoint, failure
from tests.provider import faults
from tests.provider.process import Provider, running_provider
from tests.provider.turns import Kind, Turn, fault


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
    await asyncio.to_thread(provider.wait, "left", 1, 20.0)


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
    in_a_minute = email.utils.formatdate(time.time() + 60, usegmt=True)
    provider.script(faults.throttled(in_a_minute), faults.server_error(503, ("Retry-After", "30")))

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
