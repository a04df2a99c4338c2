"""The application as a cluster runs it: it starts the agents that it needs, and is replaced while drafts are told."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import ray
from ray import serve

from actors.config import Settings
from actors.errors import AgentUnavailableError
from actors.remote import RemoteAgent
from actors.serve_settings import ServeSettings
from cluster import detached
from cluster.commands.serve import quieten
from cluster.haproxy import free_port
from cluster.ray_session import namespace
from serve.app import NAME, BuildArguments, application
from tests.integration.model_drafting import profiles
from tests.integration.model_drafting import settings as modelled
from tests.integration.test_http_api import Event, complete_of, events_of, stream_of, text_of
from tests.provider.process import Provider, running_provider

MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
BY_MODEL = {"message": MESSAGE, "engine": "model", "stream": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        profiles(running)
        yield running


@pytest.fixture(scope="module")
def settings(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    changes = {"home": tmp_path_factory.mktemp("home"), "serve": ServeSettings()}
    return modelled(provider).model_copy(update=changes)


def deploy(settings: Settings, **changes: Any) -> None:
    """Deploy, or replace what is deployed: other settings are other replicas."""
    changed = settings.model_copy(update={"serve": settings.serve.model_copy(update=changes)})
    serve.run(application(BuildArguments(), changed), name=NAME)


@pytest.fixture(scope="module")
def url(local_ray: None, settings: Settings) -> Iterator[str]:
    quieten()
    port = free_port()
    serve.start(http_options={"host": "127.0.0.1", "port": port}, proxy_location="HeadOnly")
    quieten()
    deploy(settings)
    yield f"http://127.0.0.1:{port}"
    serve.shutdown()
    detached.stop(settings)


async def test_where_no_agents_run_the_application_starts_them(url: str) -> None:
    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        response = await client.post("/v1/drafts", json={"message": MESSAGE})

    assert response.json()["status"] == "finished", response.text
    assert await RemoteAgent("coordinator", namespace()).health()


async def test_what_is_deployed_again_finds_the_agents_that_run(url: str, settings: Settings) -> None:
    before = (await RemoteAgent("coordinator", namespace()).health())["actor_id"]

    assert detached.ensure(settings) == namespace()

    assert (await RemoteAgent("coordinator", namespace()).health())["actor_id"] == before


async def test_there_are_two_replicas_unless_told_otherwise(url: str) -> None:
    deployments = serve.status().applications[NAME].deployments
    assert {name: deployed.replica_states for name, deployed in deployments.items()} == {
        "api": {"RUNNING": 2}
    }


async def test_a_redeploy_in_the_midst_of_a_stream_loses_no_word_and_asks_no_model_twice(
    url: str, settings: Settings, provider: Provider
) -> None:
    provider.profile(
        "writer",
        says="marked",
        pattern=r"<<<DATA \w+ approved wording[^\n]*\n(.*?)\nDATA \w+>>>",
        total_s=10.0,
        events=20,
    )
    events: list[Event] = []
    async with httpx2.AsyncClient(base_url=url, timeout=120) as client:
        async with client.stream("POST", "/v1/drafts", json=BY_MODEL) as response:
            draft = response.headers["location"]
            redeploying = None
            async for event in events_of(response):
                events.append(event)
                if event[1]["type"] == "token" and redeploying is None:
                    redeploying = asyncio.create_task(asyncio.to_thread(deploy, settings, retry_after_s=2))
        assert redeploying is not None
        cut = events.pop()
        assert cut[1]["type"] == "urn:lexray:problem:server-leaving", cut
        while not events[-1][1]["type"].startswith(("draft.finished", "draft.failed")):
            events += await stream_of(client, draft, after=events[-1][0])
        await redeploying

    assert text_of(events) == complete_of(events)
    parts = [entry["task"] for entry in provider.log() if entry["model"] == "writer"]
    assert parts
    assert len(parts) == len(set(parts)), "a part was written twice"


async def test_a_draft_in_the_background_does_not_notice_a_redeploy(
    url: str, settings: Settings, provider: Provider
) -> None:
    async with httpx2.AsyncClient(base_url=url, timeout=120) as client:
        order = {**BY_MODEL, "stream": False}
        begun = await client.post("/v1/drafts", json=order, headers={"Prefer": "respond-async"})
        await asyncio.to_thread(deploy, settings, retry_after_s=3)
        report: dict[str, Any] = {"status": None}
        while not report["status"]:
            await asyncio.sleep(0.5)
            report = (await client.get(begun.headers["location"])).json()

    assert (report["status"], report["degraded"]) == ("finished", False)


async def test_a_coordinator_that_is_replaced_is_found_again(url: str, settings: Settings) -> None:
    ray.kill(RemoteAgent("coordinator", namespace()).handle)
    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        away = await client.get("/readyz")
        with pytest.raises(AgentUnavailableError):
            await RemoteAgent("coordinator", namespace()).health()
        detached.ensure(settings)
        for _ in range(120):
            if (back := await client.get("/readyz")).status_code == 200:
                break
            await asyncio.sleep(0.5)

    assert away.status_code == 503
    assert back.json() == {"status": "ready"}
