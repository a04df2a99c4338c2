"""Which web pages may ask: the server's own, and those that its settings name."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.refusals import refusal

OUR_NAMES = frozenset(("localhost", "127.0.0.1", "::1"))
OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class OwnPagesOnly:
    """Refuses what a stranger's page makes a browser send.

    A browser names the page in `Origin`; other clients send none. Without keys the address asked must also be a name of
    this machine, the client must be on it, and nobody may have passed the request on: else a page whose name is pointed
    at this machine would be let in as our own, and a reverse proxy would let in the world.

    Args:
        app: Answers the others.
        is_open: Whether there are no keys.
        allowed: Other origins whose pages may ask.
    """

    def __init__(self, app: ASGIApp, is_open: Callable[[], bool], allowed: tuple[str, ...] = ()) -> None:
        self._app, self._is_open, self._allowed = app, is_open, frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        error = self._wrong_with(Headers(scope=scope), scope.get("client"))
        await (refusal(scope, error) if error else self._app)(scope, receive, send)

    def _wrong_with(self, headers: Headers, client: tuple[str, int] | None) -> HTTPException | None:
        origin, host = headers.get("origin"), headers.get("host", "")
        if not (origin is None or origin in self._allowed or _is_of(origin, host)):
            return HTTPException(403, "web pages of other origins may not ask this server")
        if self._is_open() and not (_is_here(client) and _name_in(host) in OUR_NAMES and _is_direct(headers)):
            return HTTPException(
                403,
                "without keys this server answers to its own machine alone; make one with `lexray keys add`",
            )
        return None


def _is_here(client: tuple[str, int] | None) -> bool:
    try:
        # A Unix socket has no address.
        return client is None or not client[0] or ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _is_direct(headers: Headers) -> bool:
    return not any(name in headers for name in OF_PROXIES)


def _is_of(origin: str, host: str) -> bool:
    # Behind a proxy that ends TLS the page's scheme is another than ours.
    return origin.lower() in {f"http://{host}".lower(), f"https://{host}".lower()}


def _name_in(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
