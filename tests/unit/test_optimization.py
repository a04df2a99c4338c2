"""The names that a program imports to use cache and monitor without a fleet."""

import io

import pytest

from actors.cache import LegalSearchCache
from actors.monitor import PerformanceMonitor
from actors.optimization import (
    OptimizationManager,
    legal_cache,
    optimization_manager,
    performance_monitor,
)


def test_the_status_joins_the_figures_of_cache_and_monitor() -> None:
    cache, monitor = LegalSearchCache(), PerformanceMonitor()
    cache.set("residuals", "US-DE", "2026-01", ["a note"])
    monitor.record_request(success=True, latency=2)

    status = OptimizationManager(cache, monitor).get_system_status()

    assert status["optimization_active"]
    assert status["cache_stats"]["active_entries"] == 1
    assert status["performance_stats"]["total_requests"] == 1


def test_a_cache_that_keeps_nothing_is_no_optimization() -> None:
    status = OptimizationManager(LegalSearchCache(ttl_seconds=0), PerformanceMonitor()).get_system_status()

    assert not status["optimization_active"]


def test_the_summary_is_written_where_asked() -> None:
    monitor, out = PerformanceMonitor(), io.StringIO()
    monitor.record_request(success=True, latency=2)
    OptimizationManager(LegalSearchCache(), monitor).print_summary(out)

    assert "Average Latency:     2.0s\n" in out.getvalue()


def test_the_ready_made_names_work_together(capsys: pytest.CaptureFixture[str]) -> None:
    legal_cache.clear()
    legal_cache.set("residuals", "US-DE", "2026-01", {"found": 1})
    before = performance_monitor.get_stats()["total_requests"]
    performance_monitor.record_request(success=True, latency=1)
    optimization_manager.print_summary()

    status = optimization_manager.get_system_status()
    assert legal_cache.get("residuals", "US-DE", "2026-01") == {"found": 1}
    assert status["cache_stats"]["total_entries"] == 1
    assert status["performance_stats"]["total_requests"] == before + 1
    assert "PERFORMANCE STATISTICS" in capsys.readouterr().out
    legal_cache.clear()
