"""`/v1/responses`: a draft as a response: at once, as a stream that resumes, or in the background."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from actors.document_stream import Cursor
from actors.errors import DraftNotFoundError, InvalidInputError
from actors.events import DraftCancelled, DraftFailed
from actors.messages import DraftRequest, Message
from serve.leaving import while_connected
from serve.openai_face.chat import StreamOptions
from serve.openai_face.conversation import Said, said
from serve.openai_face.orders import request_of
from serve.openai_face.parameters import parameters
from serve.openai_face.refusals import SCHEMA, OpenAIRoute, body_of, response_of_end
from serve.openai_face.response_story import ID_PREFIX, ResponseStory, response_object
from serve.openai_face.streaming import Followed, FrameStream, check_over
from serve.routes.callers import Drafting, Service
from serve.routes.drafts import draft_id
from serve.routes.orders import idempotency_key
from serve.service import DraftService
from serve.sse import frame


class ResponseBody(Message):
    """The parameters of a response that have a meaning for a draft."""

    model: str
    """`lexray`, or `lexray-` and a document type."""
    input: str | Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]
    """The request: a text, or one message of the user."""
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    background: bool = False
    """Whether the draft goes on without a reader."""
    metadata: dict[str, str] = {}
    """Options of the draft: `jurisdiction`, `as_of`, `engine`, `facts` (JSON text)."""
    user: Annotated[str, Field(max_length=200)] = ""
    """The session that the draft is noted under."""


async def response_id(response_id: str) -> str:
    """Return the draft's id of a response's.

    Raises:
        DraftNotFoundError: No draft can have it.
    """
    if not response_id.startswith(ID_PREFIX):
        raise DraftNotFoundError(response_id)
    return await draft_id(response_id.removeprefix(ID_PREFIX))


DraftId = Annotated[str, Depends(response_id)]


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(
        prefix="/v1/responses",
        tags=["openai"],
        route_class=OpenAIRoute,
        responses={"4XX": {"content": {"application/json": {"schema": SCHEMA}}}},
    )
    router.add_api_route("", create, methods=["POST"], response_class=Response)
    router.add_api_route("/{response_id}", retrieve, methods=["GET"], response_class=Response)
    router.add_api_route("/{response_id}/cancel", cancel, methods=["POST"])
    return router


async def create(
    request: Request,
    caller: Drafting,
    service: Service,
    key: Annotated[str | None, Depends(idempotency_key)],
    body: Annotated[ResponseBody, Depends(parameters(ResponseBody))],
) -> Response:
    """Draft a document; the output's text is its Markdown, sections whole and in order.

    A caller that leaves stops the draft, except in the background; whoever comes back for the stream goes on with it.
    """
    order = request_of(
        service,
        model=body.model,
        message=_request_text(body).request,
        field="input",
        metadata=body.metadata,
        session_id=body.user,
        tenant=caller.tenant,
        key=key,
    )
    if body.background:
        await service.begin(order)
    if body.stream:
        return await _streamed(service, order, -1)
    if body.background:
        return JSONResponse(await _found(service, caller.tenant, order.draft_id))
    return await while_connected(request, _completed(service, order))


async def retrieve(
    caller: Drafting,
    service: Service,
    draft_id: DraftId,
    stream: Annotated[bool, Query()] = False,
    starting_after: Annotated[
        int, Query(ge=-1, description="The sequence number of the last event that was seen.")
    ] = -1,
) -> Response:
    """Return a response as it stands; with `stream=true` its events behind one that was seen, to the end.

    A stream goes on with a draft that stopped because nobody read it.
    """
    if not stream:
        return JSONResponse(await _found(service, caller.tenant, draft_id))
    progress = await service.find(caller.tenant, draft_id)
    if progress.started is None:
        raise DraftNotFoundError(draft_id)
    return await _streamed(service, progress.started.request, starting_after)


async def cancel(caller: Drafting, service: Service, draft_id: DraftId) -> dict[str, Any]:
    """Stop a draft for good, down to the model's calls. One that is over stays as it is."""
    await service.cancel(caller.tenant, draft_id)
    return await _found(service, caller.tenant, draft_id)


def _request_text(body: ResponseBody) -> Said:
    """Return the request.

    Raises:
        InvalidInputError: There are earlier turns: a note of it, as a chat has, could not come again on resume.
    """
    if isinstance(body.input, str):
        return Said(body.input, 0)
    messages = [message if "type" in message else {**message, "type": "message"} for message in body.input]
    what = said(messages, "input")
    if what.unread:
        raise InvalidInputError("input", "it must be one message: earlier turns are not read")
    return what


async def _found(service: DraftService, tenant: str, draft_id: str) -> dict[str, Any]:
    """Return a draft as a response; its text once it is over."""
    progress = await service.find(tenant, draft_id)
    if progress.started is None:
        raise DraftNotFoundError(draft_id)
    if progress.end is None:
        return response_object(progress.started.request, progress, "")
    return (await _told(service, progress.started.request)).response()


async def _told(service: DraftService, order: DraftRequest) -> ResponseStory:
    story = ResponseStory(order)
    async with aclosing(service.follow(order, Cursor(), live=False)) as events:
        async for _, event in events:
            story.take(event)
    return story


async def _completed(service: DraftService, order: DraftRequest) -> Response:
    story = await _told(service, order)
    check_over(order.draft_id, story.telling.progress)
    end = story.telling.progress.end
    if isinstance(end, DraftFailed | DraftCancelled):
        return response_of_end(order.draft_id, end)
    return JSONResponse(story.response())


async def _streamed(service: DraftService, order: DraftRequest, seen: int) -> Response:
    # A draft that failed is told by this API's own event: it has a number, like every other.
    followed = await Followed.settled(service.follow(order, Cursor(), live=False))
    return FrameStream(followed, _frames(followed, ResponseStory(order), seen))


async def _frames(followed: Followed, story: ResponseStory, seen: int) -> AsyncGenerator[bytes, None]:
    try:
        async with aclosing(followed.events()) as events:
            async for event in events:
                for told in story.take(event):
                    if told["sequence_number"] > seen:
                        yield frame(told["type"], json.dumps(told, ensure_ascii=False))
        check_over(story.draft_id, story.telling.progress)
    except Exception as error:  # noqa: BLE001 (the status is long sent: the stream itself has to tell)
        yield frame("error", json.dumps(_error_event(error, story.sequence_number)))


def _error_event(error: Exception, number: int) -> dict[str, Any]:
    """Return the event of a stream that broke off; its number is the last one's, from which a client can resume."""
    told = body_of(error)["error"]
    about = {name: told[name] for name in ("code", "message", "param")}
    return {"type": "error", "sequence_number": max(0, number), **about}
