"""What a request may measure, checked before anybody works for it."""

import asyncio
from collections.abc import Mapping

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
        streamed_bytes: By path, the largest body where it goes to disk as it comes. It may take as long as it takes,
            as long as it does not rest.
    """

    def __init__(
        self,
        app: ASGIApp,
        body_bytes: int,
        header_bytes: int,
        header_fields: int,
        streamed_bytes: Mapping[str, int] | None = None,
    ) -> None:
        self._app = app
        self._body_bytes, self._header_bytes, self._header_fields = body_bytes, header_bytes, header_fields
        self._streamed_bytes = streamed_bytes or {}

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
            await self._app(scope, self._counted(scope, receive), sent)
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
        told = [value for name, value in fields if name == b"content-length"]
        return self._wrong_with_length(told, self._limit_bytes(scope))

    def _limit_bytes(self, scope: Scope) -> int:
        return self._streamed_bytes.get(scope["path"], self._body_bytes)

    def _wrong_with_length(self, told: list[bytes], limit_bytes: int) -> HTTPException | None:
        if not told:
            return None
        if len(told) > 1 or not told[0].isdigit():
            return HTTPException(400, "Content-Length is not one number")
        return too_large(limit_bytes) if int(told[0][:20]) > limit_bytes else None

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        limit_bytes, is_streamed = self._limit_bytes(scope), scope["path"] in self._streamed_bytes
        read, deadline_s, complete = 0, 0.0, False

        async def counted() -> Message:
            nonlocal read, deadline_s, complete
            if complete:
                return await receive()  # waits for the client to leave
            if is_streamed or not deadline_s:
                deadline_s = asyncio.get_running_loop().time() + READING_S
            try:
                async with asyncio.timeout_at(deadline_s):
                    message = await receive()
            except TimeoutError as error:
                raise BodyRefusedError(408, f"the body did not arrive within {READING_S:g} s") from error
            read += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if read > limit_bytes:
                raise too_large(limit_bytes)
            return message

        return counted


def too_large(limit_bytes: int) -> BodyRefusedError:
    """Return what is said of a body that is larger than it may be."""
    return BodyRefusedError(413, f"the body is larger than {limit_bytes:,} bytes")
