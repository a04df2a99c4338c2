"""`/v1/drafts`: documents drafted, followed, fetched and cancelled."""

import asyncio
import re
import unicodedata
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from actors.document_files import Format, document_bytes
from actors.document_stream import Cursor
from actors.errors import DraftNotFoundError, DraftUnfinishedError, InvalidInputError
from actors.events import DraftFinished
from actors.messages import DraftRequest
from actors.progress import DraftProgress
from actors.report import report_of, title_of
from serve.descriptions import ALWAYS, WITH_BODY, json_request, problems, result, stream
from serve.json_body import Sent, encoded, json_body
from serve.leaving import while_connected
from serve.media_types import DOCX, EVENTS, JSON, MARKDOWN, PDF
from serve.problems import problem_of_draft
from serve.routes.callers import Drafting, Service
from serve.routes.orders import EXAMPLE, DraftBody, idempotency_key, last_event_id, manner_of
from serve.service import RECENT, DraftService
from serve.sse import EventStream

MEDIA_TYPES: dict[Format, str] = {
    "md": f"{MARKDOWN}; charset=utf-8",
    "docx": DOCX,
    "pdf": PDF,
}
SUMMARY = {
    "draft_id": "9d1c1c9c8a9b4d0c8e2f4a6b7c8d9e0f",
    "status": "finished",
    "degraded": False,
    "title": "Mutual Non-Disclosure Agreement",
    "current_layer": "citations",
    "progress_percentage": 100,
}
REPORT = {
    **{key: SUMMARY[key] for key in ("draft_id", "status", "degraded")},
    "document": {"title": SUMMARY["title"], "markdown": "# Mutual Non-Disclosure Agreement"},
    "open_points": [],
    "citations": [],
}
FRAME = 'id: 3-0-0-\nevent: layer.started\ndata: {"seq":3,"type":"layer.started","layer":"research"}\n\n'
_DRAFT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_NAME = 100


async def draft_id(draft_id: str) -> str:
    """Return a draft's id from the path.

    Raises:
        DraftNotFoundError: No draft can have it.
    """
    if not _DRAFT_ID.fullmatch(draft_id):
        raise DraftNotFoundError(draft_id)
    return draft_id


