"""Vectors from an endpoint that speaks as OpenAI does."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import openai
import pytest

from actors.errors import InvalidInputError, SearchUnavailableError, ThrottledError
from actors.retrieval.openai_embeddings import OpenAIEmbeddings

httpx = pytest.importorskip(openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0])


def served(answer: Callable[[dict[str, Any]], Any]) -> OpenAIEmbeddings:
    """An encoder whose endpoint is a function from a request's body to a response."""
    encoder = OpenAIEmbeddings("http://endpoint/v1", "any-model", dim=3)
    transport = httpx.MockTransport(lambda request: answer(json.loads(request.content)))
    client = openai.OpenAI(
        base_url="http://endpoint/v1",
        api_key="none",
        max_retries=0,
        http_client=httpx.Client(transport=transport),
    )
    encoder.__dict__["_client"] = client
    return encoder


def vectors(body: dict[str, Any], length: int = 3) -> Any:
    rows = [
        {"object": "embedding", "index": n, "embedding": [float(len(text))] + [0.0] * (length - 2) + [1.0]}
        for n, text in enumerate(body["input"])
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return httpx.Response(200, json={"object": "list", "data": rows[::-1], "model": "m", "usage": usage})


def test_vectors_come_in_the_order_of_the_texts_and_have_unit_length() -> None:
    done: list[int] = []
    found = served(vectors).embed_passages(["a" * n for n in range(1, 101)], done.append)
    assert found.shape == (100, 3)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(100))
    assert np.all(np.diff(found[:, 0]) > 0)
    assert done == [64, 100]


def test_an_empty_text_is_sent_as_a_space() -> None:
    sent: list[str] = []

    def listening(body: dict[str, Any]) -> Any:
        sent.extend(body["input"])
        return vectors(body)

    served(listening).embed_query("")
    assert sent == [" "]


def test_vectors_of_another_length_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="shape"):
        served(lambda body: vectors(body, 5)).embed_query("text")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, ThrottledError),
        (400, InvalidInputError),
        (401, InvalidInputError),
        (503, SearchUnavailableError),
    ],
)
def test_an_endpoints_refusal_becomes_our_error(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        served(lambda _: httpx.Response(status, json={"error": {"message": "no"}})).embed_query("text")


def test_an_endpoint_that_is_away_is_unavailable() -> None:
    def away(body: dict[str, Any]) -> Any:
        raise httpx.ConnectError("refused")

    with pytest.raises(SearchUnavailableError):
        served(away).embed_query("text")


def test_the_same_model_elsewhere_is_another_encoder() -> None:
    here, there = (OpenAIEmbeddings(f"http://{host}/v1", "m", 3).id for host in ("here", "there"))
    assert here != there
