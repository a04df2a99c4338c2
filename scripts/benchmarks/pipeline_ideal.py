"""The best that any schedule could do with the provider's own times: the longest chain of dependent calls."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

CHECKS = ("sim-review", "sim-validation", "sim-citations")


def service_times(log: Iterable[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return the seconds from request to last token, by model, in the order in which the calls ended."""
    times: dict[str, list[float]] = defaultdict(list)
    for entry in sorted(log, key=lambda entry: entry["ended_at_s"]):
        times[entry["model"]].append(entry["last_token_at_s"] - entry["received_at_s"])
    return times


def ideal_s(times: Mapping[str, Sequence[float]], at_a_time: int) -> float:
    """Return the seconds of one document by section: research, then sections, each with its checks behind it.

    Args:
        times: Service times of one document, by model.
        at_a_time: How many sections may be written at once. Checks wait for nothing but their section.
    """
    places, latest = [0.0] * at_a_time, 0.0
    for number, draft_s in enumerate(times["sim-draft"]):
        written = heapq.heappop(places) + draft_s
        heapq.heappush(places, written)
        checks = [calls[number] for model in CHECKS if number < len(calls := times.get(model, ()))]
        latest = max(latest, written + max(checks, default=0.0))
    return sum(times.get("sim-research", ())) + latest


def stage_plan_s(times: Mapping[str, Sequence[float]]) -> float:
    """Return the seconds of the plan by stage: research, draft, review beside validation, citations."""
    total = {model: sum(calls) for model, calls in times.items()}
    beside = max(total.get("sim-review", 0.0), total.get("sim-validation", 0.0))
    return (
        total.get("sim-research", 0.0)
        + total.get("sim-draft", 0.0)
        + beside
        + total.get("sim-citations", 0.0)
    )
