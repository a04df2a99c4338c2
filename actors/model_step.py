"""How an agent asks language models: along a chain of endpoints, with repairs, under policies, with a report."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from actors.domain.prompting.prompt import Prompt
from actors.errors import (
    DeadlineExceededError,
    LexrayError,
    ModelEndpointError,
    ModelRefusedError,
    RequestError,
    StepFailedError,
)
from actors.llm.call import LLM
from actors.llm.endpoint import Endpoint
from actors.llm.json_answer import json_object_in
from actors.llm.openai_model import OpenAIModel
from actors.messages import Hop, StepReport
from actors.model_link import ModelLink, Sink, Unread, Unusable
from actors.model_tally import ModelTally
from actors.resilience.deadline import Deadline
from actors.resilience.verdict import reason_of
from actors.step import BreakerVault
from actors.step_policy import StepPolicy

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

FIELDS_COMPLAINED = 12
"""So many wrong fields are named to the model at a time."""

logger = logging.getLogger(__name__)


def no_complaints(_answer: object) -> Sequence[str]:
    """Accept any answer."""
    return ()


async def no_objection(_text: str) -> Sequence[str]:
    """Accept any text."""
    return ()


class ModelStep:
    """The models of one agent, first choice first.

    Keeps no draft. A restart loses counts; breakers and pauses come back from the vault.
    """

    def __init__(
        self,
        agent: str,
        chain: Sequence[Endpoint],
        policy: StepPolicy,
        vault: BreakerVault,
        connect: Callable[[Endpoint], LLM] = OpenAIModel,
    ) -> None:
        if not chain:
            raise ValueError("a chain of models has at least one endpoint")
        self.agent = agent
        self._models = [connect(endpoint) for endpoint in chain]
        self._links = [
            ModelLink(_name(agent, place), endpoint, policy, vault, model)
            for place, (endpoint, model) in enumerate(zip(chain, self._models, strict=True))
        ]

    async def answer(
        self,
        hop: Hop,
        prompt: Prompt,
        shape: type[M],
        check: Callable[[M], Sequence[str]] = no_complaints,
        tally: ModelTally | None = None,
    ) -> tuple[StepReport, M]:
        """Return a model's answer of the form of `shape`.

        Args:
            hop: Its budget is the step's.
            prompt: The question; without a schema of its own it gets the one of `shape`.
            shape: What the JSON of the answer is read as.
            check: Returns what is wrong with an answer of the right form, as sentences for the model; the answer is
                good when there are none.
            tally: The caller's own, where it wants to know what a step used that fails.

        Raises:
            StepFailedError: No model of the chain gave an answer of use.
            ModelEndpointError: Address, key or name of the first model is wrong. Nothing stands in for that.
            ModelRefusedError: The last model of the chain declines, or the text is too long for it.
            DeadlineExceededError: The budget is spent.
        """

        async def read(text: str) -> M:
            found = _shaped(text, shape)
            if complaints := check(found):
                raise Unusable(complaints)
            return found

        asked = prompt
        if prompt.json_schema is None:
            asked = Prompt(
                prompt.task, prompt.system, prompt.user, shape.model_json_schema(), prompt.max_output_tokens
            )
        return await self._along(hop, asked, Unread(), read, tally)

    async def write(
        self,
        hop: Hop,
        prompt: Prompt,
        sink: Sink,
        finished: Callable[[str], Awaitable[Sequence[str]]] = no_objection,
        tally: ModelTally | None = None,
    ) -> tuple[StepReport, str]:
        """Return the text that a model wrote, after streaming it into `sink`.

        An attempt that fails half-way is never continued by another: the sink is told that a new one begins.

        Args:
            hop: Its budget is the step's.
            prompt: The question.
            sink: Gets every attempt, piece by piece; the text returned is that of its last.
            finished: Returns what is wrong with a whole text, as sentences for the model. May take its time: what else
                streams comes first.
            tally: As with `answer`.

        Raises:
            LexrayError: As `answer`.
        """

        async def read(text: str) -> str:
            if complaints := await finished(text):
                raise Unusable(complaints)
            return text

        return await self._along(hop, prompt, sink, read, tally)

    async def aclose(self) -> None:
        """Let all connections go."""
        for model in self._models:
            await model.aclose()

    async def _along(
        self,
        hop: Hop,
        prompt: Prompt,
        sink: Sink,
        read: Callable[[str], Awaitable[T]],
        tally: ModelTally | None,
    ) -> tuple[StepReport, T]:
        tally = tally or ModelTally(self.agent)
        deadline, failures = Deadline.after(hop.budget_s), list[LexrayError]()
        for link in self._links:
            try:
                result = await link.ask(deadline, prompt, sink, read, tally)
            except LexrayError as error:
                if self._is_final(error, link, deadline):
                    raise
                failures.append(error)
                tally.reason = reason_of(error)
                logger.warning("agent=%s model=%s failed: %s", self.agent, link.endpoint.model, tally.reason)
            else:
                if failures:
                    self._stand_in(link, failures, tally)
                return tally.report(), result
        raise self._end(failures, tally)

    def _is_final(self, error: LexrayError, link: ModelLink, deadline: Deadline) -> bool:
        """Tell whether no other endpoint may try."""
        match error:
            case ModelEndpointError():
                return link is self._links[0]
            case DeadlineExceededError():
                return deadline.left_s() <= 0
            case _:
                return isinstance(error, RequestError)

    def _stand_in(self, link: ModelLink, failures: Sequence[LexrayError], tally: ModelTally) -> None:
        first = self._links[0].endpoint.model
        tally.stood_in(_reasons(failures), f"{link.endpoint.model} did this step in place of {first}.")

    def _end(self, failures: Sequence[LexrayError], tally: ModelTally) -> LexrayError:
        if isinstance(failures[-1], ModelRefusedError):
            return failures[-1]
        return StepFailedError(self.agent, tally.attempts, _reasons(failures))


def _name(agent: str, place: int) -> str:
    """Return the name of an endpoint's breaker."""
    return f"{agent} model" if place == 0 else f"{agent} fallback model" + (f" {place}" if place > 1 else "")


def _reasons(failures: Sequence[LexrayError]) -> str:
    """Return why each endpoint failed, without the name of the step, which whoever reads it knows."""
    return "; then ".join(
        error.reason if isinstance(error, StepFailedError) else reason_of(error) for error in failures
    )


def _shaped(text: str, shape: type[M]) -> M:
    try:
        return shape.model_validate_json(json_object_in(text))
    except ValidationError as error:
        listed = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = [f"{_place(found['loc'])}: {found['msg']}" for found in listed[:FIELDS_COMPLAINED]]
        raise Unusable(wrong) from None
    except ValueError as error:
        raise Unusable((str(error),)) from None


def _place(location: Sequence[int | str]) -> str:
    return json.dumps(".".join(map(str, location)) or "the whole", ensure_ascii=False)
