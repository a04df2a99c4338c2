"""`/v1/batches`: many drafts at once. Not there yet, and says so."""

from fastapi import APIRouter
from fastapi.responses import Response

from serve.descriptions import ALWAYS, problems
from serve.problems import problem
from serve.routes.callers import Drafting

SENTENCE = "batches over HTTP are not there yet; send drafts one by one, each with Prefer: respond-async"


def create_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1/batches", tags=["batches"], responses=problems(*ALWAYS, 501))
    for path, method, asked in (
        ("", "POST", begin),
        ("/{batch_id}", "GET", tell),
        ("/{batch_id}", "DELETE", cancel),
        ("/{batch_id}/results", "GET", results),
    ):
        router.add_api_route(path, asked, methods=[method], status_code=501, response_class=Response)
    return router


async def begin(caller: Drafting) -> Response:  # noqa: ARG001 (a known one)
    """Begin a batch: not there yet."""
    return problem(501, "not-implemented", SENTENCE)


async def tell(caller: Drafting, batch_id: str) -> Response:  # noqa: ARG001 (likewise)
    """Ask how far a batch is: not there yet."""
    return problem(501, "not-implemented", SENTENCE)


async def cancel(caller: Drafting, batch_id: str) -> Response:  # noqa: ARG001 (likewise)
    """Stop a batch: not there yet."""
    return problem(501, "not-implemented", SENTENCE)


async def results(caller: Drafting, batch_id: str) -> Response:  # noqa: ARG001 (likewise)
    """Fetch the results of a batch: not there yet."""
    return problem(501, "not-implemented", SENTENCE)
