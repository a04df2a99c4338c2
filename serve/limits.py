"""What a request may measure, checked before anybody works for it."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.json_body import READING_S
from serve.refusals import refusal

LONGEST_PATH = 2_048
"""Bytes of an address before its query."""


class BodyRefusedError(HTTPException):
    """A body is too large, or takes too long to arrive; raised where it is read."""


class RequestLimits:
    """Refuses requests that are too large: their address, their header fields, their body.

    Args:
        app: Answers the others.
        body_bytes: Largest body; a route may take less.
        header_bytes: All header fields and the address together.
        header_fields: Number of header fields.
    """

    def __init__(self, app: ASGIApp, body_bytes: int, header_bytes: int, header_fields: int) -> None:
        self._app = app
        self._body_bytes, self._header_bytes, self._header_fields = body_bytes, header_bytes, header_fields

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on with a body that cannot outgrow its limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif (error := self._wrong_with(scope)) is not None:
            await refusal(scope, error)(scope, receive, send)
        else:
            await self._passed(scope, receive, send)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, self._counted(receive), sent)
        except BodyRefusedError as error:
            # The routes answer it themselves; other apps let it through.
            if begun:
                raise
            await refusal(scope, error)(scope, receive, send)

    def _wrong_with(self, scope: Scope) -> HTTPException | None:
        # Not `path`: an address of three bytes for one sign would count as one.
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        fields = scope["headers"]
        if len(path) > LONGEST_PATH:
            return HTTPException(414, f"the address is longer than {LONGEST_PATH:,} bytes")
        if len(fields) > self._header_fields:
            return HTTPException(431, f"there are more than {self._header_fields} header fields")
        size = len(path) + len(scope["query_string"]) + sum(len(name) + len(value) for name, value in fields)
        if size > self._header_bytes:
            return HTTPException(
                431, f"address and header fields are larger than {self._header_bytes:,} bytes"
            )
        return self._wrong_with_length([value for name, value in fields if name == b"content-length"])

    def _wrong_with_length(self, told: list[bytes]) -> HTTPException | None:
        if not told:
            return None
        if len(told) > 1 or not told[0].isdigit():
            return HTTPException(400, "Content-Length is not one number")
        return self._too_large() if int(told[0][:20]) > self._body_bytes else None

    def _counted(self, receive: Receive) -> Receive:
        read, deadline_s, complete = 0, 0.0, False

        async def counted() -> Message:
            nonlocal read, deadline_s, complete
            if complete:
                return await receive()  # waits for the client to leave
            deadline_s = deadline_s or asyncio.get_running_loop().time() + READING_S
            try:
                async with asyncio.timeout_at(deadline_s):
                    message = await receive()
            except TimeoutError as error:
                raise BodyRefusedError(408, f"the body did not arrive within {READING_S:g} s") from error
            read += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if read > self._body_bytes:
                raise self._too_large()
            return message

        return counted

    def _too_large(self) -> BodyRefusedError:
        return BodyRefusedError(413, f"the body is larger than {self._body_bytes:,} bytes")
