"""The cache and the monitor of one process, ready to import, and one look at both.

A fleet has actors of the same classes instead, shared by all its processes.
"""

import sys
from typing import TextIO, TypedDict

from actors.cache import LegalSearchCache
from actors.monitor import PerformanceMonitor, PerformanceStats, format_summary


class SystemStatus(TypedDict):
    """One look at the whole."""

    optimization_active: bool
    """Whether repeated searches are answered from the cache at all: false with a time to live of 0."""
    cache_stats: dict[str, int | float]
    performance_stats: PerformanceStats


class OptimizationManager:
    """Reports on a cache and a monitor together."""

    def __init__(self, cache: LegalSearchCache, monitor: PerformanceMonitor) -> None:
        self._cache, self._monitor = cache, monitor

    def get_system_status(self) -> SystemStatus:
        """Return the statistics of both."""
        cache_stats = self._cache.get_stats()
        return {
            "optimization_active": cache_stats["ttl_seconds"] > 0,
            "cache_stats": cache_stats,
            "performance_stats": self._monitor.get_stats(),
        }

    def print_summary(self, out: TextIO | None = None) -> None:
        """Write the performance report to `out`, by default to standard output."""
        (out or sys.stdout).write(format_summary(self._monitor.get_stats()) + "\n")


legal_cache = LegalSearchCache()
performance_monitor = PerformanceMonitor()
optimization_manager = OptimizationManager(legal_cache, performance_monitor)
