"""A language model with a script: what it says or fails with, call by call."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from actors.errors import LexrayError, ModelUnavailableError
from actors.llm.call import Answer, ModelCall, Usage
from actors.llm.endpoint import Endpoint
from actors.messages import EssentialData, Hop
from actors.model_step import ModelStep
from actors.step import BreakerVault, NoVault
from actors.step_policy import StepPolicy

USAGE = Usage(input_tokens=10, output_tokens=5, cost=0.5)
ENDPOINT = Endpoint(base_url="http://model.test/v1", model="large")
SMALL = Endpoint(base_url="http://model.test/v1", model="small")
HOP = Hop(draft_id="d", tenant="public", budget_s=300.0, essential_data=EssentialData(user_request=""))
POLICY = StepPolicy(jitter=0.0)
DOWN = ModelUnavailableError("large at http://model.test/v1", "the connection is refused")


@dataclass(frozen=True, slots=True)
class Saying:
    """One answer: its pieces, what it used, and how it fails after them, if it does."""

    pieces: tuple[str, ...] = ()
    error: LexrayError | None = None
    usage: Usage | None = USAGE
    after_s: float = 0.0
    """Time before the first piece, and before each further one."""


def says(text: str) -> Saying:
    """Answer with a text, word by word."""
    return Saying(tuple(re.findall(r"\S+\s*|\s+", text)))


def breaks(error: LexrayError, *pieces: str) -> Saying:
    """Say these pieces and fail, without a word about usage."""
    return Saying(pieces, error, usage=None)


class ScriptedModel:
    """Follows its script; the last entry goes on for ever."""

    def __init__(self, script: Sequence[Saying]) -> None:
        self.calls: list[ModelCall] = []
        self.closed = 0
        """Streams that have ended, however."""
        self._script = script

    async def complete(self, call: ModelCall) -> Answer:
        """Return the whole answer."""
        pieces = [part async for part in self.stream(call)]
        usage = pieces.pop()
        assert isinstance(usage, Usage)
        return Answer("".join(map(str, pieces)), usage)

    async def stream(self, call: ModelCall) -> AsyncGenerator[str | Usage, None]:
        """Say the next entry of the script."""
        saying = self._script[min(len(self.calls), len(self._script) - 1)]
        self.calls.append(call)
        try:
            for piece in saying.pieces:
                if saying.after_s:
                    await asyncio.sleep(saying.after_s)
                yield piece
            if saying.usage is not None:
                yield saying.usage
            if saying.error is not None:
                raise saying.error
        finally:
            self.closed += 1

    async def aclose(self) -> None:
        """Nothing to let go."""


def connecting(**models: ScriptedModel) -> Callable[[Endpoint], ScriptedModel]:
    """Return a `connect` that finds scripted models by name."""
    return lambda endpoint: models[endpoint.model]


class Pages:
    """A sink that keeps every attempt apart."""

    def __init__(self) -> None:
        self.begun: list[tuple[int, str, str]] = []
        """Attempt, model, reason."""
        self.texts: dict[int, str] = {}

    async def begin(self, attempt: int, model: str, reason: str) -> None:
        """Turn to a new page."""
        self.begun.append((attempt, model, reason))
        self.texts[attempt] = ""

    async def piece(self, text: str) -> None:
        """Write on it."""
        self.texts[self.begun[-1][0]] += text

    async def end(self) -> None:
        """Leave the page as it is."""


class Vault:
    """Keeps breaker states, as the monitor actor does."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, float]] = {}

    async def save_breaker(self, name: str, snapshot_json: str, saved_at_epoch_s: float) -> None:
        self.kept[name] = (snapshot_json, saved_at_epoch_s)

    async def load_breaker(self, name: str) -> tuple[str, float] | None:
        return self.kept.get(name)


def scripted_step(
    *script: Saying, small: Sequence[Saying] = (), vault: BreakerVault | None = None
) -> tuple[ModelStep, ScriptedModel, ScriptedModel]:
    """Return a step with a large model and, where it has a script, a small one behind it."""
    large, other = ScriptedModel(script), ScriptedModel(small)
    chain: tuple[Endpoint, ...] = (ENDPOINT, SMALL) if small else (ENDPOINT,)
    made = ModelStep("draft", chain, POLICY, vault or NoVault(), connecting(large=large, small=other))
    return made, large, other
