"""The monitor actor: the figures of all drafts, and the breaker states that outlive their agents."""

import json

from actors.draft_record import DraftRecord
from actors.monitor import Metrics, PerformanceMonitor, PerformanceStats


class MonitorAgent:
    """A mailbox around one monitor. A restart loses the figures since the start, and the breaker states it held."""

    def __init__(self, metrics: Metrics) -> None:
        self._monitor = PerformanceMonitor(metrics)

    async def record_draft(self, record: DraftRecord) -> None:
        """Count one draft."""
        self._monitor.record_request(success=record.success, latency=record.seconds)
        if record.cache_hit is not None:
            self._monitor.record_cache_hit(record.cache_hit)
        if record.parallel:
            self._monitor.record_parallel_execution()
        for _ in range(record.retries):
            self._monitor.record_retry()
        for _ in range(record.timeouts):
            self._monitor.record_timeout()
        for layer, seconds in record.layers_s.items():
            self._monitor.record_layer(layer, seconds)
        for step in record.degraded:
            self._monitor.record_degraded(step)

    async def save_breaker(self, name: str, snapshot_json: str, saved_at_epoch_s: float) -> None:
        """Keep the state of a breaker."""
        self._monitor.save_breaker(name, snapshot_json, saved_at_epoch_s)
        self._monitor.record_breaker(name, json.loads(snapshot_json)["state"])

    async def load_breaker(self, name: str) -> tuple[str, float] | None:
        """Return the last state of a breaker."""
        return self._monitor.load_breaker(name)

    async def stats(self) -> PerformanceStats:
        """Return the figures since the start."""
        return self._monitor.get_stats()
