"""Errors in the shape of OpenAI's API, for its routes only; status and words come from the table of all routes."""

import json
import logging
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.requests import Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from actors.errors import LexrayError
from actors.events import DraftCancelled, DraftFailed
from serve.problems import path_of, problem_of, problem_of_draft, sent_values

logger = logging.getLogger(__name__)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string", "description": "Never repeats a value that was sent."},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"], "description": "The parameter that it is about."},
                "code": {"type": ["string", "null"], "description": "Names the kind of error; stable."},
            },
        }
    },
}

_TYPES = {
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
}
DEFECT = "lexray has a defect here; its log has the details"


class RefusalError(HTTPException):
    """A request that this face does not take, in the words of OpenAI's API."""

    def __init__(self, status: int, message: str, param: str | None, code: str) -> None:
        super().__init__(status, message)
        self.param, self.code = param, code


class OpenAIRoute(APIRoute):
    """A route whose errors have OpenAI's shape."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with its errors answered."""
        handler = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handler(request)
            except Exception as error:  # noqa: BLE001 (the border: every error becomes an answer)
                return response_of(error, sent_values(request))

        return answered


def response_of(error: Exception, sent: str = "") -> JSONResponse:
    """Return an error as a response.

    Args:
        error: What was raised.
        sent: The values that the caller sent: none of them comes back.
    """
    match error:
        case RefusalError():
            body = error_body(error.status_code, error.detail, error.code, error.param)
            return JSONResponse(body, error.status_code)
        case HTTPException():
            code = HTTPStatus(error.status_code).name.lower()
            return JSONResponse(
                error_body(error.status_code, error.detail, code), error.status_code, error.headers
            )
        case RequestValidationError():
            wrong = [(path_of(one["loc"][1:]), one["msg"]) for one in error.errors()]
            message = "; ".join(f"{field}: {reason}" for field, reason in wrong)
            return JSONResponse(error_body(400, message, "invalid_fields", wrong[0][0]), 400)
        case LexrayError():
            logger.info("a request was answered with %s", type(error).__name__)
            return _reshaped(problem_of(error, sent))
    logger.error("a request failed on a defect of lexray: %s", type(error).__name__)
    return JSONResponse(error_body(500, DEFECT, "defect"), 500)


def response_of_end(draft_id: str, end: DraftFailed | DraftCancelled) -> JSONResponse:
    """Return how a draft ended without a document as a response."""
    return _reshaped(problem_of_draft(draft_id, end))


def body_of(error: Exception) -> dict[str, Any]:
    """Return an error as the body alone: for a stream, whose status is long sent."""
    return body_of_response(response_of(error))


def body_of_response(response: JSONResponse) -> dict[str, Any]:
    """Return the body of an answer as JSON values."""
    body: dict[str, Any] = json.loads(bytes(response.body))
    return body


def error_body(status: int, message: str, code: str | None, param: str | None = None) -> dict[str, Any]:
    """Return the members of an error."""
    default = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR.value else "invalid_request_error"
    kind = _TYPES.get(HTTPStatus(status), default)
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _reshaped(problem: JSONResponse) -> JSONResponse:
    """Return a problem (RFC 9457) in this shape. What is 422 there is 400 here: clients know it as a bad request."""
    told = json.loads(bytes(problem.body))
    code = told["type"].rpartition(":")[2].replace("-", "_")
    status = 400 if problem.status_code == HTTPStatus.UNPROCESSABLE_ENTITY else problem.status_code
    headers = {
        name: problem.headers[name] for name in ("retry-after", "www-authenticate") if name in problem.headers
    }
    return JSONResponse(error_body(status, told["detail"], code, told.get("field")), status, headers)
