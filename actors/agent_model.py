"""An agent's side of the language model, where it has one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actors.llm.endpoint import Endpoint
from actors.messages import Hop
from actors.step import BreakerVault
from actors.step_policy import StepPolicy

if TYPE_CHECKING:
    from actors.model_step import ModelStep


class AgentModel:
    """The models of one agent, made when a draft first asks for them.

    Falsy without a chain. What it holds belongs to one event loop; a restart loses counts, no work.
    """

    def __init__(
        self, agent: str, chain: Sequence[Endpoint], policy: StepPolicy, vault: BreakerVault
    ) -> None:
        self._agent, self._chain, self._policy, self._vault = agent, chain, policy, vault
        self._step: ModelStep | None = None

    @property
    def name(self) -> str:
        """The name of the model that is asked first."""
        return self._chain[0].model

    def serves(self, hop: Hop) -> bool:
        """Tell whether this draft's work here is a model's."""
        return hop.engine == "model" and bool(self._chain)

    @property
    def step(self) -> "ModelStep":
        """The models, under their policies."""
        if self._step is None:
            # Loaded by the first draft that a model writes: the others need not wait for it.
            from actors.model_step import ModelStep  # noqa: PLC0415

            self._step = ModelStep(self._agent, self._chain, self._policy, self._vault)
        return self._step
