"""`/healthz`, `/readyz`, `/v1/status` and `/v1/cache`: whether it lives, whether it works, and its figures."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from actors.cache_key import Scope
from actors.errors import AgentUnavailableError
from actors.messages import LAYERS, Message
from actors.ports import Neighbours
from serve.descriptions import ALWAYS, WITH_BODY, json_request, problems, result
from serve.json_body import Sent, json_body
from serve.routes.callers import Administering, Service, Watching

ANSWER_S = 2.0
"""How long an agent may take to say how it is."""
AGENTS = (*LAYERS, "coordinator", "cache", "monitor")


STATUS = {
    "optimization_active": True,
    "drafts_in_flight": 0,
    "agents": [{"name": "research", "breaker": "closed", "replicas": 1}],
    "unavailable": [],
}


class ClearBody(Message):
    """Which cached answers are dropped: without any field, all of them."""

    tenant: Annotated[str, Field(max_length=64)] | None = None
    version: Annotated[str, Field(max_length=200)] | None = None
    """A version of the corpus."""
    key: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["status"])
    keyed = problems(*ALWAYS)
    add = router.add_api_route
    add("/healthz", health, methods=["GET"])
    add("/readyz", ready, methods=["GET"], responses=problems(503))
    add("/v1/status", status, methods=["GET"], responses={200: result("The figures.", STATUS), **keyed})
    add("/v1/cache", cache, methods=["GET"], responses={200: result("The figures.", {"hits": 3}), **keyed})
    add(
        "/v1/cache/clear",
        clear,
        methods=["POST"],
        response_class=JSONResponse,
        responses={200: result("It is done.", {"deleted_in_redis": 0}), **keyed, **problems(*WITH_BODY)},
        openapi_extra=json_request(ClearBody.model_json_schema(), {"tenant": "acme"}),
    )
    return router


async def health() -> dict[str, str]:
    """Say that this process lives. Nobody else is asked: agents that are away are no reason to restart it."""
    return {"status": "ok"}


async def ready(service: Service) -> dict[str, str]:
    """Say whether drafts can begin: 503 where the coordinator does not answer."""
    await _asked(service.agents, "coordinator", "health")
    return {"status": "ready"}


async def status(caller: Watching, service: Service) -> dict[str, Any]:  # noqa: ARG001 (one with the role)
    """Return the figures of the whole; `null` and `unavailable` tell which agents did not answer in time."""
    asked = {"coordinator": "health", "cache": "stats", "research": "cache_stats", "monitor": "stats"}
    answers = await asyncio.gather(
        *(_asked(service.agents, agent, method) for agent, method in asked.items()), return_exceptions=True
    )
    told = {agent: answer for agent, answer in zip(asked, answers, strict=True) if isinstance(answer, dict)}
    stats = cache_figures(told["cache"], told["research"]) if {"cache", "research"} <= told.keys() else None
    figures = told.get("monitor")
    breakers = None if figures is None else figures["breakers"]
    return {
        "optimization_active": None if stats is None else stats["ttl_seconds"] > 0,
        "drafts_in_flight": told["coordinator"]["drafts_in_flight"] if "coordinator" in told else None,
        "cache_stats": stats,
        "performance_stats": figures,
        "agents": [
            {
                "name": name,
                # A breaker reports its changes, and begins closed.
                "breaker": None if breakers is None else breakers.get(name, "closed"),
                "replicas": service.replicas.get(name, 1),
            }
            for name in AGENTS
        ],
        "unavailable": [agent for agent in asked if agent not in told],
    }


async def cache(caller: Administering, service: Service) -> dict[str, Any]:  # noqa: ARG001 (likewise)
    """Return the figures of the cache of legal research."""
    asking = _asked(service.agents, "cache", "stats"), _asked(service.agents, "research", "cache_stats")
    return cache_figures(*await asyncio.gather(*asking))


async def clear(
    caller: Administering,  # noqa: ARG001 (likewise)
    service: Service,
    sent: Annotated[Sent[ClearBody], Depends(json_body(ClearBody))],
) -> Response:
    """Drop cached answers, from Redis too; say how many Redis deleted."""
    scope = Scope(sent.body.tenant, sent.body.version, sent.body.key)
    try:
        deleted = await service.agents.port("cache").call("clear", scope)
    finally:
        await service.agents.port("research").call("forget")
    return JSONResponse({"deleted_in_redis": deleted})


def cache_figures(shared: dict[str, Any], local: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the cache actor and of the research agent's own memory as one; hits of both are hits."""
    return {**shared, **local, "hits": shared["hits"] + local["local_hits"]}


async def _asked(agents: Neighbours, agent: str, method: str) -> dict[str, Any]:
    """Return what an agent says.

    Raises:
        AgentUnavailableError: It says nothing in time.
    """
    try:
        async with asyncio.timeout(ANSWER_S):
            answer: dict[str, Any] = await agents.port(agent).call(method)
    except TimeoutError as error:
        raise AgentUnavailableError(agent, f"no answer within {ANSWER_S:g} s") from error
    return answer
