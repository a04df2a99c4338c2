"""How soon a model's server is told that nobody waits any more, after the client of a draft has left."""

import asyncio
import json
import time
from typing import Any

from serve_client import request

from tests.provider.process import Provider
from tests.provider.turns import fault

MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
SETTLED_S = 0.3
"""So long the model has been asked when the client leaves."""
LIMIT_S = 10.0


async def leaving(port: int, provider: Provider, times: int) -> list[dict[str, Any]]:
    """Leave so many times, a stream and a whole result in turn, their bodies with the head and behind it."""
    return [await _left(port, provider, stream=n % 2 == 0, in_parts=n % 4 > 1) for n in range(times)]


async def _left(port: int, provider: Provider, *, stream: bool, in_parts: bool) -> dict[str, Any]:
    provider.reset(bodies=False)
    provider.script(*[fault("hang") for _ in range(8)])
    body = json.dumps({"message": MESSAGE, "engine": "model", "stream": stream}).encode()
    whole = request("POST", "/v1/drafts", body)
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(whole[: -len(body)])
    if in_parts:
        await asyncio.sleep(0.05)
    writer.write(body)
    await asyncio.to_thread(provider.wait, "received", 1, LIMIT_S)
    await asyncio.sleep(SETTLED_S)
    writer.close()
    begun = time.perf_counter()
    await asyncio.to_thread(provider.wait, "left", 1, LIMIT_S)
    took_ms = (time.perf_counter() - begun) * 1e3
    return {"stream": stream, "in_parts": in_parts, "ms": took_ms, "asked": len(provider.log())}
