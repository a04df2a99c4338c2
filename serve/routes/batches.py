"""`/v1/batches`: rows in, documents out, in the background and behind whoever waits for a single draft."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from actors.batches import BatchDocument, BatchOrder, BatchState
from actors.document_files import Format
from actors.ports import AgentPort, Parcel
from serve.batch_upload import uploaded
from serve.descriptions import ALWAYS, WITH_BODY, problems, result, stream
from serve.json_lines import JsonLines
from serve.media_types import JSONL, NDJSON
from serve.routes.batch_orders import ROWS, BatchId, Options, Seen
from serve.routes.callers import Drafting, Service
from serve.routes.drafts import MEDIA_TYPES, attachment
from serve.routes.orders import idempotency_key
from serve.service import RECENT, DraftService, keyed_id
from serve.sse import EventStream

STATE = {
    "batch_id": "9d1c1c9c8a9b4d0c8e2f4a6b7c8d9e0f",
    "status": "running",
    "created": "2026-11-22T12:00:00Z",
    "ended": None,
    "options": {
        "type": None,
        "jurisdiction": "US-DE",
        "formats": ["md", "docx"],
        "engine": "library",
        "as_of": None,
    },
    "counts": {"total": 1000, "finished": 412, "degraded": 0, "failed": 3, "in_flight": 8},
    "rate_per_s": 9.8,
    "left_s": 59.7,
    "cost": 0.0,
    "reason": None,
    "problems": [
        {
            "number": 7,
            "place": "line 7",
            "reason": "message: the row has neither a message nor a document type",
        }
    ],
}
RESULT = (
    '{"id": "acme", "number": 1, "status": "finished", "title": "Mutual Non-Disclosure Agreement", '
    '"files": ["/v1/batches/9d1c1c9c8a9b4d0c8e2f4a6b7c8d9e0f/documents/acme?format=md"]}\n'
)
FAILURE = (
    '{"id": "7", "number": 7, "place": "line 7", "reason": "message: …", "attempts": 1, "row": {"id": "7"}}\n'
)


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1/batches", tags=["batches"], responses=problems(*ALWAYS))
    some = problems(404)
    add = router.add_api_route
    add(
        "",
        begin,
        methods=["POST"],
        status_code=202,
        response_class=JSONResponse,
        responses={202: result("The batch is taken.", STATE), **problems(*WITH_BODY)},
        openapi_extra=_rows(),
    )
    add("", recent, methods=["GET"], responses={200: result("The batches.", {"batches": [STATE]})})
    add("/{batch_id}", find, methods=["GET"], responses={200: result("The batch.", STATE), **some})
    stopped = {200: result("The batch.", STATE), **some}
    add("/{batch_id}/cancel", cancel, methods=["POST"], responses=stopped)
    add("/{batch_id}", cancel, methods=["DELETE"], name="stop", responses=stopped)
    add(
        "/{batch_id}/events",
        events,
        methods=["GET"],
        response_class=Response,
        responses={200: stream("The events."), 204: {"description": "The end was seen."}, **some},
    )
    for path, asked, lines in (("results", results, RESULT), ("failures", failures, FAILURE)):
        content = {NDJSON: {"schema": {"type": "string"}, "example": lines}}
        add(
            f"/{{batch_id}}/{path}",
            asked,
            methods=["GET"],
            response_class=Response,
            responses={200: {"description": "A line for each row.", "content": content}, **some},
        )
    files = {
        kind.split(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for kind in MEDIA_TYPES.values()
    }
    add(
        "/{batch_id}/documents/{row_id}",
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
    options: Options,
    key: Annotated[str | None, Depends(idempotency_key)],
) -> Response:
    """Draft a document for each row: a JSON object a line, with the columns of `lexray bulk`.

    The answer comes when all rows are on disk and the first thousand were looked at: where none of them can be drafted,
    nothing begins; else bad rows cost no other row and stand in the failures. The same key with the same rows and
    options is the same batch.
    """
    order = BatchOrder(
        tenant=caller.tenant,
        batch_id=uuid.uuid4().hex if key is None else keyed_id(caller.tenant, key),
        options=options,
        today=service.today(),
    )
    state = await uploaded(request, _agent(service), order, service.settings.serve.batch_bytes)
    return JSONResponse(told(state), 202, {"Location": address(state.batch_id)})


async def recent(
    caller: Drafting, service: Service, limit: Annotated[int, Query(ge=1, le=RECENT)] = 20
) -> dict[str, Any]:
    """List this tenant's batches, the newest first."""
    states: list[BatchState] = await _agent(service).call("recent", caller.tenant, limit)
    return {"batches": [told(state) for state in states]}


