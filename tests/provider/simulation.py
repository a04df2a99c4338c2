"""The state of the simulated provider: its models, what is scripted, its places, its log."""

import asyncio
import hashlib
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from tests.provider.profiles import Profile
from tests.provider.request_log import RequestLog
from tests.provider.turns import Turn

DEFAULT_MODEL = "sim"
TASK_PATTERN = r"\[\[task:\s*(.+?)\]\]"


class Full(Exception):  # noqa: N818 (a state of the provider, answered with 429)
    """All places are taken, and so are all that wait for one."""


class Simulation:
    """One provider."""

    def __init__(self, seed: int, api_key: str | None, task_pattern: str = TASK_PATTERN) -> None:
        self.seed, self.api_key = seed, api_key
        self.task_pattern = task_pattern
        self.keep_bodies = True
        self.profiles = {DEFAULT_MODEL: Profile()}
        self.log = RequestLog()
        self._script: list[Turn] = []
        self._asked: Counter[str] = Counter()
        self._limit: int | None = None
        self._queue: int | None = None
        self._waiting = 0
        self._places = asyncio.Semaphore(1)

    def reset(self, seed: int | None) -> None:
        """Forget the log, the script and how often each prompt came; requests under way go on unlogged."""
        self.seed = self.seed if seed is None else seed
        self.log = RequestLog()
        self._script.clear()
        self._asked.clear()

    def limit(self, concurrency: int | None, queue: int | None) -> None:
        """Serve at most so many requests at a time, let so many wait; `None`: no bound."""
        self._limit, self._queue = concurrency, queue
        self._places = asyncio.Semaphore(concurrency or 1)

    def script(self, turns: Iterable[Turn]) -> None:
        """Add turns behind those that wait."""
        self._script.extend(turn for turn in turns for _ in range(turn.times))

    def next_turn(self, model: str, task: str) -> Turn | None:
        """Take the first turn that fits a request."""
        for turn in self._script:
            if turn.model in {None, model} and turn.task in {None, task}:
                self._script.remove(turn)
                return turn
        return None

    def task_of(self, prompt: str) -> str:
        """Return what the groups of the task pattern find in a prompt."""
        found = re.search(self.task_pattern, prompt)
        return " ".join(filter(None, found.groups())) if found else ""

    def draw(self, model: str, prompt: str) -> random.Random:
        """Return the dice of one request: the n-th coming of a prompt to a model gets the same ones in every run."""
        key = f"{model}|{hashlib.sha256(prompt.encode(errors='replace')).hexdigest()}"
        self._asked[key] += 1
        return random.Random(f"{self.seed}|{key}|{self._asked[key]}")  # noqa: S311 (latencies, not secrets)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold one of the provider's places, first come, first served.

        Raises:
            Full: As many as may wait do so already.
        """
        if self._limit is None:
            yield
            return
        places = self._places
        if places.locked() and self._queue is not None and self._waiting >= self._queue:
            raise Full
        self._waiting += 1
        try:
            await places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            places.release()
