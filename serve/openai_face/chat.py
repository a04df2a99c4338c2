"""`/v1/chat/completions`: a draft as a chat model's answer."""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from actors.document_stream import Cursor
from actors.events import AnyEvent, DraftCancelled, DraftFailed
from actors.messages import DraftRequest, Message
from serve.leaving import while_connected
from serve.openai_face.conversation import said
from serve.openai_face.orders import created_at, request_of
from serve.openai_face.parameters import parameters
from serve.openai_face.refusals import SCHEMA, OpenAIRoute, body_of, body_of_response, response_of_end
from serve.openai_face.streaming import Followed, FrameStream, check_over
from serve.openai_face.telling import Telling, metadata_of, tokens_of
from serve.routes.callers import Drafting, Service
from serve.routes.orders import idempotency_key
from serve.service import DraftService

ONLY_THE_LAST = (
    "Only the last message of the conversation was read; what was said before it is not in this document."
)


class StreamOptions(Message):
    """How a stream shall be."""

    include_usage: bool = False
    """Whether a last chunk tells the tokens used."""
    include_obfuscation: bool = False
    """Taken, and without effect: no chunk is padded."""


class ChatBody(Message):
    """The parameters of a chat completion that have a meaning for a draft."""

    model: str
    """`lexray`, or `lexray-` and a document type."""
    messages: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]
    """The last one, which is the user's, is the request."""
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    metadata: dict[str, str] = {}
    """Options of the draft: `jurisdiction`, `as_of`, `engine`, `facts` (JSON text)."""
    user: Annotated[str, Field(max_length=200)] = ""
    """The session that the draft is noted under."""


def create_router() -> APIRouter:
    """Return the route."""
    router = APIRouter(prefix="/v1", tags=["openai"], route_class=OpenAIRoute)
    router.add_api_route(
        "/chat/completions",
        complete,
        methods=["POST"],
        response_class=Response,
        responses={"4XX": {"content": {"application/json": {"schema": SCHEMA}}}},
    )
    return router


async def complete(
    request: Request,
    caller: Drafting,
    service: Service,
    key: Annotated[str | None, Depends(idempotency_key)],
    body: Annotated[ChatBody, Depends(parameters(ChatBody))],
) -> Response:
    """Draft a document; the answer's text is its Markdown, sections whole and in order.

    `metadata` beside the text tells the draft's id, whether a step was replaced, and how many points are open. A caller
    that leaves stops the draft; `POST /v1/drafts` drafts in the background.
    """
    what = said(body.messages, "messages")
    order = request_of(
        service,
        model=body.model,
        message=what.request,
        field="messages",
        metadata=body.metadata,
        session_id=body.user,
        tenant=caller.tenant,
        key=key,
    )
    answer = _Answer(order, body.model, (ONLY_THE_LAST,) if what.unread else ())
    if not body.stream:
        return await while_connected(request, _completed(service, order, answer))
    followed = await Followed.settled(service.follow(order, Cursor(), live=False))
    if isinstance(followed.end, DraftFailed | DraftCancelled):
        await followed.aclose()
        return response_of_end(order.draft_id, followed.end)
    return FrameStream(followed, _frames(followed, answer, usage=body.stream_options.include_usage))


class _Answer:
    """One completion, or the chunks of one."""

    def __init__(self, order: DraftRequest, model: str, notes: tuple[str, ...]) -> None:
        self.draft_id, self.telling = order.draft_id, Telling(notes)
        self._head = {"id": f"chatcmpl-{order.draft_id}", "created": created_at(order), "model": model}

    def completion(self) -> dict[str, Any]:
        """Return the whole answer."""
        message: dict[str, Any] = {
            "role": "assistant",
            "content": self.telling.text,
            "refusal": None,
            "annotations": [],
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": self._usage(),
            "metadata": metadata_of(self.telling.progress),
        }

    def first(self) -> dict[str, Any]:
        """Return the chunk that says who speaks."""
        return self._chunk({"role": "assistant", "content": ""}, None)

    def told(self, event: AnyEvent) -> dict[str, Any] | None:
        """Return the chunk that an event makes, if it makes one."""
        text = self.telling.take(event)
        return self._chunk({"content": text}, None) if text else None

    def last(self) -> dict[str, Any]:
        """Return the chunk that ends the text."""
        return {**self._chunk({}, "stop"), "metadata": metadata_of(self.telling.progress)}

    def usage(self) -> dict[str, Any]:
        """Return the chunk that tells the tokens."""
        return {**self._head, "object": "chat.completion.chunk", "choices": [], "usage": self._usage()}

    def _chunk(self, delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        return {**self._head, "object": "chat.completion.chunk", "choices": [choice]}

    def _usage(self) -> dict[str, int]:
        read, wrote = tokens_of(self.telling.progress)
        return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


async def _completed(service: DraftService, order: DraftRequest, answer: _Answer) -> Response:
    async with aclosing(service.follow(order, Cursor(), live=False)) as events:
        async for _, event in events:
            answer.told(event)
    check_over(order.draft_id, answer.telling.progress)
    end = answer.telling.progress.end
    if isinstance(end, DraftFailed | DraftCancelled):
        return response_of_end(order.draft_id, end)
    return JSONResponse(answer.completion())


async def _frames(followed: Followed, answer: _Answer, *, usage: bool) -> AsyncGenerator[bytes, None]:
    yield _data(answer.first())
    try:
        async with aclosing(followed.events()) as events:
            async for event in events:
                if (chunk := answer.told(event)) is not None:
                    yield _data(chunk)
        check_over(answer.draft_id, answer.telling.progress)
    except Exception as error:  # noqa: BLE001 (the status is long sent: the stream itself has to tell)
        yield _data(body_of(error))
        return
    for last in _last(answer, usage=usage):
        yield last


def _last(answer: _Answer, *, usage: bool) -> Iterator[bytes]:
    end = answer.telling.progress.end
    if isinstance(end, DraftFailed | DraftCancelled):
        yield _data(body_of_response(response_of_end(answer.draft_id, end)))
        return
    yield _data(answer.last())
    if usage:
        yield _data(answer.usage())
    yield b"data: [DONE]\n\n"


def _data(value: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
