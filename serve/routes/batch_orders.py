"""How a batch is asked for over HTTP: its options, and where a follower goes on."""

import datetime
import re
from typing import Annotated

from fastapi import Depends, Header, Query, Request

from actors import questions
from actors.batches import BatchOptions
from actors.document_files import FORMATS, Format
from actors.errors import BatchNotFoundError, InvalidInputError
from serve.routes.callers import Service

_BATCH_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MARK = re.compile(r"\d{1,9}-[a-z]{1,12}")
ROWS = (
    '{"id": "acme", "message": "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law"}\n'
    '{"id": "zenith", "type": "nda_mutual", "first": "Zenith Ltd", "second": "Beta Labs LLC", "term": "2 years"}\n'
)
"""An example of rows."""


async def batch_options(
    service: Service,
    type: Annotated[  # noqa: A002 (the caller's word)
        str | None, Query(description="Document type of rows that do not say it.")
    ] = None,
    jurisdiction: Annotated[
        str | None, Query(description="Place whose law governs where a row does not say it.")
    ] = None,
    formats: Annotated[str, Query(description="Of `md`, `docx` and `pdf`, separated by commas.")] = "md,docx",
    engine: Annotated[
        str | None, Query(description="`library` or `model`; the deployment's own where it is not given.")
    ] = None,
    as_of: Annotated[
        datetime.date | None, Query(description="Day whose law counts; today by default.")
    ] = None,
) -> BatchOptions:
    """Return what holds for all rows.

    Raises:
        RequestError: Something is not known here.
    """
    if engine not in {None, "library", "model"}:
        raise InvalidInputError("engine", "it is neither library nor model")
    used = engine or service.settings.engine
    if used == "model":
        service.settings.llm.endpoints()  # says what is missing
    return BatchOptions(
        type=questions.known_type(type),
        jurisdiction=questions.known_place(jurisdiction),
        formats=_formats(formats),
        engine="model" if used == "model" else "library",
        as_of=as_of,
    )


async def batch_id(batch_id: str) -> str:
    """Return a batch's id from the path.

    Raises:
        BatchNotFoundError: No batch can have it.
    """
    if not _BATCH_ID.fullmatch(batch_id):
        raise BatchNotFoundError(batch_id)
    return batch_id


async def last_mark(
    request: Request,
    last_event_id: Annotated[  # noqa: ARG001 (here for the API's description)
        str | None,
        Header(description="The `id` of the last event that was seen: the next is another state."),
    ] = None,
) -> str:
    """Return the state that the follower knows; empty for none.

    Raises:
        InvalidInputError: It is no id of ours.
    """
    given = request.headers.get("last-event-id", "")
    if given and not _MARK.fullmatch(given):
        raise InvalidInputError("Last-Event-ID", "it is no id of an event of a batch")
    return given


Options = Annotated[BatchOptions, Depends(batch_options)]
BatchId = Annotated[str, Depends(batch_id)]
Seen = Annotated[str, Depends(last_mark)]


def _formats(text: str) -> tuple[Format, ...]:
    asked = {part.strip().lower() for part in text.split(",") if part.strip()}
    if not asked or not asked <= set(FORMATS):
        raise InvalidInputError("formats", f"give {', '.join(FORMATS)}, or several, separated by commas")
    return tuple(form for form in FORMATS if form in asked)
