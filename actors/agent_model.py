"""An agent's side of the language model, where it has one."""

import importlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from actors.domain.prompting.prompt import Prompt
from actors.errors import (
    BreakerOpenError,
    ModelPausedError,
    ModelRefusedError,
    OverloadedError,
    StepFailedError,
)
from actors.llm.endpoint import Endpoint
from actors.messages import Hop, StepReport
from actors.resilience.verdict import reason_of
from actors.step import BreakerVault
from actors.step_policy import StepPolicy

if TYPE_CHECKING:
    from actors.model_step import ModelStep

M = TypeVar("M", bound=BaseModel)

REPLACEABLE = (StepFailedError, BreakerOpenError, OverloadedError, ModelPausedError, ModelRefusedError)
"""Failures of a model for which something else can stand in. A wrong address or key is not among them."""


class AgentModel:
    """The models of one agent, made when a draft first asks for them.

    What it holds belongs to one event loop; a restart loses counts, no work.
    """

    def __init__(
        self, agent: str, chain: Sequence[Endpoint], policy: StepPolicy, vault: BreakerVault
    ) -> None:
        self._agent, self._chain, self._policy, self._vault = agent, chain, policy, vault
        self._step: ModelStep | None = None
        if chain:
            # The SDK takes a second or more to load: beside whatever else the process does first.
            threading.Thread(target=_load, daemon=True).start()

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

    async def consult(
        self, hop: Hop, prompt: Prompt, shape: type[M], instead: str
    ) -> tuple[StepReport, M | None]:
        """Return a model's answer, or none where it failed: the report then says what is done instead.

        Args:
            hop: The envelope.
            prompt: The question.
            shape: What the answer is read as.
            instead: One sentence for the reader of the document.

        Raises:
            ModelEndpointError: There is no such model.
            DeadlineExceededError: The budget is spent.
        """
        from actors.model_tally import ModelTally  # noqa: PLC0415

        tally = ModelTally(self._agent)
        try:
            return await self.step.answer(hop, prompt, shape, tally=tally)
        except REPLACEABLE as error:
            tally.stood_in(reason_of(error), instead)
            return tally.report(), None


def _load() -> None:
    for module in ("openai", "actors.model_step", "actors.consulting", "actors.section_writing"):
        importlib.import_module(module)
