"""What every route asks for first: who calls, whether it may, and the service."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from actors.errors import ForbiddenError
from serve.access import Access, Caller, Role
from serve.service import DraftService


async def service_of(request: Request) -> DraftService:
    """Return the service of the app."""
    service: DraftService = request.app.state.service
    return service


def caller_of(request: Request) -> Caller:
    """Return who calls.

    Raises:
        UnauthorisedError: Nobody known.
    """
    access: Access = request.app.state.access
    return access.caller(request.headers)


def with_role(*roles: Role) -> Callable[[Request], Awaitable[Caller]]:
    """Return a dependency: a caller with one of these roles.

    Raises:
        ForbiddenError: It has none of them.
    """

    # Async: FastAPI would send it to a thread, which costs more than it does.
    async def check(request: Request) -> Caller:
        caller = caller_of(request)
        if caller.roles.isdisjoint(roles):
            raise ForbiddenError(roles[0])
        return caller

    return check


Service = Annotated[DraftService, Depends(service_of)]
Drafting = Annotated[Caller, Depends(with_role("draft"))]
Watching = Annotated[Caller, Depends(with_role("metrics", "admin"))]
Administering = Annotated[Caller, Depends(with_role("admin"))]
