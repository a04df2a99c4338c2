"""The cache's shared tier on a plain Redis: JSON values, short timeouts, open on every fault."""

import asyncio
import logging
import math
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from actors.cache_key import SCHEMA_VERSION
from actors.cache_tiers import SharedStats, SharedValue
from actors.errors import AgentUnavailableError, InvalidInputError

logger = logging.getLogger(__name__)

PREFIX = f"lexray:{SCHEMA_VERSION}:"
FAULTS = (RedisError, OSError, TimeoutError)


class RedisTier:
    """A client that costs one short timeout while Redis is away, and nothing while its breaker is open.

    For one event loop. A restart loses counters only.

    Args:
        url: `redis://`, `rediss://` or `unix://`, with credentials where the server wants them.
        timeout_s: Limit on connecting and on each reply. The client's own defaults wait for seconds.
        failures_to_open: Faults in a row that open the breaker.
        open_s: Rest of an open breaker, in seconds; then one call probes.
        jitter: Share by which a stored value's life is varied, so that what was stored together does not
            expire together.
        max_in_flight: Calls at a time; a burst on a cold cache must not open a connection each.
        clock: Seconds, monotonic.
        uniform: `uniform(a, b)`, the source of the jitter.

    Raises:
        InvalidInputError: The URL is not one of Redis.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float = 0.05,
        failures_to_open: int = 3,
        open_s: float = 5.0,
        jitter: float = 0.1,
        max_in_flight: int = 16,
        clock: Callable[[], float] = time.monotonic,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._redis = _connect(url, timeout_s)
        self._health = _Health(failures_to_open, open_s, clock)
        self._permits = asyncio.Semaphore(max_in_flight)
        self._jitter, self._uniform = jitter, uniform
        self._stats = SharedStats()

    async def get(self, key: str) -> SharedValue | None:
        """Return the value and the life it has left there; `None` for a miss or a fault."""
        try:
            async with self._call():
                value, ttl_ms = await self._read(PREFIX + key)
        except FAULTS as fault:
            self._note_fault("get", fault)
            return None
        # A value without an end was not stored by us: nobody can tell how old it is.
        if value is None or ttl_ms <= 0:
            self._count(misses=1)
            return None
        self._count(hits=1)
        return SharedValue(value, ttl_ms / 1000)

    async def put(self, key: str, value: bytes, ttl_s: float) -> bool:
        """Store the value for `ttl_s`, give or take the jitter; false where it was dropped."""
        ttl_ms = math.ceil(ttl_s * 1000 * self._uniform(1 - self._jitter, 1 + self._jitter))
        try:
            async with self._call():
                await self._redis.set(PREFIX + key, value, px=ttl_ms)
        except FAULTS as fault:
            self._note_fault("put", fault)
            self._count(dropped_writes=1)
            return False
        return True

    async def clear(self) -> int:
        """Delete the cache's own keys, and only those, and return how many.

        Raises:
            AgentUnavailableError: Redis did not answer; some values may be left.
        """
        deleted = 0
        try:
            async for key in self._redis.scan_iter(match=PREFIX + "*", count=500):
                deleted += await self._redis.unlink(key)
        except FAULTS as fault:
            self._note_fault("clear", fault)
            raise AgentUnavailableError("redis", type(fault).__name__) from fault
        return deleted

    async def close(self) -> None:
        """Close all connections."""
        await self._redis.aclose()

    def stats(self) -> SharedStats:
        """Return the counts so far."""
        return self._stats

    async def _read(self, name: str) -> tuple[bytes | None, int]:
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.get(name)
            pipe.pttl(name)
            value, ttl_ms = await cast("Awaitable[list[bytes | int | None]]", pipe.execute())
        return cast("bytes | None", value), cast("int", ttl_ms)

    @asynccontextmanager
    async def _call(self) -> AsyncIterator[None]:
        async with self._permits:
            with self._health.watch():
                yield

    def _note_fault(self, action: str, fault: Exception) -> None:
        if isinstance(fault, _RestingError):
            self._count(skipped=1)
            return
        self._count(errors=1)
        logger.warning("redis_call_failed action=%s error=%s", action, type(fault).__name__)

    def _count(self, **more: int) -> None:
        self._stats = replace(
            self._stats, **{name: getattr(self._stats, name) + n for name, n in more.items()}
        )


class _RestingError(RedisError):
    """The breaker is open; Redis was not asked."""


class _Health:
    """A breaker for a store that may be missing: opens after a few faults in a row, then admits one probe."""

    def __init__(self, failures_to_open: int, open_s: float, clock: Callable[[], float]) -> None:
        self._limit, self._open_s, self._clock = failures_to_open, open_s, clock
        self._failures = 0
        self._open_until_s = 0.0
        self._probing = False

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Run one call under the breaker; a cancelled call says nothing and frees the probe's place."""
        probe = self._admit()
        try:
            yield
        except ResponseError:
            self._failures = 0  # an answer, if an unwelcome one: the server is there
            raise
        except FAULTS:
            self._failures += 1
            self._open_until_s = self._clock() + self._open_s
            raise
        else:
            self._failures = 0
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        if self._failures < self._limit:
            return False
        if self._probing or self._clock() < self._open_until_s:
            raise _RestingError
        self._probing = True
        return True


def _connect(url: str, timeout_s: float) -> Redis:
    try:
        return Redis.from_url(
            url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, retry=Retry(NoBackoff(), 0)
        )
    except ValueError as error:
        # The URL itself may hold a password and is not repeated.
        raise InvalidInputError("redis_url", "must start with redis://, rediss:// or unix://") from error
