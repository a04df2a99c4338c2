"""What every answer says to a browser: run nothing of others, show it in no frame, keep no copy."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""For HTML: scripts and styles are files of this server, never words within the page."""
OTHER_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For whatever else a browser may be made to show."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TRANSPORT = "max-age=31536000"


class SecurityHeaders:
    """Adds them to every response; one that a route has set itself stays, but for the policy on content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with them."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), over_tls=scope["scheme"] == "https")
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def _add(headers: MutableHeaders, *, over_tls: bool) -> None:
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    is_page = headers.get("content-type", "").startswith("text/html")
    headers["Content-Security-Policy"] = PAGE_POLICY if is_page else OTHER_POLICY
    # Files of the page have an ETag; everything else is somebody's draft.
    if "etag" not in headers:
        headers.setdefault("Cache-Control", "no-store")
    if over_tls:
        headers.setdefault("Strict-Transport-Security", TRANSPORT)
