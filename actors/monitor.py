"""The performance monitor: what was asked, how long it took, how often it failed."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Literal, Protocol, TypedDict

from actors.errors import InvalidInputError
from actors.histogram import Histogram
from actors.metrics import (
    BREAKER,
    CACHE_LOOKUPS,
    DEGRADED,
    LAYER_SECONDS,
    PARALLEL,
    REQUEST_SECONDS,
    REQUESTS,
    RETRIES,
    TIMEOUTS,
)

BreakerState = Literal["closed", "half_open", "open"]
GAUGE: dict[BreakerState, int] = {"closed": 0, "half_open": 1, "open": 2}

REPORT_WIDTH = 60
LABEL_WIDTH = 21


class LayerStats(TypedDict):
    """Durations of one layer, in seconds, within 6 %."""

    count: int
    p50_s: float | None
    p99_s: float | None


class PerformanceStats(TypedDict):
    """Everything since the start. A rate without data is `None`, not a made-up 0 or 100."""

    total_requests: int
    success_rate: float | None
    """In percent."""
    average_latency: float | None
    """In seconds, over all requests, failed ones included."""
    cache_hit_rate: float | None
    """In percent."""
    parallel_executions: int
    timeouts: int
    retries: int
    layers: dict[str, LayerStats]
    breakers: dict[str, BreakerState]
    degraded: dict[str, int]


class Metrics(Protocol):
    """Where the figures of `actors.metrics` go. Must neither block nor raise."""

    def inc(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        """Add to a counter."""

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        """Add a duration to a histogram."""

    def gauge(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Set a gauge."""


class NullMetrics:
    """The default: figures stay inside."""

    def inc(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        """Ignore it."""

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        """Ignore it."""

    def gauge(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Ignore it."""


class PerformanceMonitor:
    """Counts, and keeps what the agents' circuit breakers must not forget.

    Memory is bounded by the number of layers, steps and agents. A restart loses the counts (the mirrored
    metrics go on) and the breakers' snapshots, whose owners save again at their next change.
    """

    def __init__(self, metrics: Metrics | None = None) -> None:
        self._mirror: Metrics = metrics or NullMetrics()
        self._counts: Counter[str] = Counter()
        self._latency_s = 0.0
        self._layers: dict[str, Histogram] = {}
        self._breakers: dict[str, BreakerState] = {}
        self._degraded: Counter[str] = Counter()
        self._saved: dict[str, tuple[str, float]] = {}

    def record_request(self, success: bool, latency: float) -> None:
        """Count a finished draft, `latency` in seconds."""
        self._latency_s += _duration("latency", latency)
        self._counts["requests"] += 1
        self._counts["successes"] += success
        self._mirror.inc(REQUESTS.name, {"outcome": "success" if success else "failure"})
        self._mirror.observe(REQUEST_SECONDS.name, {}, latency)

    def record_cache_hit(self, hit: bool) -> None:
        """Count a question to the search cache that was answered from it, or was not."""
        self._counts["lookups"] += 1
        self._counts["hits"] += hit
        self._mirror.inc(CACHE_LOOKUPS.name, {"outcome": "hit" if hit else "miss"})

    def record_parallel_execution(self) -> None:
        """Count one set of steps that ran side by side."""
        self._counts["parallel"] += 1
        self._mirror.inc(PARALLEL.name, {})

    def record_timeout(self) -> None:
        """Count an attempt that took too long."""
        self._counts["timeouts"] += 1
        self._mirror.inc(TIMEOUTS.name, {})

    def record_retry(self) -> None:
        """Count an attempt that follows a failed one."""
        self._counts["retries"] += 1
        self._mirror.inc(RETRIES.name, {})

    def record_layer(self, layer: str, seconds: float) -> None:
        """Count one passage through a layer."""
        self._layers.setdefault(layer, Histogram()).observe(_duration("seconds", seconds))
        self._mirror.observe(LAYER_SECONDS.name, {"layer": layer}, seconds)

    def record_breaker(self, agent: str, state: BreakerState) -> None:
        """Note the new state of an agent's circuit breaker."""
        if state not in GAUGE:
            raise InvalidInputError("state", f"one of {', '.join(GAUGE)}")
        self._breakers[agent] = state
        self._mirror.gauge(BREAKER.name, {"agent": agent}, GAUGE[state])

    def record_degraded(self, step: str) -> None:
        """Count a step that gave a lesser result instead of failing."""
        self._degraded[step] += 1
        self._mirror.inc(DEGRADED.name, {"step": step})

    def get_stats(self) -> PerformanceStats:
        """Return everything since the start."""
        counts = self._counts
        return {
            "total_requests": counts["requests"],
            "success_rate": _percent(counts["successes"], counts["requests"]),
            "average_latency": self._latency_s / counts["requests"] if counts["requests"] else None,
            "cache_hit_rate": _percent(counts["hits"], counts["lookups"]),
            "parallel_executions": counts["parallel"],
            "timeouts": counts["timeouts"],
            "retries": counts["retries"],
            "layers": {layer: _layer_stats(histogram) for layer, histogram in self._layers.items()},
            "breakers": dict(self._breakers),
            "degraded": dict(self._degraded),
        }

    def save_breaker(self, name: str, snapshot_json: str, saved_at_epoch_s: float) -> None:
        """Keep a breaker's snapshot; one that is older than what is already kept came late and is ignored."""
        known = self._saved.get(name)
        if known is None or saved_at_epoch_s >= known[1]:
            self._saved[name] = (snapshot_json, saved_at_epoch_s)

    def load_breaker(self, name: str) -> tuple[str, float] | None:
        """Return the latest snapshot and when it was saved (epoch, seconds); `None` where there is none."""
        return self._saved.get(name)


def format_summary(stats: PerformanceStats) -> str:
    """Return the report for a terminal: seven lines in a frame; what has no data yet reads "n/a"."""
    rows = (
        ("Total Requests", str(stats["total_requests"])),
        ("Success Rate", _or_na(stats["success_rate"], "%")),
        ("Average Latency", _or_na(stats["average_latency"], "s")),
        ("Cache Hit Rate", _or_na(stats["cache_hit_rate"], "%")),
        ("Parallel Executions", str(stats["parallel_executions"])),
        ("Timeouts", str(stats["timeouts"])),
        ("Retries", str(stats["retries"])),
    )
    rule = "=" * REPORT_WIDTH
    lines = (f"{label + ':':<{LABEL_WIDTH}}{value}" for label, value in rows)
    return "\n".join((rule, "PERFORMANCE STATISTICS", rule, *lines, rule))


def _or_na(value: float | None, unit: str) -> str:
    return "n/a" if value is None else f"{value:.1f}{unit}"


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _duration(field: str, seconds: float) -> float:
    if not math.isfinite(seconds) or seconds < 0:
        raise InvalidInputError(field, "a duration is a finite number of seconds, 0 or more")
    return seconds


def _layer_stats(histogram: Histogram) -> LayerStats:
    return {
        "count": histogram.count,
        "p50_s": histogram.quantile(0.5),
        "p99_s": histogram.quantile(0.99),
    }
