"""What an agent says to a language model, and what comes back: the seam between agents and providers."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One question to a model."""

    task: str
    """What it is for, in one word: `intake`, `draft`, … Goes into logs and metrics; the rest never does."""
    system: str
    user: str
    json_schema: Mapping[str, Any] | None = None
    """The form of the answer; `None`: plain text."""
    max_output_tokens: int = 4096
    rejected: str = ""
    """An earlier answer to the same question, which was of no use…"""
    complaint: str = ""
    """…and what was wrong with it; empty: this is the first try."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call used."""

    input_tokens: int
    output_tokens: int
    cost: float | None = None
    """In the currency of the configured prices; `None` where none are."""
    told: bool = True
    """Whether the server told it. Where it did not, `output_tokens` counts the pieces received (about one token
    each), `input_tokens` is 0 and there is no cost: a bound from below, and nothing made up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer."""

    text: str
    usage: Usage


class LLM(Protocol):
    """One model behind one endpoint. Makes one attempt a call; whoever holds it retries.

    Both methods raise the errors of the model part of `actors/errors.py`, and nothing of the SDK's.
    """

    async def complete(self, call: ModelCall) -> Answer:
        """Return the whole answer."""

    def stream(self, call: ModelCall) -> AsyncGenerator[str | Usage, None]:
        """Yield the pieces of the text as they come, and last what the call used.

        A stream that ends without its usage was cut: it raises instead. An answer that came whole and is still of
        no use (over its length, refused) raises after its usage. Closing the stream stops the provider's work.
        """

    async def aclose(self) -> None:
        """Let the connections go."""
