"""What a caller is told when something goes wrong: problem details (RFC 9457), by one table."""

import logging
import math
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from actors import errors
from actors.errors import LexrayError
from actors.events import DraftCancelled, DraftFailed
from actors.frames import frames_of
from serve.media_types import PROBLEM
from serve.route_names import route_of

logger = logging.getLogger(__name__)

STATUS: tuple[tuple[type[LexrayError], int], ...] = (
    (errors.UnauthorisedError, 401),
    (errors.ForbiddenError, 403),
    (errors.DraftNotFoundError, 404),
    (errors.BatchNotFoundError, 404),
    (errors.RowNotFoundError, 404),
    (errors.DraftUnfinishedError, 409),
    (errors.RowUnfinishedError, 409),
    (errors.RequestError, 422),
    (errors.OverloadedError, 429),
    (errors.TooManyBatchesError, 429),
    (errors.ModelAnswerError, 502),
    (errors.ModelRefusedError, 502),
    (errors.ModelEndpointError, 502),
    (errors.TransientError, 503),
    (errors.ModelPausedError, 503),
    (errors.BreakerOpenError, 503),
    (errors.DeadlineExceededError, 503),
    (errors.StepFailedError, 503),
    (errors.ResourceMissingError, 503),
    (LexrayError, 500),
)
"""HTTP status by type of error: the first row that fits. Whatever is no `LexrayError` is a defect: 500."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Names the kind of problem; stable."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence. Never repeats a value that was sent."},
        "field": {"type": "string", "description": "What it is about, as a path."},
        "draft_id": {"type": "string"},
        "step": {"type": "string", "description": "The step of the draft that failed."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
                "required": ["field", "reason"],
            },
        },
    },
}

SENTENCES: dict[type[LexrayError], str] = {
    errors.DraftNotFoundError: "there is no such draft",
    errors.DraftConflictError: "Idempotency-Key: it was used for another request",
    errors.BatchNotFoundError: "there is no such batch",
    errors.BatchConflictError: "Idempotency-Key: it was used for other rows or options",
    errors.RowNotFoundError: "this batch has no such row, or has not read so far",
    errors.RowUnfinishedError: "this row has no document: it is {state}",
    errors.TooManyBatchesError: "a tenant may have {limit} batches under way; wait for one to end, or cancel one",
}
"""What is told of errors whose own sentence names what the caller sent."""

SHORTEST_WAIT_S = 1
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"|“([^”]*)”")
_NO_WORD = re.compile(r"\W+")
_FAMILY_NAME = re.compile(r"(?<=[a-z])(?=[A-Z])")


def problem(
    status: int,
    kind: str,
    detail: str,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a response that says what is wrong."""
    return JSONResponse(
        contents(status, kind, detail, more), status, headers=dict(headers or {}), media_type=PROBLEM
    )


