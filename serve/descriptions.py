"""What the API's own document (OpenAPI 3.1) says of answers."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from serve.media_types import EVENTS, JSON, PROBLEM
from serve.problems import SCHEMA

Answers = dict[int | str, dict[str, Any]]

ALWAYS = (401, 403, 414, 422, 429, 431, 500, 503)
"""What any route with a key may answer."""
WITH_BODY = (400, 408, 413, 415)

_PROBLEM = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def problems(*statuses: int) -> Answers:
    """Return the description of these problems."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": _PROBLEM} for status in sorted(statuses)
    }


def result(description: str, example: object) -> dict[str, Any]:
    """Return the description of a JSON object, with an example."""
    return {"description": description, "content": {JSON: {"schema": {"type": "object"}, "example": example}}}


def stream(description: str) -> dict[str, Any]:
    """Return the description of a stream of events."""
    return {"description": description, "content": {EVENTS: {"schema": {"type": "string"}}}}


def json_request(schema: dict[str, Any], example: object) -> dict[str, Any]:
    """Return the description of a request with a JSON body."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema, "example": example}}}}


def name_of(route: APIRoute) -> str:
    """Return the id of an operation: `drafts-begin`."""
    return f"{route.tags[0]}-{route.name}" if route.tags else route.name


def describe(app: FastAPI) -> None:
    """Have the app's document hold what several routes refer to."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            made.setdefault("components", {}).setdefault("schemas", {})["Problem"] = SCHEMA
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to extend it
