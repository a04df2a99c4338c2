"""One endpoint of an agent's chain, under its own policies."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Protocol, TypeVar

from actors.domain.prompting.prompt import Prompt
from actors.errors import LexrayError, ModelAnswerError, ModelPausedError
from actors.llm.call import LLM, ModelCall, Usage
from actors.llm.endpoint import Endpoint
from actors.model_pause import ModelPause
from actors.model_tally import ModelTally
from actors.resilience.deadline import Deadline
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy

T = TypeVar("T")

REPAIRS = 2
"""Further tries after an answer that is of no use, each told what was wrong."""

REJECTED_CHARS = 12_000
COMPLAINT_CHARS = 2_000
"""So much of a useless answer and of the complaints about it is said back to the model."""


class Sink(Protocol):
    """Where the text of an attempt goes while it is written."""

    async def begin(self, attempt: int, model: str, reason: str) -> None:
        """Begin attempt number `attempt` (from 1, over all endpoints): what earlier ones wrote is void. May wait.

        Args:
            attempt: Its id.
            model: The model that is asked, by name.
            reason: Why the attempt before it failed; empty for the first.
        """

    async def piece(self, text: str) -> None:
        """Take the next piece of the attempt. May wait: the provider is read no faster."""

    async def end(self) -> None:
        """Note that the model says no more in this attempt; what it said is still to be judged."""


class Unread:
    """The sink for answers that nobody reads before they are whole."""

    async def begin(self, attempt: int, model: str, reason: str) -> None:
        """Ignore it."""

    async def piece(self, text: str) -> None:
        """Ignore it."""

    async def end(self) -> None:
        """Ignore it."""


class Unusable(Exception):  # noqa: N818 (no failure by itself: the next try is told of it)
    """What is wrong with an answer, in sentences for the model."""

    def __init__(self, complaints: Sequence[str]) -> None:
        super().__init__(*complaints)
        self.complaints = complaints


class ModelLink:
    """One model and its policies: retry, bulkhead of the endpoint, breaker, and pause when the quota is spent.

    There is no limit for a whole attempt: the client ends one that keeps silent, and a long answer may take as long as
    the step may.
    """

    def __init__(
        self, name: str, endpoint: Endpoint, policy: StepPolicy, vault: BreakerVault, model: LLM
    ) -> None:
        self.endpoint = endpoint
        self._model = model
        self._step_s = policy.step_s
        own = policy.model_copy(update={"permits": endpoint.in_flight, "attempt_s": policy.step_s})
        self._guard = GuardedStep(name, own, vault)
        self._pause = ModelPause(f"{name} quota", endpoint.name, vault)

    async def ask(
        self,
        deadline: Deadline,
        prompt: Prompt,
        sink: Sink,
        read: Callable[[str], Awaitable[T]],
        tally: ModelTally,
    ) -> T:
        """Return what `read` makes of the model's answer.

        Args:
            deadline: Of the step; all tries together also have the policy's own.
            prompt: The question.
            sink: Gets the pieces as they come.
            read: Raises `Unusable` where the answer is of no use: the model is told, and may try again twice.
            tally: Told of everything.

        Raises:
            ModelAnswerError: No try was of use.
            LexrayError: As the policies and `LLM` raise.
        """
        own, call = deadline.child(self._step_s), _first(prompt)
        for repair in range(REPAIRS + 1):
            attempt = Attempt(self._model, self.endpoint, call, sink, tally)
            try:
                return await self._guard.attempt(own, tally, self._guarded, attempt.run, read)
            except ModelAnswerError as error:
                if repair == REPAIRS:
                    raise
                call = _again(prompt, attempt.text, attempt.complaints or (error.reason,))
        raise AssertionError("tries end with an answer or an error")

    async def _guarded(
        self,
        run: Callable[[Callable[[str], Awaitable[T]]], Awaitable[T]],
        read: Callable[[str], Awaitable[T]],
    ) -> T:
        await self._pause.check()
        try:
            return await run(read)
        except ModelPausedError as error:
            await self._pause.begin(error.retry_after_s)
            raise


class Attempt:
    """One question to the model, asked until there is one answer: what it said last, and what was wrong with it."""

    def __init__(
        self, model: LLM, endpoint: Endpoint, call: ModelCall, sink: Sink, tally: ModelTally
    ) -> None:
        self.text = ""
        self.complaints: Sequence[str] = ()
        self._model, self._endpoint, self._call = model, endpoint, call
        self._sink, self._tally = sink, tally

    async def run(self, read: Callable[[str], Awaitable[T]]) -> T:
        """Ask, and return what `read` makes of the answer."""
        number = self._tally.begin(self._endpoint.model)
        await self._sink.begin(number, self._endpoint.model, self._tally.reason if number > 1 else "")
        try:
            await self._listen()
            await self._sink.end()
            return await self._understood(read)
        except LexrayError as error:
            self._tally.failed(error)
            raise

    async def _listen(self) -> None:
        pieces: list[str] = []
        usage: Usage | None = None
        try:
            async with aclosing(self._model.stream(self._call)) as parts:
                async for part in parts:
                    if isinstance(part, Usage):
                        usage = part
                    else:
                        pieces.append(part)
                        await self._sink.piece(part)
        finally:
            self.text = "".join(pieces)
            if usage is None and pieces:
                usage = Usage(input_tokens=0, output_tokens=len(pieces), told=False)
            if usage is not None:
                self._tally.used(self._endpoint.model, usage)

    async def _understood(self, read: Callable[[str], Awaitable[T]]) -> T:
        if not self.text.strip():
            raise ModelAnswerError(self._endpoint.name, "its answer is empty")
        try:
            return await read(self.text)
        except Unusable as wrong:
            self.complaints = wrong.complaints
            count = len(wrong.complaints)
            # The complaints may quote the draft, which no report does.
            raise ModelAnswerError(
                self._endpoint.name, f"its answer is not what was asked for ({count} complaints)"
            ) from None


def _first(prompt: Prompt) -> ModelCall:
    return ModelCall(
        task=prompt.task,
        system=prompt.system,
        user=prompt.user,
        json_schema=prompt.json_schema,
        max_output_tokens=prompt.max_output_tokens,
    )


def _again(prompt: Prompt, rejected: str, complaints: Sequence[str]) -> ModelCall:
    listed = "\n".join(f"- {complaint}" for complaint in complaints)[:COMPLAINT_CHARS]
    return ModelCall(
        task=prompt.task,
        system=prompt.system,
        user=prompt.user,
        json_schema=prompt.json_schema,
        max_output_tokens=prompt.max_output_tokens,
        rejected=rejected[:REJECTED_CHARS],
        complaint=f"This answer cannot be used:\n{listed}\nAnswer the question again, in full and corrected.",
    )
