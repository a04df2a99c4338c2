"""One line for every request: who asked which route, and how it went. No body, query, text or key."""

import logging
import sys
import time
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actors.errors import LexrayError
from actors.frames import frames_of
from serve.access import Access
from serve.leaving import CLIENT_LEFT
from serve.problems import problem
from serve.route_names import route_of

logger = logging.getLogger(__name__)

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class AccessLog:
    """Writes a line when a response has ended.

    It is also the last to meet a defect: a server's own log would show its message.
    """

    def __init__(self, app: ASGIApp, access: Access, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._access, self._clock = app, access, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the request answered, and tell how."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun_s, status = self._clock(), CLIENT_LEFT

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # noqa: BLE001 (the border)
            # The response is cut off where it stands: the server sees that it never ended.
            logger.error("a request failed on a defect of lexray: %s", frames_of(error))  # noqa: TRY400
            if status == CLIENT_LEFT:
                await problem(500, "defect", "lexray has a defect here; its log has the details")(
                    scope, receive, sent
                )
        finally:
            milliseconds = round((self._clock() - begun_s) * 1000)
            logger.info(
                "method=%s route=%s status=%d ms=%d key=%s",
                scope["method"] if scope["method"] in METHODS else "-",
                route_of(scope),
                status,
                milliseconds,
                self._key_id(scope),
            )

    def _key_id(self, scope: Scope) -> str:
        try:
            return self._access.caller(Headers(scope=scope)).key_id or "-"
        except LexrayError:
            return "-"


def write_access_log() -> None:
    """Have the lines written to stderr, unless the process has a log of its own set up."""
    logger.setLevel(logging.INFO)
    if not logger.hasHandlers():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
