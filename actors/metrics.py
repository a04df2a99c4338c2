"""The figures that lexray shows to the outside: names, kinds and labels."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One figure. Label values are ids from fixed lists (layers, agents, steps), never content of a draft."""

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    description: str
    labels: tuple[str, ...] = ()


REQUESTS = MetricSpec("lexray_requests", "counter", "Drafts asked for, by outcome.", ("outcome",))
REQUEST_SECONDS = MetricSpec("lexray_request_seconds", "histogram", "Time of a whole draft, in seconds.")
LAYER_SECONDS = MetricSpec("lexray_layer_seconds", "histogram", "Time in a layer, in seconds.", ("layer",))
CACHE_LOOKUPS = MetricSpec("lexray_cache_lookups", "counter", "Questions to the search cache.", ("outcome",))
PARALLEL = MetricSpec("lexray_parallel_executions", "counter", "Sets of steps that ran side by side.")
TIMEOUTS = MetricSpec("lexray_timeouts", "counter", "Attempts that took too long.")
RETRIES = MetricSpec("lexray_retries", "counter", "Attempts after a failed one.")
DEGRADED = MetricSpec("lexray_degraded_steps", "counter", "Steps that gave a lesser result.", ("step",))
BREAKER = MetricSpec(
    "lexray_breaker_state", "gauge", "Circuit breaker: 0 closed, 1 half open, 2 open.", ("agent",)
)

METRICS = (
    REQUESTS,
    REQUEST_SECONDS,
    LAYER_SECONDS,
    CACHE_LOOKUPS,
    PARALLEL,
    TIMEOUTS,
    RETRIES,
    DEGRADED,
    BREAKER,
)
"""All of them, for shells that must declare figures before using them."""
