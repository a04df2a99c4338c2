"""`/` and `/assets`: the page and what it loads. No key is asked for, since nothing of anybody stands in them."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from serve.page.assets import assets, version
from serve.page.html import etag, page

KEPT = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "no-cache"


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", show, methods=["GET", "HEAD"])
    router.add_api_route("/assets/{of_version}/{name}", asset, methods=["GET", "HEAD"])
    return router


async def show(request: Request) -> Response:
    """Return the page."""
    content = await asyncio.to_thread(page)  # the first time, the document types are read from files
    # A 304 says the type too: the policy on content goes by it, and a browser puts a 304 over what it has kept.
    headers = {"Cache-Control": ASKED_EACH_TIME, "ETag": etag(), "Content-Type": "text/html; charset=utf-8"}
    if request.headers.get("if-none-match") == etag():
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers)


async def asset(of_version: str, name: str) -> Response:
    """Return a file of the page.

    Raises:
        HTTPException: There is none of this name.
    """
    found = assets().get(name)
    if found is None:
        raise HTTPException(404)
    # A page from before an update may ask for its old version: it gets today's file, and keeps it for once only.
    kept = KEPT if of_version == version() else ASKED_EACH_TIME
    return Response(found.content, headers={"Cache-Control": kept}, media_type=found.media_type)
