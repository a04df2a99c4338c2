"""The performance monitor."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import InvalidInputError
from actors.histogram import Histogram
from actors.metrics import METRICS
from actors.monitor import PerformanceMonitor, format_summary


@dataclass
class Recorder:
    """Metrics that remember."""

    seen: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)

    def _note(self, kind: str, name: str, labels: Mapping[str, str], value: float) -> None:
        spec = {metric.name: metric for metric in METRICS}[name]
        assert (spec.kind, set(spec.labels)) == (kind, set(labels))
        self.seen.append((name, value, dict(labels)))

    def inc(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        self._note("counter", name, labels, amount)

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        self._note("histogram", name, labels, seconds)

    def gauge(self, name: str, labels: Mapping[str, str], value: float) -> None:
        self._note("gauge", name, labels, value)


def busy_monitor() -> PerformanceMonitor:
    monitor = PerformanceMonitor()
    for n in range(250):
        monitor.record_request(success=n >= 8, latency=11.5)
    for n in range(1000):
        monitor.record_cache_hit(n < 682)
    for _ in range(220):
        monitor.record_parallel_execution()
    for _ in range(3):
        monitor.record_timeout()
    for _ in range(8):
        monitor.record_retry()
    return monitor


def test_rates_are_absent_before_any_data() -> None:
    stats = PerformanceMonitor().get_stats()

    assert (stats["success_rate"], stats["average_latency"], stats["cache_hit_rate"]) == (None, None, None)
    assert (stats["total_requests"], stats["timeouts"], stats["retries"]) == (0, 0, 0)


def test_rates_are_percentages_and_latency_is_the_mean_in_seconds() -> None:
    stats = busy_monitor().get_stats()

    assert stats["total_requests"] == 250
    assert stats["success_rate"] == pytest.approx(96.8)
    assert stats["average_latency"] == pytest.approx(11.5)
    assert stats["cache_hit_rate"] == pytest.approx(68.2)
    assert (stats["parallel_executions"], stats["timeouts"], stats["retries"]) == (220, 3, 8)


def test_failed_requests_count_in_the_latency() -> None:
    monitor = PerformanceMonitor()
    monitor.record_request(success=True, latency=1)
    monitor.record_request(success=False, latency=3)

    assert monitor.get_stats()["average_latency"] == 2


def test_the_report_is_seven_lines_in_a_frame() -> None:
    assert format_summary(busy_monitor().get_stats()).splitlines() == [
        "=" * 60,
        "PERFORMANCE STATISTICS",
        "=" * 60,
        "Total Requests:      250",
        "Success Rate:        96.8%",
        "Average Latency:     11.5s",
        "Cache Hit Rate:      68.2%",
        "Parallel Executions: 220",
        "Timeouts:            3",
        "Retries:             8",
        "=" * 60,
    ]


def test_the_report_says_where_there_is_no_data_yet() -> None:
    report = format_summary(PerformanceMonitor().get_stats())

    assert "Success Rate:        n/a\nAverage Latency:     n/a\nCache Hit Rate:      n/a" in report
    assert "Total Requests:      0" in report


@pytest.mark.parametrize("wrong", [-0.1, math.nan, math.inf])
def test_an_impossible_duration_is_refused_and_counts_for_nothing(wrong: float) -> None:
    monitor = PerformanceMonitor()

    with pytest.raises(InvalidInputError):
        monitor.record_request(success=True, latency=wrong)
    with pytest.raises(InvalidInputError):
        monitor.record_layer("draft", wrong)
    assert monitor.get_stats()["total_requests"] == 0


def test_layers_have_their_own_quantiles() -> None:
    monitor = PerformanceMonitor()
    for n in range(1, 101):
        monitor.record_layer("draft", n / 10)
    monitor.record_layer("review", 0.25)

    layers = monitor.get_stats()["layers"]

    assert layers["draft"]["count"] == 100
    assert layers["draft"]["p50_s"] == pytest.approx(5.0, rel=0.07)
    assert layers["draft"]["p99_s"] == pytest.approx(9.9, rel=0.07)
    assert layers["review"]["p50_s"] == layers["review"]["p99_s"] == pytest.approx(0.25)


@given(st.lists(st.floats(1e-4, 1e4), min_size=1), st.floats(0, 1))
def test_a_quantile_is_within_six_percent_of_the_true_one(durations_s: list[float], share: float) -> None:
    histogram = Histogram()
    for duration_s in durations_s:
        histogram.observe(duration_s)
    true_s = sorted(durations_s)[max(1, math.ceil(share * len(durations_s))) - 1]

    assert histogram.quantile(share) == pytest.approx(true_s, rel=0.0601)


@pytest.mark.parametrize("extreme_s", [0.0, 1e-9, 1e6])
def test_durations_beyond_the_buckets_are_still_counted(extreme_s: float) -> None:
    histogram = Histogram()
    histogram.observe(extreme_s)

    assert histogram.quantile(0.5) == extreme_s


def test_a_histogram_does_not_grow() -> None:
    histogram, source = Histogram(), random.Random(1)  # noqa: S311 - not a secret
    size = len(histogram._counts)
    for _ in range(10_000):
        histogram.observe(source.expovariate(0.1))

    assert len(histogram._counts) == size


def test_the_latest_state_of_each_breaker_is_shown() -> None:
    monitor = PerformanceMonitor()
    monitor.record_breaker("research", "open")
    monitor.record_breaker("draft", "open")
    monitor.record_breaker("research", "half_open")

    assert monitor.get_stats()["breakers"] == {"research": "half_open", "draft": "open"}


def test_an_unknown_breaker_state_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="state"):
        PerformanceMonitor().record_breaker("research", "ajar")  # type: ignore[arg-type]


def test_degraded_steps_are_counted_by_name() -> None:
    monitor = PerformanceMonitor()
    for step in ("research", "research", "review"):
        monitor.record_degraded(step)

    assert monitor.get_stats()["degraded"] == {"research": 2, "review": 1}


def test_a_breaker_finds_its_latest_snapshot_again() -> None:
    monitor = PerformanceMonitor()
    monitor.save_breaker("research", '{"state":"open"}', 1000.0)
    monitor.save_breaker("research", '{"state":"closed"}', 2000.0)
    monitor.save_breaker("research", '{"state":"late"}', 1500.0)

    assert monitor.load_breaker("research") == ('{"state":"closed"}', 2000.0)
    assert monitor.load_breaker("draft") is None


def test_every_record_is_mirrored_with_the_labels_that_its_metric_declares() -> None:
    mirror = Recorder()
    monitor = PerformanceMonitor(mirror)
    monitor.record_request(success=True, latency=2.5)
    monitor.record_request(success=False, latency=1.0)
    monitor.record_cache_hit(hit=False)
    monitor.record_parallel_execution()
    monitor.record_timeout()
    monitor.record_retry()
    monitor.record_layer("draft", 0.5)
    monitor.record_breaker("draft", "open")
    monitor.record_degraded("review")

    assert {name for name, _, _ in mirror.seen} == {metric.name for metric in METRICS}
    assert ("lexray_requests", 1, {"outcome": "failure"}) in mirror.seen
    assert ("lexray_layer_seconds", 0.5, {"layer": "draft"}) in mirror.seen
    assert ("lexray_breaker_state", 2, {"agent": "draft"}) in mirror.seen


def test_reading_the_statistics_gives_a_copy() -> None:
    monitor = PerformanceMonitor()
    monitor.record_degraded("review")
    monitor.get_stats()["degraded"]["review"] = 99

    assert monitor.get_stats()["degraded"] == {"review": 1}
