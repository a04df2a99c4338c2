"""`/v1/review` and `/v1/citations`: any document, as JSON or as the file itself."""

import datetime
from collections.abc import Awaitable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from actors import questions
from actors.domain.reading import MAX_FILE_BYTES, read_document
from actors.errors import InvalidInputError
from actors.messages import Message
from serve.descriptions import ALWAYS, WITH_BODY, problems, result
from serve.json_body import json_body, media_type_of, read_bytes
from serve.leaving import while_connected
from serve.media_types import DOCX, JSON, MARKDOWN, PLAIN
from serve.routes.callers import Drafting, Service

FILES = {MARKDOWN: "text.md", PLAIN: "text.txt", DOCX: "document.docx"}
"""What is read besides JSON, each with a name of its kind."""
JSON_LIMIT_BYTES = 8_000_000


class TextBody(Message):
    """A document, and what is known of it."""

    text: Annotated[str, Field(min_length=1)]
    """Markdown or plain text."""
    type: str | None = None
    """Document type: with it, the text is also held against the rules of law."""
    jurisdiction: str | None = None
    """Place whose law governs, as an id (`US-DE`) or a name."""
    as_of: datetime.date | None = None
    """Day whose law counts; today where it is not given."""


REVIEWED = result(
    "What is wrong with it.", {"review": {"findings": []}, "text": "The Receiving Party shall …"}
)
CITED = result("Its citations, each with its state.", {"citations": [], "text": "See 28 U.S.C. § 1331."})

_as_json = json_body(TextBody, JSON_LIMIT_BYTES)


async def sent_text(
    request: Request,
    type: Annotated[str | None, Query(description="With a file: its document type.")] = None,  # noqa: A002
    jurisdiction: Annotated[
        str | None, Query(description="With a file: the place whose law governs.")
    ] = None,
    as_of: Annotated[
        datetime.date | None, Query(description="With a file: the day whose law counts.")
    ] = None,
) -> TextBody:
    """Return the document that was sent, with plain line ends.

    Raises:
        InvalidInputError: It is not a text that can be read, or says things twice.
    """
    kind = media_type_of(request)
    if kind in FILES:
        text = read_document(FILES[kind], await read_bytes(request, MAX_FILE_BYTES, *FILES))
        return TextBody(text=text, type=type, jurisdiction=jurisdiction, as_of=as_of)
    body = (await _as_json(request)).body
    if any(given is not None for given in (type, jurisdiction, as_of)):
        raise InvalidInputError("query", "beside a JSON body it is not read; put it into the body")
    return body.model_copy(update={"text": read_document("text", body.text.encode())})


SentText = Annotated[TextBody, Depends(sent_text)]


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1", tags=["texts"], responses=problems(*ALWAYS, *WITH_BODY))
    for path, asked, told in (("/review", review, REVIEWED), ("/citations", cite, CITED)):
        router.add_api_route(
            path,
            asked,
            methods=["POST"],
            response_class=JSONResponse,
            responses={200: told},
            openapi_extra=_body(),
        )
    return router


async def review(request: Request, caller: Drafting, service: Service, sent: SentText) -> Response:
    """Review a document: what is wrong with it, and with `type` what the rules of law say. Offsets are into `text`."""
    known = questions.known_type(sent.type), questions.known_place(sent.jurisdiction)
    as_of = sent.as_of or service.today()
    asking = questions.review(service.agents, service.hop(caller.tenant), sent.text, *known, as_of)
    return await while_connected(request, _answer(asking, sent.text))


async def cite(request: Request, caller: Drafting, service: Service, sent: SentText) -> Response:
    """Check every citation of a document against the law that is held. Offsets are into `text`."""
    as_of = sent.as_of or service.today()
    asking = questions.cite(service.agents, service.hop(caller.tenant), sent.text, as_of)
    return await while_connected(request, _answer(asking, sent.text))


async def _answer(asking: Awaitable[dict[str, Any]], text: str) -> Response:
    return JSONResponse({**await asking, "text": text})


def _body() -> dict[str, Any]:
    example = {"text": "The Receiving Party shall keep it secret for two (3) years.", "type": "nda_mutual"}
    files = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILES}
    as_json = {"schema": TextBody.model_json_schema(), "example": example}
    return {"requestBody": {"required": True, "content": {JSON: as_json, **files}}}
