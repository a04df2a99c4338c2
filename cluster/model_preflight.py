"""Asking a model's server whether it is there, before a draft depends on it."""

import asyncio
import difflib
import json
from collections.abc import Sequence

import httpx2  # the SDK's own HTTP client: the SDK itself takes seconds to import, which a refusal should not cost

from actors.errors import ModelEndpointError
from actors.llm.endpoint import Endpoint
from actors.llm.failures import connection_trouble, meaning, refusal_of

LIST_BYTES = 4 * 1024 * 1024
"""As much of a list of models is read; the longest known have some hundred kilobytes."""

NAMED = 3
"""So many other models are named, where the one asked for is not there."""

NO_LIST = {404, 405, 501}
"""How servers say, in JSON, that they keep no list of models; a 404 in plain words is a wrong address."""


async def check_endpoint(endpoint: Endpoint, limit_s: float = 3.0) -> None:
    """Pass if the endpoint's list of models has its model, or if it keeps no such list.

    A server that is merely busy or failing passes too: the policies of the draft are there for that.

    Args:
        endpoint: The model to look for.
        limit_s: For the whole exchange.

    Raises:
        ModelEndpointError: Nothing usable is there; the error says in one sentence what is.
    """
    try:
        async with asyncio.timeout(limit_s):
            status, headers, body = await _list_models(endpoint)
    except TimeoutError:
        raise ModelEndpointError(endpoint.name, f"no answer within {limit_s:g} s") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        raise ModelEndpointError(endpoint.name, connection_trouble(error)) from None
    _judge(endpoint, status, headers, body)


async def _list_models(endpoint: Endpoint) -> tuple[int, list[tuple[str, str]], bytes]:
    key = endpoint.api_key.get_secret_value() if endpoint.api_key else ""
    async with (
        httpx2.AsyncClient(auth=endpoint.login, timeout=None) as client,
        client.stream(
            "GET",
            f"{endpoint.address}/models",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            follow_redirects=False,
        ) as response,
    ):
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > LIST_BYTES:
                break
        return response.status_code, response.headers.multi_items(), bytes(body)


def _judge(endpoint: Endpoint, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    refusal = refusal_of(status, headers, text)
    if status in NO_LIST and _is_json(text):
        return
    if status != 200 or refusal.html:  # noqa: PLR2004
        error = meaning(refusal, endpoint)
        if isinstance(error, ModelEndpointError):
            raise error
        return
    names = _names(endpoint, text)
    if not _is_among(endpoint.model, names):
        raise ModelEndpointError(
            endpoint.name, f"it has no model of this name; {_instead(endpoint.model, names)}"
        )


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _names(endpoint: Endpoint, text: str) -> list[str]:
    try:
        entries = json.loads(text)["data"] or ()
        return [str(entry["id"]) for entry in entries]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ModelEndpointError(endpoint.name, "what answers there is no list of models") from None


def _is_among(model: str, names: Sequence[str]) -> bool:
    """Tell whether a model is listed, under the longer names that Ollama and Gemini give theirs as well."""
    return not {model, f"{model}:latest", f"models/{model}"}.isdisjoint(names)


def _instead(model: str, names: Sequence[str]) -> str:
    if not names:
        return "it has none at all"
    nearest = difflib.get_close_matches(model, names, NAMED, cutoff=0.0)
    return f"it has {', '.join(name[:80] for name in nearest)}"
