"""What a step did with models: attempts, tokens, stand-ins."""

import time

from actors.llm.call import Usage
from actors.messages import ModelUse, RetryNote, StandIn, StepReport
from actors.resilience.policy_events import PolicyEvent
from actors.resilience.verdict import reason_of


class ModelTally:
    """Collects over all attempts, repairs and endpoints of one step; failed ones cost tokens too.

    Whoever wants to know what a step used that fails in the end hands in a tally of its own and reads it then.
    """

    def __init__(self, agent: str) -> None:
        self.attempts = 0
        self.reason = ""
        """Why the latest attempt failed, or was not even made; empty before the first failure."""
        self._agent = agent
        self._begun_s = time.monotonic()
        self._retries: list[RetryNote] = []
        self._models: dict[str, ModelUse] = {}
        self._stand_ins: list[StandIn] = []

    def begin(self, model: str) -> int:
        """Count one attempt and return its id, from 1 over the whole step."""
        self.attempts += 1
        self._add(model, ModelUse(model=model, calls=1, input_tokens=0, output_tokens=0))
        return self.attempts

    def used(self, model: str, usage: Usage) -> None:
        """Add what an attempt used."""
        self._add(
            model,
            ModelUse(
                model=model,
                calls=0,
                input_tokens=usage.input_tokens,
                output_tokens=usage.output_tokens,
                cost=usage.cost,
                untold_calls=int(not usage.told),
            ),
        )

    def failed(self, error: Exception) -> None:
        """Note that the latest attempt failed."""
        self.reason = reason_of(error)
        self._retries.append(RetryNote(attempt=self.attempts, wait_s=0.0, reason=self.reason))

    def record(self, event: PolicyEvent) -> None:
        """Take the wait before the next attempt from the policies that decide on it."""
        if event.kind == "retried" and self._retries:
            self._retries[-1] = self._retries[-1].model_copy(update={"wait_s": event.wait_s})

    def stood_in(self, reason: str, instead: str) -> None:
        """Note that something else did what a model should have done."""
        self._stand_ins.append(StandIn(reason=reason, instead=instead))

    def report(self) -> StepReport:
        """Return what the step did so far."""
        return StepReport(
            agent=self._agent,
            attempts=self.attempts,
            seconds=time.monotonic() - self._begun_s,
            retries=tuple(self._retries),
            models=tuple(self._models.values()),
            stand_ins=tuple(self._stand_ins),
        )

    def _add(self, model: str, use: ModelUse) -> None:
        known = self._models.get(model)
        self._models[model] = use if known is None else _sum(known, use)


def _sum(one: ModelUse, other: ModelUse) -> ModelUse:
    costs = [use.cost for use in (one, other) if use.cost is not None]
    return ModelUse(
        model=one.model,
        calls=one.calls + other.calls,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        cost=sum(costs) if costs else None,
        untold_calls=one.untold_calls + other.untold_calls,
    )
