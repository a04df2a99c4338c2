"""Single flight among caches that share a Redis: three small scripts, each one trip and indivisible there."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol, cast

READ_OR_LEASE = """
local value = redis.pcall('GET', KEYS[1])
local left_ms = redis.call('PTTL', KEYS[1])
if type(value) == 'string' and left_ms > 0 then return {value, left_ms, 0} end
if left_ms ~= -2 then redis.call('DEL', KEYS[1]) end
local taken = redis.pcall('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
if taken == false and redis.pcall('GET', KEYS[2]) ~= ARGV[1] then return {false, 0, 1} end
return {false, 0, 0}
"""
# What has no end, or is no string, was not stored by us: nobody can tell how old it is. A server that is full refuses
# the lease with an error: then everybody computes, as without Redis. (-2: there is no such key.)

PUBLISH = """
local holder = redis.pcall('GET', KEYS[2])
local mine = holder == ARGV[1]
local vacant = holder == false and redis.call('PTTL', KEYS[1]) <= 0
if not mine and not vacant then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1
"""
# SET comes first: a server that is full lets a script that has already written go on writing.

RELEASE = """
if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Script(Protocol):
    """A script that the server knows by its hash, and is told again where it has forgotten it."""

    def __call__(self, keys: list[str], args: list[str | bytes | int]) -> Awaitable[object]:
        """Run it."""


class Registrar(Protocol):
    """A client that registers scripts."""

    def register_script(self, script: str) -> Script:
        """Return the script, ready to be called."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Redis says to a question."""

    value: bytes | None
    left_ms: int
    taken: bool
    """Another cache is computing the value."""


class LeaseScripts:
    """The scripts, under one cache's token.

    A lease that its holder lost (it ran out, and another cache took it) publishes nothing: the token is the fence.

    Args:
        client: The connection.
        token: Differs from cache to cache.
        lease_ms: How long a silent holder keeps the others waiting.
    """

    def __init__(self, client: Registrar, token: str, lease_ms: int) -> None:
        self._token, self._lease_ms = token, lease_ms
        self._read, self._publish, self._release = map(
            client.register_script, (READ_OR_LEASE, PUBLISH, RELEASE)
        )

    async def read_or_lease(self, name: str, lease: str) -> Answer:
        """Return the value; without one take the lease, unless another cache has it."""
        reply = await self._read(keys=[name, lease], args=[self._token, self._lease_ms])
        value, left_ms, taken = cast("tuple[bytes | None, int, int]", reply)
        return Answer(value, left_ms, bool(taken))

    async def publish(self, name: str, lease: str, value: bytes, ttl_ms: int) -> bool:
        """Store the value and end the lease; false where another cache has it by now, or had it and is done."""
        return bool(await self._publish(keys=[name, lease], args=[self._token, value, ttl_ms]))

    async def release(self, lease: str) -> None:
        """End the lease without a value."""
        await self._release(keys=[lease], args=[self._token])
