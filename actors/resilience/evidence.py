"""What speaks against a dependency, and whether it is enough to stop calling it."""

from collections import deque
from dataclasses import dataclass

from actors.resilience.verdict import Verdict


@dataclass(frozen=True, slots=True)
class TripRule:
    """When a breaker trips: after a streak of failures, or at a rate of failures over the latest calls."""

    streak: int = 5
    rate: float = 0.5
    window_calls: int = 50
    """The rate is taken over this many of the latest calls…"""
    min_calls: int = 20
    """…once there have been so many. A rate of two calls means nothing."""
    timeouts_span_s: float = 5.0
    """Timeouts alone must go on for so long. A stalled event loop lets everything in flight time out at the
    same moment, which says something about this process and nothing about the dependency."""

    def __post_init__(self) -> None:
        if self.streak < 1 or not 1 <= self.min_calls <= self.window_calls:
            raise ValueError("a trip rule needs streak >= 1 and 1 <= min_calls <= window_calls")


class Evidence:
    """The latest outcomes of calls. Neutral outcomes are not told to it."""

    def __init__(self, rule: TripRule) -> None:
        self.streak = 0
        self.timeouts_only = True
        """Whether the streak consists of timeouts alone; true of an empty one."""
        self._rule = rule
        self._recent: deque[Verdict] = deque(maxlen=rule.window_calls)
        self._streak_since_s = 0.0
        self._rate_high_since_s: float | None = None

    @classmethod
    def resumed(cls, rule: TripRule, streak: int, *, timeouts_only: bool, since_s: float) -> "Evidence":
        """Return evidence that continues an earlier streak; the window of the rate starts empty."""
        evidence = cls(rule)
        evidence.streak, evidence.timeouts_only, evidence._streak_since_s = streak, timeouts_only, since_s
        return evidence

    def success(self, at_s: float) -> None:
        """Record a call that went well."""
        self.streak, self.timeouts_only = 0, True
        self._record("success", at_s)

    def failure(self, verdict: Verdict, at_s: float) -> None:
        """Record a call that failed; `verdict` is `failure` or `timeout`."""
        if not self.streak:
            self._streak_since_s = at_s
        self.streak += 1
        self.timeouts_only = self.timeouts_only and verdict == "timeout"
        self._record(verdict, at_s)

    def is_enough(self, at_s: float) -> bool:
        """Tell whether the breaker should trip now."""
        return self._streak_is_enough(at_s) or self._rate_is_enough(at_s)

    def _streak_is_enough(self, at_s: float) -> bool:
        if self.streak < self._rule.streak:
            return False
        return not self.timeouts_only or at_s - self._streak_since_s >= self._rule.timeouts_span_s

    def _rate_is_enough(self, at_s: float) -> bool:
        if self._rate_high_since_s is None:
            return False
        return "failure" in self._recent or at_s - self._rate_high_since_s >= self._rule.timeouts_span_s

    def _record(self, verdict: Verdict, at_s: float) -> None:
        self._recent.append(verdict)
        if not self._rate_is_high():
            self._rate_high_since_s = None
        elif self._rate_high_since_s is None:
            self._rate_high_since_s = at_s

    def _rate_is_high(self) -> bool:
        calls = len(self._recent)
        failures = calls - self._recent.count("success")
        return calls >= self._rule.min_calls and failures >= self._rule.rate * calls
