"""How far a run has come."""

from collections import deque
from dataclasses import dataclass, field

from cluster.bulk.work import Outcome

WINDOW_S = 60.0
"""The rate is that of the last minute."""
_LEAST_S = 2.0


@dataclass(slots=True)
class Figures:
    """What a run tells while it goes on. Counts of rows, over all its starts, but for the last few."""

    total: int | None = None
    """`None` until the file's rows are counted."""
    finished: int = 0
    degraded: int = 0
    failed: int = 0
    in_flight: int = 0
    parked: int = 0
    """Sent back, since their provider is out."""
    cells: int = 0
    cost: float = 0.0
    drafted_now: int = 0
    """Since this start."""
    failed_now: int = 0
    research: int = 0
    """Drafts of this start that researched."""
    cached: int = 0
    """Those of them whose answer came from a cache."""
    cpu_s: float = 0.0
    """Processor time of this start's drafts in their cells."""
    outages: int = 0
    died: int = 0
    """Cells that died in this start."""
    _marks: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def settled(self) -> int:
        """Rows that nothing more will be done for."""
        return self.finished + self.degraded + self.failed

    def add(self, outcome: Outcome) -> None:
        """Take in what a settled row says of its work."""
        self.drafted_now += 1
        self.cost += outcome.cost
        self.cpu_s += outcome.cpu_s
        self.research += outcome.cached is not None
        self.cached += bool(outcome.cached)

    def mark(self, now_s: float) -> None:
        """Remember how far the run was at this moment, for the rate."""
        self._marks.append((now_s, self.settled))
        while len(self._marks) > 2 and now_s - self._marks[0][0] > WINDOW_S:  # noqa: PLR2004
            self._marks.popleft()

    def rate(self) -> float | None:
        """Return rows a second over the last minute; `None` while there is too little to tell by."""
        if not self._marks:
            return None
        (begun_s, before), (now_s, after) = self._marks[0], self._marks[-1]
        return (after - before) / (now_s - begun_s) if now_s - begun_s >= _LEAST_S else None

    def left_s(self) -> float | None:
        """Return the seconds that the rest takes at this rate; `None` where that cannot be said."""
        rate = self.rate()
        return (self.total - self.settled) / rate if self.total is not None and rate else None