DraftId = Annotated[str, Depends(draft_id)]


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1/drafts", tags=["drafts"], responses=problems(*ALWAYS))
    some = problems(404)
    add = router.add_api_route
    add(
        "",
        begin,
        methods=["POST"],
        response_class=JSONResponse,
        responses={
            200: {
                "description": "The report; or the events, where a stream is asked for.",
                "content": {
                    JSON: {"schema": {"type": "object"}, "example": REPORT},
                    EVENTS: {"schema": {"type": "string"}, "example": FRAME},
                },
            },
            202: result("The draft goes on in the background.", SUMMARY),
            **problems(*WITH_BODY, 409, 502),
        },
        openapi_extra=json_request(DraftBody.model_json_schema(), EXAMPLE),
    )
    add("", recent, methods=["GET"], responses={200: result("The drafts.", {"drafts": [SUMMARY]})})
    add("/{draft_id}", find, methods=["GET"], responses={200: result("The report.", REPORT), **some})
    add("/{draft_id}", cancel, methods=["DELETE"], responses={200: result("The draft.", SUMMARY), **some})
    add(
        "/{draft_id}/events",
        events,
        methods=["GET"],
        response_class=Response,
        responses={
            200: stream("The events."),
            204: {"description": "All were seen."},
            **some,
            **problems(409),
        },
    )
    files = {
        kind.split(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for kind in MEDIA_TYPES.values()
    }
    add(
        "/{draft_id}/document",
        document,
        methods=["GET"],
        response_class=Response,
        responses={200: {"description": "The file.", "content": files}, **some, **problems(409)},
    )
    return router


async def begin(
    request: Request,
    caller: Drafting,
    service: Service,
    key: Annotated[str | None, Depends(idempotency_key)],
    sent: Annotated[Sent[DraftBody], Depends(json_body(DraftBody))],
) -> Response:
    """Draft a document.

    The answer is the finished draft's report; with `stream: true` or `Accept: text/event-stream` its events as they
    happen; with `Prefer: respond-async` the draft's address at once. A caller that leaves before the end stops the
    draft, except in the background; whoever asks again, with the same key or for its events, goes on with it.
    """
    manner = manner_of(request, sent.body)
    facts = sent.document.get("facts")
    order = service.request(sent.body.order, None if facts is None else encoded(facts), caller.tenant, key)
    headers = {"Location": f"/v1/drafts/{order.draft_id}"}
    match manner:
        case "background":
            await service.begin(order)
            state = await service.find(caller.tenant, order.draft_id)
            return JSONResponse(summary(state), 202, {**headers, "Preference-Applied": "respond-async"})
        case "stream":
            return await EventStream.begun(service.follow(order, Cursor()), headers)
        case "result":
            return await while_connected(request, _result(service, order))


async def recent(
    caller: Drafting, service: Service, limit: Annotated[int, Query(ge=1, le=RECENT)] = 20
) -> dict[str, Any]:
    """List this tenant's drafts, those that began last first."""
    return {"drafts": [summary(state) for state in await service.recent(caller.tenant, limit)]}


async def find(caller: Drafting, service: Service, draft_id: DraftId) -> dict[str, Any]:
    """Return a draft's report as far as it has come; `status` is null while it is not over."""
    return report_of(await service.find(caller.tenant, draft_id))


async def cancel(caller: Drafting, service: Service, draft_id: DraftId) -> dict[str, Any]:
    """Stop a draft for good, down to the model's calls. One that is over stays as it is."""
    return summary(await service.cancel(caller.tenant, draft_id))


async def events(
    caller: Drafting,
    service: Service,
    draft_id: DraftId,
    cursor: Annotated[Cursor, Depends(last_event_id)],
) -> Response:
    """Follow a draft: what has happened, then what happens.

    Coming back with `Last-Event-ID` loses and repeats nothing. A draft that stopped because nobody read it goes on. To
    a client that has seen the last event the answer is 204: there is nothing to come back for.
    """
    progress = await service.find(caller.tenant, draft_id)
    if cursor.seq > progress.last_seq:
        raise InvalidInputError("Last-Event-ID", "this draft has no such event")
    if progress.started is None:
        raise DraftNotFoundError(draft_id)
    if progress.end is not None and cursor.seq == progress.end.seq:
        return Response(status_code=204)
    return await EventStream.begun(service.follow(progress.started.request, cursor))


async def document(
    caller: Drafting,
    service: Service,
    draft_id: DraftId,
    form: Annotated[Format, Query(alias="format", description="Which file.")] = "docx",
) -> Response:
    """Return a finished draft's document as a file."""
    progress = await service.find(caller.tenant, draft_id)
    if not isinstance(progress.end, DraftFinished):
        raise DraftUnfinishedError(draft_id, progress.status or "not over")
    content = await asyncio.to_thread(document_bytes, form, progress, report_of(progress))
    names = {"Content-Disposition": attachment(title_of(progress), form)}
    return Response(content, headers=names, media_type=MEDIA_TYPES[form])


def summary(progress: DraftProgress) -> dict[str, Any]:
    """Return a draft in a few words."""
    report = report_of(progress)
    return {
        "draft_id": report["draft_id"],
        "status": report["status"],
        "degraded": report["degraded"],
        "title": report["document"]["title"],
        **report["essential_data"],
        "error": report["error"],
    }


def attachment(title: str, ending: str) -> str:
    """Return a Content-Disposition: a name in plain ASCII, and the whole one for clients that read RFC 5987."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = _NOT_IN_NAMES.sub("-", plain).strip("-")[:_LONGEST_NAME] or "document"
    whole = quote(f"{title[:_LONGEST_NAME]}.{ending}", safe="")
    return f"attachment; filename=\"{name}.{ending}\"; filename*=UTF-8''{whole}"


async def _result(service: DraftService, order: DraftRequest) -> Response:
    progress = await service.finish(order)
    headers = {"Location": f"/v1/drafts/{order.draft_id}"}
    if isinstance(progress.end, DraftFinished):
        return JSONResponse(report_of(progress), headers=headers)
    if progress.end is None:
        raise DraftUnfinishedError(order.draft_id, "not over")
    response = problem_of_draft(order.draft_id, progress.end)
    response.headers.update(headers)
    return response