def contents(status: int, kind: str, detail: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the members of a problem."""
    return {
        "type": f"urn:lexray:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
    }


def problem_of(error: LexrayError, sent: str = "") -> JSONResponse:
    """Return an error as a response.

    Args:
        error: What was raised.
        sent: The values that the caller sent: none of them comes back.
    """
    kind = kind_of(type(error).__name__)
    return problem(status_of(type(error)), kind, told(error, sent), _fields(error), _headers(error))


def problem_of_http(error: HTTPException) -> JSONResponse:
    """Return a bare status with its sentence as a response."""
    status = HTTPStatus(error.status_code)
    return problem(status, kind_of(status.name.replace("_", "-")), error.detail, headers=error.headers)


def problem_of_draft(draft_id: str, end: DraftFailed | DraftCancelled) -> JSONResponse:
    """Return how a draft ended without a document as a response."""
    if isinstance(end, DraftCancelled):
        return problem(409, "draft-cancelled", "this draft was cancelled", {"draft_id": draft_id})
    more = {"draft_id": draft_id, "step": end.step}
    if end.status == "refused":
        return problem(422, kind_of(end.error), end.message, more)
    status = status_of(_FAMILY.get(end.error))
    headers = {"Retry-After": str(SHORTEST_WAIT_S)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return problem(status, kind_of(end.error), end.message, more, headers)


def status_of(kind: type[BaseException] | None) -> int:
    """Return the HTTP status of a type of error; `None`: none of ours."""
    return next((status for row, status in STATUS if kind and issubclass(kind, row)), 500)


def kind_of(name: str) -> str:
    """Return what the `type` of a problem calls an error: `InvalidInputError` is `invalid-input`."""
    return _FAMILY_NAME.sub("-", name.removesuffix("Error")).lower()


def told(error: LexrayError, sent: str = "") -> str:
    """Return an error as a sentence in which no value stands that the caller sent."""
    sentence = SENTENCES.get(type(error))
    if sentence is not None:
        return sentence.format(**vars(error))
    match error:
        case errors.UnknownDocumentTypeError():
            return f"type: there is no such document type; nearest: {', '.join(error.known)}"
        case errors.UnknownJurisdictionError():
            return f"jurisdiction: it is not known; nearest: {', '.join(error.known)}"
        case errors.RequestError():
            return without(str(error), sent)
    return str(error)


def without(text: str, sent: str) -> str:
    """Return a sentence without the quotations that were sent."""
    known = _folded(sent)

    def replaced(match: re.Match[str]) -> str:
        quoted = _folded(match[0])
        return "the value" if quoted and quoted in known else match[0]

    return _QUOTED.sub(replaced, text)


def install_problems(app: FastAPI) -> None:
    """Have every error of an app answered by the table."""
    app.add_exception_handler(LexrayError, _on_ours)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_parameters)
    app.add_exception_handler(Exception, _on_defect)


def sent_values(request: Request) -> str:
    """Return what the caller sent as values, one a line."""
    body = str(getattr(request.state, "sent", ""))
    return "\n".join((body, *request.query_params.values(), *request.path_params.values()))


async def _on_ours(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, LexrayError):
        raise TypeError(type(error).__name__)
    if status_of(type(error)) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("route=%s failed: %s", route_of(request.scope), type(error).__name__)
    return problem_of(error, sent_values(request))


async def _on_http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise TypeError(type(error).__name__)
    return problem_of_http(error)


async def _on_parameters(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise TypeError(type(error).__name__)
    found = error.errors()
    fields = [path_of(one["loc"][1:]) for one in found]
    return problem_of(errors.InvalidFieldsError(fields, [one["msg"] for one in found], "query"))


async def _on_defect(request: Request, error: Exception) -> JSONResponse:
    logger.error("route=%s failed on a defect of lexray: %s", route_of(request.scope), frames_of(error))
    return problem(500, "defect", "lexray has a defect here; its log has the details")


def path_of(location: Iterable[str | int]) -> str:
    """Return where a value stands: `parties[2].name`."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:80]}" for part in location)
    return path.removeprefix(".") or "body"


def _folded(text: str) -> str:
    return _NO_WORD.sub("", text).casefold()


def _fields(error: LexrayError) -> dict[str, Any]:
    match error:
        case errors.InvalidInputError():
            return {"field": error.field}
        case errors.InvalidFieldsError():
            pairs = zip(error.fields, error.reasons, strict=True)
            return {
                "field": error.fields[0],
                "errors": [{"field": field, "reason": reason} for field, reason in pairs],
            }
    return {}


def _headers(error: LexrayError) -> dict[str, str]:
    if isinstance(error, errors.UnauthorisedError):
        return {"WWW-Authenticate": "Bearer"}
    wait_s = getattr(error, "retry_after_s", 0.0)
    if wait_s or status_of(type(error)) in {429, 503}:
        return {"Retry-After": str(max(SHORTEST_WAIT_S, math.ceil(wait_s)))}
    return {}


def _family(kind: type[LexrayError]) -> dict[str, type[LexrayError]]:
    below = [_family(child) for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return {kind.__name__: kind} | {name: child for family in below for name, child in family.items()}


_FAMILY = _family(LexrayError)
