"""What the path of a draft needs to know of its layers: their bookkeeping, and what is said when one gives up."""

from dataclasses import dataclass, field
from typing import Any

from actors.errors import AgentUnavailableError
from actors.messages import Layer, ModelUse
from actors.resilience.retry import Retry

INSTEAD: dict[Layer, str] = {
    "research": "Legal research was not available: no authority was looked up for this document.",
    "review": "This document was not fully reviewed: the review did not finish.",
    "validation": "This document was not fully validated: the check of the jurisdiction's rules did not finish.",
    "citations": "The citations of this document were not checked.",
}
"""What the reader of the document is told of a step that gave up. Intake and drafting have no stand-in."""

RESTART_RETRY = Retry(attempts=10, factor=1.3, retries=lambda error: isinstance(error, AgentUnavailableError))
"""For an agent whose process died: its own retries died with it. A restart takes 1 to 5 s."""


@dataclass(slots=True)
class Work:
    """One layer's bookkeeping while its calls run."""

    layer: Layer
    started_s: float
    attempts: int = 0
    result: dict[str, Any] = field(default_factory=dict)
    models: dict[str, ModelUse] = field(default_factory=dict)
    """What the layer used of each model, by its name."""
    stand_ins: set[str] = field(default_factory=set)
    """What was said already of things done in another way."""

    def count(self, use: ModelUse) -> None:
        """Add to what the layer used of a model."""
        before = self.models.get(use.model)
        self.models[use.model] = use if before is None else _added(before, use)


def _added(first: ModelUse, second: ModelUse) -> ModelUse:
    costs = [use.cost for use in (first, second) if use.cost is not None]
    return ModelUse(
        model=first.model,
        calls=first.calls + second.calls,
        input_tokens=first.input_tokens + second.input_tokens,
        output_tokens=first.output_tokens + second.output_tokens,
        untold_calls=first.untold_calls + second.untold_calls,
        cost=sum(costs) if costs else None,
    )
