"""How an answer goes over the wire: as server-sent events or as one body, on an absolute schedule."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from tests.provider.delivery import Delivery, Piece
from tests.provider.request_log import Entry, RequestLog

HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}


class Wire:
    """Sends one answer, and notes in the log when what left."""

    def __init__(self, request: web.Request, entry: Entry, log: RequestLog, *, usage: bool) -> None:
        self._request, self._entry, self._log, self._usage = request, entry, log, usage
        self._id = f"chatcmpl-{entry.id}"
        self._begun = entry.served_at_s or entry.received_at_s

    async def stream(self, answer: Delivery) -> web.StreamResponse:
        """Send server-sent events."""
        await self._pause(answer, -1)
        response = web.StreamResponse(headers={**HEADERS, "x-request-id": self._id})
        await response.prepare(self._request)
        await response.write(self._event({"role": "assistant", "content": ""}))
        at = 0
        while at < len(answer.pieces):
            await self._pause(answer, at)
            await self._until(answer.pieces[at].at_s)
            behind = self._due(answer, at)
            await self._write(response, answer, answer.pieces[at:behind])
            at = behind
        await self._pause(answer, at)
        return await self._ended(response, answer)

    async def whole(self, answer: Delivery) -> web.StreamResponse:
        """Send one body when the last token is due."""
        await self._pause(answer, answer.pause.before if answer.pause else -1)
        await self._until(answer.end_s)
        body = json.dumps(self._completion(answer), ensure_ascii=False).encode(errors="surrogatepass")
        if answer.mangled == "broken":
            body = broken(body)
        headers = {"Content-Type": "application/json", "x-request-id": self._id}
        if answer.ending == "done":
            await self._sent(answer.pieces)
            return web.Response(body=body, headers=headers)
        response = web.StreamResponse(headers=headers)
        response.content_length = len(body)
        await response.prepare(self._request)
        await response.write(body[: len(body) // 2])
        return hung_up(self._request, response)

    async def _until(self, at_s: float) -> None:
        # Against the clock, not step by step: what one wait overshoots, the next makes up for.
        left_s = self._begun + at_s - time.monotonic()
        if left_s > 0:
            await asyncio.sleep(left_s)

    async def _pause(self, answer: Delivery, before: int) -> None:
        if answer.pause is None or answer.pause.before != before:
            return
        if answer.pause.for_s is None:
            await asyncio.Event().wait()
        begun = time.monotonic()
        await asyncio.sleep(answer.pause.for_s or 0.0)
        self._begun += time.monotonic() - begun

    def _due(self, answer: Delivery, at: int) -> int:
        """Return the index behind the pieces that may leave now, in one write with the first of them."""
        now_s, behind = time.monotonic() - self._begun, at + 1
        stop = answer.pause.before if answer.pause and answer.pause.before > at else len(answer.pieces)
        while behind < stop and answer.pieces[behind].at_s <= now_s:
            behind += 1
        return behind

    async def _write(self, response: web.StreamResponse, answer: Delivery, pieces: Sequence[Piece]) -> None:
        data = b"".join(self._event({answer.field: piece.text}) for piece in pieces)
        if answer.mangled == "broken":
            data = broken(data)
        elif answer.mangled == "split":
            head, data = halves(data)
            await response.write(head)
            await asyncio.sleep(0.01)  # the two must not reach the client in one read
        await response.write(data)
        await self._sent(pieces)

    async def _sent(self, pieces: Sequence[Piece]) -> None:
        now_s, first = time.monotonic(), self._entry.first_token_at_s is None
        self._entry.output_tokens += sum(piece.tokens for piece in pieces)
        self._entry.last_token_at_s = now_s
        if first:
            self._entry.first_token_at_s = now_s
            await self._log.changed()

    async def _ended(self, response: web.StreamResponse, answer: Delivery) -> web.StreamResponse:
        if answer.ending == "cut":
            return hung_up(self._request, response)
        if answer.ending == "error_event":
            error = {"message": "The server had an error", "type": "server_error", "code": None}
            await response.write(_sse({"error": error}))
        elif answer.ending == "done":
            await self._until(answer.end_s)
            await response.write(self._event({}, answer.finish) + self._last(answer))
        await response.write_eof()
        return response

    def _last(self, answer: Delivery) -> bytes:
        usage = self._chunk(choices=[], usage=self._usage_of(answer)) if self._usage else None
        return (_sse(usage) if usage else b"") + b"data: [DONE]\n\n"

    def _event(self, delta: dict[str, str], finish: str | None = None) -> bytes:
        return _sse(self._chunk(choices=[{"index": 0, "delta": delta, "finish_reason": finish}]))

    def _chunk(self, **fields: Any) -> dict[str, Any]:
        return {**self._head("chat.completion.chunk"), **fields}

    def _completion(self, answer: Delivery) -> dict[str, Any]:
        message = {"role": "assistant", "content": None, answer.field: answer.text}
        choice = {"index": 0, "message": message, "finish_reason": answer.finish}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage_of(answer)}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self._id, "object": kind, "created": int(time.time()), "model": self._entry.model}

    def _usage_of(self, answer: Delivery) -> dict[str, int]:
        read, said = self._entry.input_tokens, answer.tokens
        return {"prompt_tokens": read, "completion_tokens": said, "total_tokens": read + said}


def hung_up(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Close the connection in the middle of a response; what was written still arrives."""
    if request.transport is not None:
        request.transport.close()
    return response


def reset(request: web.Request) -> web.Response:
    """Reset the connection: no farewell, and what was on its way is lost."""
    transport = request.transport
    assert transport is not None
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    return web.Response()


def halves(data: bytes) -> tuple[bytes, bytes]:
    """Cut in the middle of the first character of several bytes; all in the first half where there is none."""
    at = next((number for number, byte in enumerate(data) if byte >= 0xC0), len(data) - 1) + 1
    return data[:at], data[at:]


def broken(data: bytes) -> bytes:
    """Leave out what follows the first byte of the first character of several bytes."""
    head, tail = halves(data)
    return head + tail.lstrip(bytes(range(0x80, 0xC0)))


def _sse(message: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(message, ensure_ascii=False).encode(errors="replace") + b"\n\n"
