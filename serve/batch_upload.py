"""A batch's rows on their way from the client to the batches agent: piece by piece, never whole in memory."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from actors.batches import BatchOrder, BatchState
from actors.errors import LexrayError
from actors.ports import AgentPort
from serve.json_body import check_content
from serve.limits import too_large
from serve.media_types import JSONL, NDJSON

PIECE_BYTES = 256_000
LONGEST_S = 1_800.0
"""How long all rows may take to arrive: a slow line carries 100 kB a second."""


async def uploaded(request: Request, batches: AgentPort, order: BatchOrder, limit_bytes: int) -> BatchState:
    """Hand the request's rows to the agent, and return the state of the batch that they make.

    Raises:
        HTTPException: They are of another type (415), too large (413), too slow to arrive (408) or cut off (400).
        LexrayError: As the agent says.
    """
    check_content(request, NDJSON, JSONL)
    if int(request.headers.get("content-length", "0")) > limit_bytes:
        raise too_large(limit_bytes)
    name: str = await batches.call("open", order.tenant, order.batch_id)
    try:
        async for piece in _pieces(request, limit_bytes):
            await batches.call("append", name, piece)
        state: BatchState = await batches.call("commit", name, order)
    except BaseException:
        with suppress(LexrayError):  # what is left of it goes when the agent next takes a batch
            await batches.call("drop", name)
        raise
    return state


async def _pieces(request: Request, limit_bytes: int) -> AsyncGenerator[bytes, None]:
    read, piece = 0, bytearray()
    ends_s = asyncio.get_running_loop().time() + LONGEST_S
    chunks = request.stream()
    while (chunk := await _next(chunks, ends_s)) is not None:
        read += len(chunk)
        if read > limit_bytes:
            raise too_large(limit_bytes)
        piece += chunk
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


async def _next(chunks: AsyncGenerator[bytes, None], ends_s: float) -> bytes | None:
    try:
        async with asyncio.timeout_at(ends_s):
            return await anext(chunks, None)
    except TimeoutError as error:
        raise HTTPException(408, f"the rows did not arrive within {LONGEST_S:g} s") from error
    except ClientDisconnect as error:
        raise HTTPException(400, "the body is cut off") from error
