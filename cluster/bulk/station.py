"""What a run keeps of each row in its hands, and of each cell."""

import asyncio
from dataclasses import dataclass, field

from cluster.bulk.crew import CellPort
from cluster.bulk.rows import Row

FIRST_PROBE_S, LAST_PROBE_S = 1.0, 30.0
"""Before a row probes whether a provider is back: doubled from time to time."""


@dataclass(slots=True)
class Task:
    """A row in this run's hands."""

    row: Row
    parks: int = 0
    passed: int = 0
    """How many rows had passed when it was last sent back."""


@dataclass(slots=True)
class Station:
    """A cell, and what this run has given it."""

    cell: CellPort
    flying: set[asyncio.Task[None]] = field(default_factory=set)
    alone: bool = False
    """A suspect is in it: nothing else goes there."""
    pause_s: float = 0.0
    """Above 0: its provider is out, and single rows probe whether it is back."""
    probe_at_s: float = 0.0
    gone: bool = False
    """It gets nothing more."""

    def rest(self, now_s: float, *, probed: bool) -> bool:
        """Let only probes in, since a row came back from a provider that is out; tell whether that is news."""
        is_news = not self.pause_s
        # Rows that were under way when it began say nothing new.
        if probed or is_news:
            self.pause_s = min(LAST_PROBE_S, max(FIRST_PROBE_S, 2 * self.pause_s))
            self.probe_at_s = now_s + self.pause_s
        return is_news
