"""Looking for a model before a draft depends on it: one sentence, soon, and never the key."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from actors.errors import ModelEndpointError
from actors.llm.endpoint import Endpoint
from cluster.model_preflight import check_endpoint
from tests.integration.canned_server import canned, response
from tests.integration.lexray_command import ROOT
from tests.provider.process import Provider, running_provider

KEY = "sk-right-and-secret"
JSON = "application/json"


def endpoint(base_url: str, model: str = "sim", key: str | None = KEY) -> Endpoint:
    return Endpoint(base_url=base_url, model=model, api_key=SecretStr(key) if key else None)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider(api_key=KEY) as running:
        yield running


async def test_a_model_that_is_there_passes(provider: Provider) -> None:
    await check_endpoint(endpoint(provider.base_url))
    await check_endpoint(endpoint(provider.base_url + "/"))


@pytest.mark.parametrize(
    ("model", "key", "told"),
    [
        ("sim", "sk-wrong-and-secret", "it refuses the key (status 401)"),
        ("sim", None, "it wants a key, and none is set (status 401)"),
        ("simm", KEY, "it has no model of this name; it has sim"),
    ],
)
async def test_a_wrong_key_or_model_is_told_with_the_endpoint(
    provider: Provider, model: str, key: str | None, told: str
) -> None:
    with pytest.raises(ModelEndpointError) as caught:
        await check_endpoint(endpoint(provider.base_url, model, key))
    assert str(caught.value) == f"{model} at {provider.base_url}: {told}"


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("http://127.0.0.1:9/v1", "the connection is refused"),
        ("http://no-such-host.invalid/v1", "its host is not known"),
    ],
)
async def test_nobody_there_is_told_as_such(base_url: str, told: str) -> None:
    with pytest.raises(ModelEndpointError, match=told):
        await check_endpoint(endpoint(base_url))


async def test_tls_where_there_is_none_is_told_as_such(provider: Provider) -> None:
    with pytest.raises(ModelEndpointError, match="it does not speak TLS there"):
        await check_endpoint(endpoint(provider.base_url.replace("http:", "https:")))


@pytest.mark.parametrize(
    ("served", "told"),
    [
        (response("<html>Log in</html>", "text/html"), "a web page answers there"),
        (response("<!DOCTYPE html><p>Log in", "text/plain"), "a web page answers there"),
        (response("<html>No</html>", "text/html", "404 Not Found"), "a web page answers there"),
        (response("", "text/plain", "404 Not Found"), "nothing answers at this address"),
        (response("", "text/plain", "302 Found", "Location: http://127.0.0.1:1/"), "it sends elsewhere"),
        (response("Hello.", "text/plain"), "no list of models"),
        (response("7", JSON), "no list of models"),
        (response('{"data": [7]}', JSON), "no list of models"),
        (response('{"error": "no"}', JSON), "no list of models"),
        (response('{"data": []}', JSON), "it has none at all"),
        (response('{"data": [{"id": "simple"}, {"id": "large"}]}', JSON), "it has simple, large"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "the connection broke"),
    ],
)
async def test_what_is_no_models_server_is_told_as_such(served: bytes, told: str) -> None:
    async with canned(served) as server:
        with pytest.raises(ModelEndpointError, match=told):
            await check_endpoint(endpoint(server.base_url))


@pytest.mark.parametrize(
    "served",
    [
        response('{"detail": "Not Found"}', JSON, "404 Not Found"),
        response('{"detail": "Method Not Allowed"}', JSON, "405 Method Not Allowed"),
        response('{"error": {"message": "busy"}}', JSON, "503 Service Unavailable"),
        response("<html>Bad gateway</html>", "text/html", "502 Bad Gateway"),
        response('{"error": {"message": "slow down"}}', JSON, "429 Too Many Requests"),
        response('{"data": [{"id": "sim:latest"}]}', JSON),
        response('{"data": [{"id": "models/sim"}]}', JSON),
    ],
)
async def test_a_server_without_a_list_or_with_troubles_of_its_own_passes(served: bytes) -> None:
    async with canned(served) as server:
        await check_endpoint(endpoint(server.base_url))


async def test_a_server_that_keeps_silent_is_given_up_in_time() -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3600)
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async with asyncio.timeout(5):
        with pytest.raises(ModelEndpointError, match=r"no answer within 0\.5 s"):
            await check_endpoint(endpoint(f"http://127.0.0.1:{port}/v1"), limit_s=0.5)
    server.close()


async def test_keys_and_passwords_stay_out_of_the_sentence() -> None:
    echo = response(f'{{"error": {{"message": "wrong key {KEY}"}}}}', JSON, "401 Unauthorized")
    async with canned(echo) as server:
        base_url = server.base_url.replace("//", "//clerk:hush@")
        with pytest.raises(ModelEndpointError) as caught:
            await check_endpoint(endpoint(base_url))
    assert "secret" not in str(caught.value)
    assert "hush" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_refusal_does_not_wait_for_the_sdk() -> None:
    code = "import sys, cluster.model_preflight; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
