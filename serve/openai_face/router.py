"""All routes of this face."""

from typing import Any

from fastapi import APIRouter

from serve.openai_face import chat, responses
from serve.openai_face.model_names import described, model_names
from serve.openai_face.refusals import SCHEMA, OpenAIRoute
from serve.routes.callers import Drafting


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter()
    router.include_router(_models())
    router.include_router(chat.create_router())
    router.include_router(responses.create_router())
    return router


def _models() -> APIRouter:
    router = APIRouter(
        prefix="/v1/models",
        tags=["openai"],
        route_class=OpenAIRoute,
        responses={"4XX": {"content": {"application/json": {"schema": SCHEMA}}}},
    )
    router.add_api_route("", models, methods=["GET"])
    router.add_api_route("/{model}", model, methods=["GET"])
    return router


async def models(caller: Drafting) -> dict[str, Any]:  # noqa: ARG001 (no list without a key)
    """List the models: one for every document type, and one for all."""
    return {"object": "list", "data": [described(name) for name in model_names()]}


async def model(caller: Drafting, model: str) -> dict[str, Any]:  # noqa: ARG001 (likewise)
    """Return one model."""
    return described(model)
