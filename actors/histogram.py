"""Quantiles of durations in a fixed amount of memory."""

import math

LEAST_S = 1e-4
MOST_S = 1e4
STEPS_PER_DECADE = 20
"""A bucket's edges lie 12 % apart, so a quantile is at most 6 % off."""
BUCKETS = round(math.log10(MOST_S / LEAST_S)) * STEPS_PER_DECADE


class Histogram:
    """Counts durations in logarithmic buckets, 0.1 ms to 10,000 s; what lies beyond counts at the edge."""

    def __init__(self) -> None:
        self._counts = [0] * BUCKETS
        self._min_s, self._max_s = math.inf, 0.0
        self.count = 0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        self._counts[_bucket(seconds)] += 1
        self._min_s, self._max_s = min(self._min_s, seconds), max(self._max_s, seconds)
        self.count += 1

    def quantile(self, share: float) -> float | None:
        """Return the duration, in seconds, that `share` (0 to 1) of all do not exceed; `None` before any."""
        if not self.count:
            return None
        rank = max(1, math.ceil(share * self.count))
        passed = 0
        for bucket, count in enumerate(self._counts):
            passed += count
            if passed >= rank:
                return min(max(_middle_s(bucket), self._min_s), self._max_s)
        return self._max_s


def _bucket(seconds: float) -> int:
    if seconds <= LEAST_S:
        return 0
    return min(int(math.log10(seconds / LEAST_S) * STEPS_PER_DECADE), BUCKETS - 1)


def _middle_s(bucket: int) -> float:
    return LEAST_S * math.pow(10, (bucket + 0.5) / STEPS_PER_DECADE)
