"""How often one key may ask: a bucket of tokens each, in this process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from actors.errors import LexrayError
from serve.access import Access
from serve.refusals import refusal

FREE = ("/healthz", "/readyz", "/")
"""Asked by whoever watches over the server, and the page before anybody gave a key: they hold nobody's data."""
FREE_ROOM = "/assets/"
"""The page's files: a first visit asks for a score of them."""
MOST_BUCKETS = 10_000


class TokenBuckets:
    """A bucket for every name: it holds `burst` tokens and fills at `rate_per_s`.

    Of more names than `most` the one that asked longest ago is forgotten: its bucket is the likeliest to be full.
    """

    def __init__(
        self,
        rate_per_s: float,
        burst: float,
        clock: Callable[[], float] = time.monotonic,
        most: int = MOST_BUCKETS,
    ) -> None:
        self._rate_per_s, self._burst, self._clock, self._most = rate_per_s, burst, clock, most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Tokens, and when they were counted."""

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, name: str) -> float:
        """Take a token.

        Returns:
            0 where there was one; else the seconds until there will be. Nothing is taken then.
        """
        now_s = self._clock()
        tokens, counted_s = self._buckets.pop(name, (self._burst, now_s))
        tokens = min(self._burst, tokens + (now_s - counted_s) * self._rate_per_s)
        allowed = tokens >= 1
        self._buckets[name] = (tokens - 1 if allowed else tokens, now_s)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._rate_per_s


class RateLimit:
    """Refuses a key that asks too often, with 429 and when to come back.

    Whoever has no key that counts is told apart by address, so that trying keys out is slow. A server without keys
    serves its own machine alone and does not count.
    """

    def __init__(self, app: ASGIApp, access: Access, buckets: TokenBuckets) -> None:
        self._app, self._access, self._buckets = app, access, buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        name = self._name(scope) if scope["type"] == "http" and not _is_free(scope["path"]) else None
        wait_s = self._buckets.take(name) if name else 0.0
        if not wait_s:
            await self._app(scope, receive, send)
            return
        headers = {"Retry-After": str(max(1, math.ceil(wait_s)))}
        error = HTTPException(429, "this key asks too often; Retry-After says when to come back", headers)
        await refusal(scope, error)(scope, receive, send)

    def _name(self, scope: Scope) -> str | None:
        try:
            caller = self._access.caller(Headers(scope=scope))
        except LexrayError:
            return f"address {(scope.get('client') or ('unknown',))[0]}"
        return f"key {caller.key_id}" if caller.key_id else None


def _is_free(path: str) -> bool:
    return path in FREE or path.startswith(FREE_ROOM)
