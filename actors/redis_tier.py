"""The cache's shared tier on a plain Redis: JSON values, short timeouts, open on every fault."""

import asyncio
import logging
import math
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from actors.cache_key import SCHEMA_VERSION, Scope
from actors.cache_tiers import SharedStats, SharedValue
from actors.errors import AgentUnavailableError, InvalidInputError
from actors.redis_health import FAULTS, RedisHealth, RestingError
from actors.redis_lease import Answer, LeaseScripts

logger = logging.getLogger(__name__)

PREFIX = f"lexray:{SCHEMA_VERSION}:"
LEASE_PREFIX = f"lexray-lease:{SCHEMA_VERSION}:"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.005, 0.04
"""Between two looks at what another cache computes."""


class RedisTier:
    """A client that costs one short timeout while Redis is away, and nothing while its breaker is open.

    For one event loop. A restart loses counters only.

    Args:
        url: `redis://`, `rediss://` or `unix://`, with credentials where the server wants them.
        timeout_s: Limit on connecting and on each reply. The client's own defaults wait for seconds.
        failures_to_open: Faults in a row that open the breaker. One: a second would cost another timeout.
        open_s: Rest of an open breaker, in seconds; then one call probes.
        slow_s: A reply that took longer is used, and two of them in a row open the breaker like a fault.
        lease_s: How long a cache that says nothing keeps the others from computing what it had begun.
        wait_s: How long to wait for another cache's computation before doing it here.
        max_in_flight: Calls at a time; a burst on a cold cache must not open a connection each.
        clock: Seconds, monotonic.
        token: Names this cache among those that share the Redis; drawn at random by default.

    Raises:
        InvalidInputError: The URL is not one of Redis.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float = 0.04,
        failures_to_open: int = 1,
        open_s: float = 5.0,
        slow_s: float = 0.02,
        lease_s: float = 10.0,
        wait_s: float = 1.0,
        max_in_flight: int = 16,
        clock: Callable[[], float] = time.monotonic,
        token: str = "",
    ) -> None:
        self._redis = _connect(url, timeout_s)
        self._scripts = LeaseScripts(self._redis, token or secrets.token_hex(8), math.ceil(lease_s * 1000))
        self._health = RedisHealth(failures_to_open, open_s, slow_s, clock)
        self._permits = asyncio.Semaphore(max_in_flight)
        self._wait_s = wait_s
        self._stats = SharedStats()

    async def get(self, key: str) -> SharedValue | None:
        """Return the value and the life it has left there; `None` for a miss or a fault.

        Where another cache computes the value, wait for it first, `wait_s` at most.
        """
        try:
            answer = await self._awaited(key)
        except FAULTS as fault:
            self._note_fault("get", fault)
            return None
        if answer.value is None:
            self._count(misses=1)
            return None
        self._count(hits=1)
        return SharedValue(answer.value, answer.left_ms / 1000)

    async def put(self, key: str, value: bytes, ttl_s: float, *, overwrite: bool = False) -> bool:
        """Store the value for `ttl_s`; false where it was dropped, or where another cache has the lease."""
        ttl_ms = math.ceil(ttl_s * 1000)
        try:
            async with self._call():
                if overwrite:
                    return bool(await self._redis.set(PREFIX + key, value, px=ttl_ms))
                stored = await self._scripts.publish(PREFIX + key, LEASE_PREFIX + key, value, ttl_ms)
        except FAULTS as fault:
            self._note_fault("put", fault)
            self._count(dropped_writes=1)
            return False
        self._count(late_writes=not stored)
        return stored

    async def release(self, key: str) -> None:
        """Let other caches compute the key at once; where Redis is away the lease runs out by itself."""
        try:
            async with self._call():
                await self._scripts.release(LEASE_PREFIX + key)
        except FAULTS as fault:
            self._note_fault("release", fault)

    async def discard(self, key: str) -> None:
        """Delete one value; where Redis is away it stays, and is a miss again."""
        try:
            async with self._call():
                await self._redis.unlink(PREFIX + key)
        except FAULTS as fault:
            self._note_fault("discard", fault)

    async def clear(self, scope: Scope) -> int:
        """Delete the cache's own keys of a scope, and only those, and return how many.

        Raises:
            AgentUnavailableError: Redis did not answer; some values may be left.
        """
        deleted = 0
        try:
            if scope.key is not None:
                return int(await self._redis.unlink(PREFIX + scope.key)) if scope.covers(scope.key) else 0
            async for key in self._redis.scan_iter(match=PREFIX + scope.pattern(), count=500):
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

    async def _awaited(self, key: str) -> Answer:
        waited_s, pause_s = 0.0, FIRST_PAUSE_S
        while True:
            async with self._call():
                answer = await self._scripts.read_or_lease(PREFIX + key, LEASE_PREFIX + key)
            if not answer.taken or waited_s >= self._wait_s:
                return answer
            self._count(waits=not waited_s)
            await asyncio.sleep(pause_s)
            waited_s, pause_s = waited_s + pause_s, min(2 * pause_s, LONGEST_PAUSE_S)

    @asynccontextmanager
    async def _call(self) -> AsyncIterator[None]:
        async with self._permits:
            with self._health.watch():
                yield

    def _note_fault(self, action: str, fault: Exception) -> None:
        if isinstance(fault, RestingError):
            self._count(skipped=1)
            return
        self._count(errors=1)
        logger.warning("redis_call_failed action=%s error=%s", action, type(fault).__name__)

    def _count(self, **more: int) -> None:
        self._stats = replace(
            self._stats, **{name: getattr(self._stats, name) + n for name, n in more.items()}
        )


def _connect(url: str, timeout_s: float) -> Redis:
    try:
        return Redis.from_url(
            url,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
            protocol=2,  # 3 asks on connecting for notices of maintenance, which may stretch the timeouts to 10 s
        )
    except ValueError as error:
        # The URL itself may hold a password and is not repeated.
        raise InvalidInputError("redis_url", "must start with redis://, rediss:// or unix://") from error
