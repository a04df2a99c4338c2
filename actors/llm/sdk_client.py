"""The SDK's client for one endpoint. Importing the SDK takes a second or two, so it happens here and at first use."""

import asyncio
import importlib
import logging
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

from actors.llm.endpoint import Endpoint

if TYPE_CHECKING:
    from openai import AsyncOpenAI


async def import_sdk() -> None:
    """Import the SDK in a thread: on the event loop, everything else in flight would seem to hang meanwhile."""
    await asyncio.to_thread(_prepare)


def _prepare() -> None:
    importlib.import_module("openai")
    # These loggers print addresses, which may hold a password.
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    trusted_authorities()


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Return the certificates that are trusted, read once a process: that takes a third of a second."""
    import httpx2  # noqa: PLC0415

    return httpx2.create_ssl_context()


def open_client(endpoint: Endpoint) -> "AsyncOpenAI":
    """Return a client that tries once, and leaves all limits but that on connecting to its user.

    It does not follow redirects, which would carry the draft to a place that nobody chose.
    """
    import openai  # noqa: PLC0415

    return openai.AsyncOpenAI(
        api_key="unused",  # what is sent is in `headers`
        base_url=endpoint.address,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(
            auth=endpoint.login,
            verify=trusted_authorities(),
            follow_redirects=False,
            timeout=openai.Timeout(None, connect=endpoint.connect_s),
        ),
    )


def headers(endpoint: Endpoint) -> dict[str, Any]:
    """Return the headers of every request: the endpoint's key and nobody else's.

    Left alone, the SDK takes key, organisation and project of OpenAI from the environment and sends them to whatever
    server is configured here.
    """
    import openai  # noqa: PLC0415

    key = endpoint.api_key.get_secret_value() if endpoint.api_key else ""
    return {
        "Authorization": f"Bearer {key}" if key else openai.Omit(),
        "OpenAI-Organization": openai.Omit(),
        "OpenAI-Project": openai.Omit(),
    }
