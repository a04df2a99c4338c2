"""What Ray Serve's own proxy must do before it reads a request: it alone is early enough."""

import re

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

OVERRIDES = frozenset((b"x-request-timeout-seconds", b"x-request-disconnect-disabled"))
"""By these a client would switch off Serve's time limit, or its notice that the client has left."""
REQUEST_ID = b"x-request-id"
_PLAIN_ID = re.compile(rb"[0-9A-Fa-f-]{16,64}")
"""A UUID, or another run of hexadecimal digits: nothing that could be a name."""


class WithoutOverrides:
    """Takes from a request the header fields that steer Serve itself, and a request id that might be words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without them."""
        if "headers" in scope:
            # In place: whoever holds this request's scope outside shall not see them either.
            scope["headers"] = [(name, value) for name, value in scope["headers"] if _may_stay(name, value)]
        await self._app(scope, receive, send)


def middlewares() -> list[Middleware]:
    """Return what Serve's proxy puts around itself; `RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH` names this."""
    return [Middleware(WithoutOverrides)]


def _may_stay(name: bytes, value: bytes) -> bool:
    # Serve sends a request id back and writes it into its log: words have no place there.
    return name not in OVERRIDES and (name != REQUEST_ID or _PLAIN_ID.fullmatch(value) is not None)
