"""`/v1/types` and `/v1/law/search`: what can be drafted, and the law that is held."""

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from actors import questions
from actors.messages import Message
from serve.descriptions import ALWAYS, WITH_BODY, json_request, problems, result
from serve.json_body import Sent, json_body
from serve.leaving import while_connected
from serve.routes.callers import Drafting, Service


class SearchBody(Message):
    """A question for law."""

    query: Annotated[str, Field(min_length=1, max_length=2_000)]
    """Free words."""
    jurisdiction: str | None = None
    """Place whose law is asked for, as an id (`US-DE`) or a name."""
    type: str | None = None
    """Document type that the law is for."""
    as_of: datetime.date | None = None
    """Day whose law counts; today where it is not given."""
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    """The most authorities."""


EXAMPLE = {"query": "non-compete after employment", "jurisdiction": "US-CA", "limit": 5}
FOUND = {
    "id": "ca-16600",
    "citation": "Cal. Bus. & Prof. Code § 16600",
    "jurisdiction": "US-CA",
    "score": 0.9,
}


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1", tags=["law"], responses=problems(*ALWAYS))
    told = result("The types.", {"types": [{"id": "nda_mutual", "title": "Mutual Non-Disclosure Agreement"}]})
    found = result("The authorities.", {"authorities": [FOUND], "as_of": "2026-11-22"})
    router.add_api_route("/types", types, methods=["GET"], responses={200: told})
    router.add_api_route(
        "/law/search",
        search,
        methods=["POST"],
        response_class=JSONResponse,
        responses={200: found, **problems(*WITH_BODY)},
        openapi_extra=json_request(SearchBody.model_json_schema(), EXAMPLE),
    )
    return router


async def types(caller: Drafting) -> dict[str, Any]:  # noqa: ARG001 (a known one)
    """List the document types, each with the parties, facts and options that it knows."""
    return {"types": questions.types()}


async def search(
    request: Request,
    caller: Drafting,
    service: Service,
    sent: Annotated[Sent[SearchBody], Depends(json_body(SearchBody))],
) -> Response:
    """Search the law in free words; the best answers come first."""
    asked = sent.body
    as_of = asked.as_of or service.today()
    query = questions.search_query(asked.query, asked.jurisdiction, asked.type, as_of, asked.limit)

    async def answer() -> Response:
        found = await questions.search(service.agents, service.hop(caller.tenant), query)
        return JSONResponse({"authorities": found, "as_of": as_of.isoformat()})

    return await while_connected(request, answer())
