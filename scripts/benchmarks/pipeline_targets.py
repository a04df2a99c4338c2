"""The targets, each as a ratio or a difference within this run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

BY_SECTION, SEQUENTIAL = "ours by section", "ours sequential"
FLOOR, STOCK, TUNED = "plain asyncio", "langgraph stock", "langgraph tuned"


@dataclass(frozen=True, slots=True)
class Target:
    """One promise."""

    name: str
    value: float
    limit: float
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether it is kept."""
        return self.value <= self.limit

    def __str__(self) -> str:
        if self.reached:
            said = "reached"
        else:
            said = f"missed by {self.value - self.limit:.3g}{self.unit} ({self.value / self.limit - 1:.0%})"
        return f"{self.name}: {self.value:.3g}{self.unit} (at most {self.limit:g}{self.unit}): {said}"


def speed_targets(table: Sequence[dict[str, Any]], plan_s: float) -> list[Target]:
    """Return the targets of the table, as far as it has the rows for them; `plan_s` is the plan by stage."""

    def figure(entrant: str, documents: int, cold: bool, name: str) -> float | None:
        for line in table:
            if (line["entrant"], line["documents"], line["cold"]) == (entrant, documents, cold):
                return line[name]
        return None

    one = figure(BY_SECTION, 1, True, "median_s")
    found = [
        _ratio("one document, of the plan by stage", one, plan_s, 0.5),
        _ratio("one document, of LangGraph tuned", one, figure(TUNED, 1, True, "median_s"), 1.0),
        _ratio("one document, of the ideal schedule", one, figure(BY_SECTION, 1, True, "ideal_s"), 1.05),
        _ratio("ten documents at once, of one", figure(BY_SECTION, 10, True, "all_s"), one, 1.3),
    ]
    cached = next(
        (r for r in table if r["entrant"] == BY_SECTION and not r["cold"] and r["documents"] == 1), None
    )
    first_event_s = figure(BY_SECTION, 1, True, "first_event_s")
    if first_event_s is not None:
        found.append(Target("first event of one document", 1e3 * first_event_s, 50.0, " ms"))
    if cached:
        found.append(Target("cached research, exact hit", 1e3 * cached["layers_s"]["research"], 10.0, " ms"))
    return [target for target in found if target]


def _ratio(name: str, part: float | None, whole: float | None, limit: float) -> Target | None:
    return Target(name, part / whole, limit) if part is not None and whole else None


def all_of(*groups: Sequence[Target], say: Callable[[str], None] = print) -> bool:
    """Say of each target whether it is reached; return whether all are."""
    targets = [target for group in groups for target in group]
    for target in targets:
        say(str(target))
    return all(target.reached for target in targets)
