"""The ledger in Redis: many machines, one run.

The Redis must keep what it is told (append-only file, no eviction): it is the run's memory, not its cache.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from actors.errors import AgentUnavailableError, InvalidInputError, ResourceMissingError
from cluster.bulk import ledger_scripts as scripts
from cluster.bulk.ledger import (
    DEADLY,
    MOST_DEATHS,
    STATES,
    UNFINISHED,
    Claim,
    Entry,
    Kept,
    Lost,
    Registered,
    State,
)

PREFIX = "lexray-bulk"
_PAGE_ROWS = 500


class RedisLedger:
    """See `Ledger`. Every change of a row is one script, indivisible there.

    Args:
        url: `redis://`, `rediss://` or `unix://`.
        run: Names the run among those that share the Redis.
        timeout_s: Limit on connecting and on each reply.

    Raises:
        InvalidInputError: The URL is not one of Redis.
    """

    def __init__(self, url: str, run: str, *, timeout_s: float = 5.0) -> None:
        try:
            # No repeats here: who calls knows which of its calls may be repeated.
            self._redis = Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=timeout_s,
                socket_connect_timeout=timeout_s,
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError as error:
            raise InvalidInputError("redis", "the address is not one of Redis") from error
        # In braces, so that a Redis cluster holds all keys of a run on one node.
        self._base = f"{PREFIX}:{{{run}}}:"
        self._scripts = {text: self._redis.register_script(text) for text in scripts.ALL}

    def begin(self) -> int:
        """Begin a reading."""
        with self._told():
            return int(self._redis.incr(f"{self._base}readings"))

    def register(self, reading: int, entries: Sequence[Entry]) -> list[Registered]:
        """Enter rows, all in one script."""
        values = [
            part for one in entries for part in (one.id.casefold(), one.id, one.number, one.fingerprint)
        ]
        told = self._run(scripts.REGISTER, reading, *values) if entries else []
        return [Registered(standing, state, int(number)) for standing, state, number in told]

    def forget_unseen(self, reading: int) -> int:
        """Drop unfinished rows that this reading did not hold."""
        return self._each((*UNFINISHED, "failed"), scripts.FORGET, reading)

    def claim(self, row_id: str, fingerprint: str, worker: str) -> Claim | None:
        """Take a waiting or parked row."""
        told = self._run(scripts.CLAIM, row_id.casefold(), fingerprint, worker)
        return Claim(told[0], fingerprint, worker, *map(int, told[1:])) if told else None

    def holds(self, claim: Claim) -> bool:
        """Tell whether a claim still stands."""
        kept = self.find(claim.id)
        return kept is not None and (kept.state, kept.fence) == ("claimed", claim.fence)

    def commit(self, claim: Claim, result: str) -> bool:
        """Note that the documents are in place."""
        return self._settle(claim, "done", result)

    def fail(self, claim: Claim, reason: str) -> bool:
        """Note that the row cannot be drafted."""
        return self._settle(claim, "failed", reason)

    def park(self, claim: Claim, reason: str) -> bool:
        """Lay the row aside."""
        return self._settle(claim, "parked", reason)

    def worker_died(self, worker: str) -> Lost:
        """End a dead worker's claims."""
        told = self._run(scripts.WORKER_DIED, worker, MOST_DEATHS, DEADLY)
        again, failed = (tuple(row for row, now in told if now == state) for state in ("waiting", "failed"))
        return Lost(again, failed)

    def release_claims(self) -> int:
        """End all claims without blame."""
        return self._each(("claimed",), scripts.RELEASE)

    def retry_failed(self) -> int:
        """Let failed rows wait again."""
        return self._each(("failed",), scripts.RETRY)

    def find(self, row_id: str) -> Kept | None:
        """Return a row."""
        return self._kept([row_id.casefold()])[0]

    def counts(self) -> dict[State, int]:
        """Return the number of rows in each state."""
        with self._told(), self._redis.pipeline(transaction=True) as pipeline:
            for state in STATES:
                pipeline.zcard(f"{self._base}state:{state}")
            return dict(zip(STATES, map(int, pipeline.execute()), strict=True))

    def rows(self, *states: State) -> Iterator[Kept]:
        """Yield the rows in these states."""
        for state in states:
            for keys in self._pages(state):
                yield from (kept for kept in self._kept(keys) if kept is not None and kept.state == state)

    def close(self) -> None:
        """Close the connection."""
        self._redis.close()

    def _settle(self, claim: Claim, state: State, note: str) -> bool:
        return bool(self._run(scripts.SETTLE, claim.id.casefold(), claim.fence, state, note))

    def _each(self, states: Sequence[State], script: str, *values: int) -> int:
        """Run a script on every row in these states; each row is whole, all of them together are not."""
        return sum(
            int(self._run(script, key, *values))
            for state in states
            for keys in self._pages(state)
            for key in keys
        )

    def _pages(self, state: State) -> Iterator[list[str]]:
        """Yield keys in the order of the file, by ranges of row numbers: ranks would shift below a reader's feet."""
        name = f"{self._base}state:{state}"
        number = 0
        while True:
            with self._told():
                ahead: Any = self._redis.zrange(
                    name, number, "+inf", byscore=True, offset=0, num=1, withscores=True
                )
                if not ahead:
                    return
                first = int(ahead[0][1])
                number = first + _PAGE_ROWS
                keys: Any = self._redis.zrange(name, first, f"({number}", byscore=True)
            yield keys

    def _kept(self, keys: Sequence[str]) -> list[Kept | None]:
        names = ("id", "number", "fingerprint", "state", "attempt", "fence", "deaths", "note")
        with self._told(), self._redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.hmget(f"{self._base}row:{key}", names)
            return [_kept(found) for found in pipeline.execute()]

    def _run(self, script: str, *values: str | int) -> Any:  # noqa: ANN401 (each script has its own reply)
        with self._told():
            return self._scripts[script](keys=[self._base], args=values)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (RedisConnectionError, RedisTimeoutError) as error:
            raise AgentUnavailableError(
                "ledger", f"Redis does not answer ({type(error).__name__})"
            ) from error
        except RedisError as error:
            raise ResourceMissingError(
                f"the ledger in Redis cannot be used ({error})", "see to its memory and rights"
            ) from error


def _kept(found: Sequence[Any]) -> Kept | None:
    if found[0] is None:
        return None
    row_id, number, fingerprint, state, attempt, fence, deaths, note = found
    return Kept(Entry(row_id, int(number), fingerprint), state, int(attempt), int(fence), int(deaths), note)
