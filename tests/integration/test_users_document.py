"""Every usage that the user's document shows, under the names it uses."""

import asyncio
from pathlib import Path

import pytest

from actors.cache import LegalSearchCache
from actors.config import Settings
from actors.errors import AttemptTimeoutError, BreakerOpenError, InvalidInputError, StepFailedError
from actors.messages import EssentialData
from actors.monitor import PerformanceMonitor
from actors.optimization import legal_cache, optimization_manager
from actors.resilience.decorators import CircuitBreaker, async_with_timeout, with_retry
from actors.resilience.parallel import ParallelExecutor
from cluster.orchestrator import LayeredAgentOrchestrator


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


async def test_basic_usage_drafts_a_document(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    orchestrator = LayeredAgentOrchestrator(inline=True, settings=settings)
    result = await orchestrator.process(message="Create a service agreement", session_id="user-123")
    assert result["session_id"] == "user-123"
    assert result["essential_data"]["task_type"] == "services"
    assert set(result["essential_data"]) == {
        *("user_request", "task_type", "jurisdiction", "current_layer", "progress_percentage")
    }
    assert result["document"]["markdown"].startswith("# ")
    optimization_manager.print_summary()
    assert "PERFORMANCE STATISTICS" in capsys.readouterr().out


@pytest.mark.usefixtures("local_ray")
async def test_the_orchestrator_drafts_on_ray_actors(ray_settings: Settings) -> None:
    async with LayeredAgentOrchestrator(settings=ray_settings) as orchestrator:
        result = await orchestrator.process(
            message="Mutual NDA between Acme, Inc. and Beta LLC under Delaware law", session_id="s"
        )
    assert result["status"] == "finished"


async def test_the_plain_sequence_gives_the_same_document(settings: Settings) -> None:
    message = "Mutual NDA between Acme, Inc. and Beta LLC under New York law"
    parallel = await LayeredAgentOrchestrator(inline=True, settings=settings).process(message=message)
    plain = await LayeredAgentOrchestrator(use_parallel=False, inline=True, settings=settings).process(
        message=message
    )
    assert parallel["document"] == plain["document"]
    assert parallel["validation"] == plain["validation"]


async def test_a_refused_request_is_an_error_and_not_a_result(settings: Settings) -> None:
    with pytest.raises(InvalidInputError):
        await LayeredAgentOrchestrator(inline=True, settings=settings).process(message="what is the weather")


def test_the_cache_is_read_cleared_and_counted() -> None:
    legal_cache.clear()
    legal_cache.set("nda law", "US-DE", "v1", {"found": 3})
    assert legal_cache.get("nda law", "US-DE", "v1") == {"found": 3}
    assert legal_cache.get("nda law", "US-CA", "v1") is None
    stats = legal_cache.get_stats()
    assert stats["active_entries"] == 1
    assert {"total_entries", "active_entries", "expired_entries", "ttl_seconds", "hits", "misses"} <= set(
        stats
    )
    legal_cache.clear()
    assert legal_cache.get_stats()["total_entries"] == 0


def test_the_time_to_live_is_configured_in_seconds() -> None:
    assert LegalSearchCache(ttl_seconds=300).get_stats()["ttl_seconds"] == 300


async def test_tasks_run_in_parallel_and_a_failure_is_raised() -> None:
    async def give(value: int) -> int:
        return value

    async def fail() -> int:
        raise StepFailedError("validation", 3, "down")

    tasks = [asyncio.create_task(give(n)) for n in range(3)]
    assert await ParallelExecutor.run_parallel(tasks) == [0, 1, 2]
    with pytest.raises(StepFailedError):
        await ParallelExecutor.run_parallel([asyncio.create_task(give(1)), asyncio.create_task(fail())])


async def test_the_decorators_bound_and_repeat_a_call() -> None:
    calls = 0

    @async_with_timeout(timeout_seconds=30)
    @with_retry(max_retries=3, backoff_factor=0.0)
    async def research_node() -> str:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise ConnectionError
        return "found"

    @async_with_timeout(timeout_seconds=0.01)
    async def hangs() -> None:
        await asyncio.Event().wait()

    assert await research_node() == "found"
    with pytest.raises(AttemptTimeoutError):
        await hangs()


def test_the_circuit_breaker_opens_after_five_failures() -> None:
    circuit_breaker = CircuitBreaker(failure_threshold=5, timeout=60)

    def external_api_call() -> None:
        raise ConnectionError

    for _ in range(5):
        with pytest.raises(ConnectionError):
            circuit_breaker.call(lambda: external_api_call())
    assert circuit_breaker.state == "OPEN"
    with pytest.raises(BreakerOpenError):
        circuit_breaker.call(lambda: external_api_call())


def test_the_monitor_counts_what_it_is_told() -> None:
    monitor = PerformanceMonitor()
    monitor.record_request(success=True, latency=16.5)
    monitor.record_cache_hit(True)
    stats = monitor.get_stats()
    assert stats["total_requests"] == 1
    assert stats["success_rate"] == 100.0
    assert stats["average_latency"] == 16.5
    assert stats["cache_hit_rate"] == 100.0
    assert {"parallel_executions", "timeouts", "retries"} <= set(stats)


def test_the_system_status_has_the_documented_parts() -> None:
    status = optimization_manager.get_system_status()
    assert set(status) == {"optimization_active", "cache_stats", "performance_stats"}


def test_the_state_that_travels_holds_the_five_documented_fields() -> None:
    assert list(EssentialData.model_fields) == [
        *("user_request", "task_type", "jurisdiction", "current_layer", "progress_percentage")
    ]