async def find(caller: Drafting, service: Service, batch_id: BatchId) -> dict[str, Any]:
    """Tell how far a batch is. `status`: waiting, running, cancelling, cancelled, finished or failed."""
    return told(await _agent(service).call("state", caller.tenant, batch_id))


async def cancel(caller: Drafting, service: Service, batch_id: BatchId) -> dict[str, Any]:
    """Hand out no more rows. Those under way are finished; what is done stays. One that is over stays as it is."""
    return told(await _agent(service).call("cancel", caller.tenant, batch_id))


async def events(caller: Drafting, service: Service, batch_id: BatchId, seen: Seen) -> Response:
    """Follow a batch: `batch.progress` with its whole state when that has changed, and last how it ended.

    States are not repeated to a client that comes back with `Last-Event-ID`; to one that has seen the end it is 204.
    """
    agent = _agent(service)
    state: BatchState = await agent.call("state", caller.tenant, batch_id)
    if state.is_over and state.mark == seen:
        return Response(status_code=204)
    return await EventStream.begun(_followed(agent, caller.tenant, batch_id, seen))


async def results(caller: Drafting, service: Service, batch_id: BatchId) -> Response:
    """Return a line for each document so far, in the order of the rows: `results.jsonl` of `lexray bulk`."""
    agent = _agent(service)
    return await _lines(agent.stream("results", caller.tenant, batch_id, address(batch_id)))


async def failures(caller: Drafting, service: Service, batch_id: BatchId) -> Response:
    """Return a line for each row so far that cannot be drafted, with the reason and the row itself."""
    return await _lines(_agent(service).stream("failures", caller.tenant, batch_id))


async def document(
    caller: Drafting,
    service: Service,
    batch_id: BatchId,
    row_id: str,
    form: Annotated[Format, Query(alias="format", description="Which file.")] = "docx",
) -> Response:
    """Return a row's document as a file."""
    found: BatchDocument = await _agent(service).call("document", caller.tenant, batch_id, row_id, form)
    names = {"Content-Disposition": attachment(f"{row_id} {found.title}", form)}
    return Response(found.content, headers=names, media_type=MEDIA_TYPES[form])


class BatchEvent(BatchState):
    """A batch's state, as an event."""

    type: str
    """`batch.progress`, or how it ended: `batch.finished`, `batch.cancelled`, `batch.failed`."""


def told(state: BatchState) -> dict[str, Any]:
    """Return a batch as callers see it."""
    return state.model_dump(mode="json")


def address(batch_id: str) -> str:
    """Return where a batch is asked for."""
    return f"/v1/batches/{batch_id}"


def _agent(service: DraftService) -> AgentPort:
    return service.agents.port("batches")


async def _followed(
    agent: AgentPort, tenant: str, batch_id: str, seen: str
) -> AsyncGenerator[tuple[object, BatchEvent], None]:
    async with aclosing(agent.stream("follow", tenant, batch_id, seen)) as states:
        async for parcel in states:
            state: BatchState = await parcel.open()
            name = f"batch.{state.status if state.is_over else 'progress'}"
            yield state.mark, BatchEvent(type=name, **dict(state))


async def _lines(pieces: AsyncGenerator[Parcel, None]) -> Response:
    return await JsonLines.begun(_opened(pieces))


async def _opened(parcels: AsyncGenerator[Parcel, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(parcels) as pieces:
        async for parcel in pieces:
            yield await parcel.open()


def _rows() -> dict[str, Any]:
    lines = {"schema": {"type": "string", "description": "A JSON object a line."}, "example": ROWS}
    return {"requestBody": {"required": True, "content": {NDJSON: lines, JSONL: lines}}}
