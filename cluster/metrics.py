"""The monitor's figures as Ray metrics: what Prometheus scrapes, and what the Ray dashboard's charts can show."""

from collections.abc import Mapping
from typing import Any

from ray.util.metrics import Counter, Gauge, Histogram

from actors.metrics import METRICS, MetricSpec

SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0]
"""Bucket boundaries of latencies."""
SPECS = {spec.name: spec for spec in METRICS}


class RayMetrics:
    """Declares each metric when it is first used, in the process that uses it: only there does Ray export it."""

    def __init__(self) -> None:
        self._declared: dict[str, Any] = {}

    def inc(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        """Count. Ray refuses an increment of 0."""
        if amount > 0:
            self._metric(name).inc(amount, tags=dict(labels))

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        """Put a duration into a histogram."""
        self._metric(name).observe(seconds, tags=dict(labels))

    def gauge(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Set a current value."""
        self._metric(name).set(value, tags=dict(labels))

    def _metric(self, name: str) -> Any:  # noqa: ANN401
        if name not in self._declared:
            self._declared[name] = _declare(SPECS[name])
        return self._declared[name]


def _declare(spec: MetricSpec) -> Any:  # noqa: ANN401
    if spec.kind == "histogram":
        return Histogram(spec.name, spec.description, boundaries=SECONDS, tag_keys=spec.labels)
    kind = Counter if spec.kind == "counter" else Gauge
    return kind(spec.name, spec.description, tag_keys=spec.labels)
