"""`lexray serve`: the API behind Ray Serve's own proxy and behind HAProxy. Two minutes on a quiet machine."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.integration.lexray_command import run
from tests.integration.model_drafting import EVERYBODY, KEY, profiles
from tests.integration.served_command import Served, served
from tests.integration.test_cluster_commands import eventually, processes_of
from tests.provider.process import Provider, running_provider
from tests.provider.turns import fault

MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
ASKED = {"message": MESSAGE}
BY_MODEL = {"message": MESSAGE, "engine": "model"}
LEFT_S = 10.0
"""Sooner than anything but the client's leaving would end a model's call: its first token may take 15 s."""


@pytest.fixture(scope="module")
def models() -> Iterator[Provider]:
    with running_provider(api_key=KEY) as provider:
        yield provider


@pytest.fixture
def provider(models: Provider) -> Provider:
    profiles(models)
    return models


@pytest.fixture(scope="module", params=["default", "haproxy"])
def server(
    request: pytest.FixtureRequest, models: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    env = {
        "LEXRAY_LLM_BASE_URL": models.base_url,
        "LEXRAY_LLM_API_KEY": KEY,
        "LEXRAY_LLM_MODEL": "sim",
        "LEXRAY_LLM_DRAFT_MODEL": "writer",
        "LEXRAY_LLM_AGENTS": ",".join(EVERYBODY),
    }
    with served(tmp_path_factory.mktemp(request.param), "--proxy", request.param, env=env) as running:
        yield running


def client_of(server: Served) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=server.url, timeout=60)


async def calls_under_way(provider: Provider) -> int:
    """Wait until model calls are under way and no more come; return how many there are."""
    await asyncio.to_thread(provider.wait, "received", 1, 30.0)
    calls = 0
    while calls != (calls := len(await asyncio.to_thread(provider.log))):
        await asyncio.sleep(0.5)
    return calls


async def test_it_says_where_it_is_who_may_ask_and_how(server: Served) -> None:
    assert server.out.count("\n") == 3
    assert "keys are off" in server.out
    assert f"curl -N {server.url}/v1/drafts" in server.out
    assert "Traceback" not in server.err


async def test_a_draft_is_its_report(server: Served) -> None:
    async with client_of(server) as client:
        response = await client.post("/v1/drafts", json=ASKED)

    assert response.status_code == 200, response.text
    assert response.json()["status"] == "finished"


async def test_it_is_alive_and_ready(server: Served) -> None:
    async with client_of(server) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"status": "ready"}


@pytest.mark.parametrize("in_parts", [False, True], ids=["at-once", "in-parts"])
@pytest.mark.parametrize("stream", [True, False], ids=["stream", "result"])
async def test_a_client_that_leaves_stops_the_models_calls(
    server: Served, provider: Provider, stream: bool, in_parts: bool
) -> None:
    """HAProxy must notice it too where the body came after the head."""
    provider.script(*[fault("hang") for _ in range(40)])
    body = json.dumps({**BY_MODEL, "stream": stream}).encode()
    address = httpx2.URL(server.url)
    _, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(
        f"POST /v1/drafts HTTP/1.1\r\nHost: {address.host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
    )
    if in_parts:
        await asyncio.sleep(0.05)
    writer.write(body)
    calls = await calls_under_way(provider)
    writer.close()

    await asyncio.to_thread(provider.wait, "left", calls, LEFT_S)
    assert len(provider.log()) == calls, "nobody asked again"


async def test_a_header_of_the_client_cannot_switch_that_off(server: Served, provider: Provider) -> None:
    provider.script(*[fault("hang") for _ in range(40)])
    overriding = {"x-request-disconnect-disabled": "?1", "x-request-timeout-seconds": "0.001"}
    async with client_of(server) as client:
        asking = asyncio.create_task(
            client.post("/v1/drafts", json={**BY_MODEL, "stream": True}, headers=overriding)
        )
        calls = await calls_under_way(provider)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    await asyncio.to_thread(provider.wait, "left", calls, 20.0)


async def test_at_ten_times_the_places_refusals_are_prompt_and_say_when_to_come_back(server: Served) -> None:
    async with client_of(server) as client:

        async def ask() -> tuple[httpx2.Response, float]:
            begun = time.monotonic()
            return await client.post("/v1/drafts", json=ASKED), time.monotonic() - begun

        answers = [response for response, _ in await asyncio.gather(*(ask() for _ in range(20)))]
        afterwards = await client.post("/v1/drafts", json=ASKED)

    codes = [response.status_code for response in answers]
    refused = [response for response in answers if response.status_code == 429]
    assert set(codes) == {200, 429}, codes
    assert all(int(response.headers["retry-after"]) >= 1 for response in refused)
    assert {response.json()["type"] for response in refused} == {"urn:lexray:problem:overloaded"}
    assert afterwards.status_code == 200


async def test_rows_in_crumbs_become_documents(server: Served) -> None:
    async def crumbs() -> AsyncIterator[bytes]:
        for n in range(1, 5):
            row = json.dumps({"id": f"r{n}", "message": MESSAGE}).encode() + b"\n"
            for start in range(0, len(row), 50):
                yield row[start : start + 50]

    async with client_of(server) as client:
        begun = await client.post(
            "/v1/batches?formats=md", content=crumbs(), headers={"Content-Type": "application/x-ndjson"}
        )
        assert begun.status_code == 202, begun.text
        batch = begun.headers["location"]
        events = await client.get(f"{batch}/events")
        results = (await client.get(f"{batch}/results")).text.splitlines()
        document = await client.get(json.loads(results[-1])["files"][0])

    assert "event: batch.finished" in events.text
    assert [json.loads(line)["id"] for line in results] == ["r1", "r2", "r3", "r4"]
    assert document.text.startswith("# Mutual Non-Disclosure Agreement")


# Last: it ends the server.


def test_ctrl_c_ends_it_with_all_its_processes_and_loses_no_draft_in_the_background(server: Served) -> None:
    with httpx2.Client(base_url=server.url, timeout=60) as client:
        begun = client.post("/v1/drafts", json=ASKED, headers={"Prefer": "respond-async"})
    assert begun.status_code == 202

    assert server.stop() == 0, server.err

    assert eventually(lambda: not processes_of(server.folder), limit_s=30), processes_of(server.folder)
    assert "Traceback" not in server.err


# Without a server.


def test_a_port_that_is_taken_is_refused_before_anything_starts(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = run("serve", "--port", str(taken.getsockname()[1]), cwd=tmp_path)

    assert outcome.code == 2
    assert "cannot be listened on" in outcome.err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--proxy", "nginx"], "proxy: 'nginx' is neither default nor haproxy"),
        (["--host", "0.0.0.0"], "there are no keys"),  # noqa: S104 (what is refused)
        (["--replicas", "0"], "'--replicas'"),
    ],
)
def test_what_it_cannot_serve_is_one_sentence(tmp_path: Path, options: list[str], reason: str) -> None:
    outcome = run("serve", *options, cwd=tmp_path)

    assert outcome.code == 2
    assert reason in outcome.err
    assert outcome.err.count("\n") == 1
