"""Refresh-ahead: a much used answer is computed anew shortly before its end, by one asker, beside its draft."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from actors.cache_memory import Recalled

HOT_USES = 3
"""Uses within one life that make an answer worth refreshing."""
LAST_SHARE = 0.2
"""The part of a life, at its end, in which it is refreshed."""


@dataclass(frozen=True, slots=True)
class _Refresh:
    token: str
    until_s: float


class Refreshes:
    """Who refreshes what, as the cache sees it.

    One at a time for a key. One that failed, or whose holder is silent, leaves the answer to its own end, and may be
    tried again when its lease is over. Nothing here prolongs a life.

    Args:
        lease_s: How long a refresh is its holder's.
        clock: Seconds, monotonic.
    """

    def __init__(self, lease_s: float, clock: Callable[[], float]) -> None:
        self._lease_s, self._clock = lease_s, clock
        self._refreshes: dict[str, _Refresh] = {}

    def __len__(self) -> int:
        """Return the number of refreshes under way or resting."""
        return len(self._refreshes)

    def offer(self, key: str, held: Recalled) -> str | None:
        """Return a token where the answer is hot, near its end, and nobody refreshes it; else `None`."""
        if held.uses < HOT_USES or held.left_s > held.life_s * LAST_SHARE:
            return None
        now_s = self._clock()
        under_way = self._refreshes.get(key)
        if under_way is not None and now_s < under_way.until_s:
            return None
        self._forget_lapsed(now_s)
        self._refreshes[key] = _Refresh(secrets.token_hex(8), now_s + self._lease_s)
        return self._refreshes[key].token

    def holds(self, key: str, token: str) -> bool:
        """Tell whether this is the token of the key's refresh."""
        under_way = self._refreshes.get(key)
        return under_way is not None and under_way.token == token

    def end(self, key: str, token: str) -> bool:
        """Close a refresh that succeeded; false where the token is not current."""
        if not self.holds(key, token):
            return False
        del self._refreshes[key]
        return True

    def _forget_lapsed(self, now_s: float) -> None:
        for key in [key for key, one in self._refreshes.items() if one.until_s <= now_s]:
            del self._refreshes[key]


class Background:
    """Runs refreshes beside the drafts, in tasks that end with their process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start it and return at once."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drained(self) -> None:
        """Wait until all have ended."""
        await asyncio.gather(*self._tasks)
