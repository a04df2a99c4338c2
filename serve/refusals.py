"""Answers from before the routes, in the form that the address asked would have given itself."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from actors.errors import LexrayError
from serve.openai_face.refusals import response_of
from serve.problems import problem_of, problem_of_http

OPENAI_PATHS = ("/v1/models", "/v1/chat/", "/v1/responses", "/v1/files")


def refusal(scope: Scope, error: LexrayError | HTTPException) -> Response:
    """Return an error as a response: OpenAI's form for its paths, a problem (RFC 9457) for the others."""
    if scope["path"].startswith(OPENAI_PATHS):
        return response_of(error)
    return problem_of(error) if isinstance(error, LexrayError) else problem_of_http(error)
