"""Reading the chunks of a streamed chat completion, in every form in which servers send them."""

from typing import Any

from actors.errors import LexrayError, ModelAnswerError, ModelRefusedError, ModelUnavailableError
from actors.llm.call import ModelCall, Usage
from actors.llm.endpoint import Endpoint

CHARS_PER_TOKEN = 32
"""No language has longer tokens on average: an answer beyond so many characters per token allowed is no answer."""

TOOLS = {"tool_calls", "function_call"}


class AnswerReader:
    """One answer while it comes: pieces out of chunks, and at the end whether it is one."""

    def __init__(self, call: ModelCall, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._max_output_tokens = call.max_output_tokens
        self._chars_left = CHARS_PER_TOKEN * call.max_output_tokens
        self._pieces = 0
        self._finish = ""
        self._refused = False
        self._usage: Any = None

    def read(self, chunk: Any) -> tuple[str, bool]:  # noqa: ANN401 (whatever the server sent)
        """Return the text of a chunk, mostly a piece and often nothing, and whether the chunk is a sign of life.

        A model that thinks aloud elsewhere is alive; one that sends empty chunks is not.

        Raises:
            ModelAnswerError: The text is longer than the call allows in any language.
        """
        self._usage = _part(chunk, "usage") or self._usage
        choices = _part(chunk, "choices")
        if not isinstance(choices, list) or not choices:
            return "", self._usage is not None
        self._finish = str(_part(choices[0], "finish_reason") or self._finish)
        # A server that does not stream sends one chunk with a message in it.
        delta = _part(choices[0], "delta") or _part(choices[0], "message")
        self._refused = self._refused or bool(_part(delta, "refusal"))
        text = self._take(_part(delta, "content"))
        thought = _part(delta, "reasoning_content") or _part(delta, "reasoning")
        return text, bool(text or thought or self._refused or self._finish)

    def usage(self) -> Usage:
        """Return what the answer used, or a bound from below where the server does not tell.

        Raises:
            ModelUnavailableError: The answer was cut off on its way.
        """
        if not self._finish:
            raise ModelUnavailableError(self._endpoint.name, "its answer was cut off on the way")
        taken, given = _tokens(self._usage, "prompt_tokens"), _tokens(self._usage, "completion_tokens")
        if taken is None or given is None:
            return Usage(input_tokens=0, output_tokens=self._pieces, told=False)
        return Usage(taken, given, self._endpoint.cost(taken, given))

    def objection(self) -> LexrayError | None:
        """Return why an answer that came whole is of no use; `None`: it is."""
        name = self._endpoint.name
        if self._finish == "content_filter":
            return ModelRefusedError(name, "its content filter stopped the answer")
        if self._refused:
            return ModelRefusedError(name, "it declines to answer")
        if self._finish == "length":
            return ModelAnswerError(name, f"its answer was cut at {self._max_output_tokens} tokens")
        if self._finish in TOOLS:
            return ModelAnswerError(name, "it wants to call a tool and does not answer")
        return None

    def _take(self, content: object) -> str:
        if not isinstance(content, str) or not content:
            return ""
        self._pieces += 1
        self._chars_left -= len(content)
        if self._chars_left < 0:
            raise ModelAnswerError(self._endpoint.name, "its answer does not end")
        return storable(content)


def storable(text: str) -> str:
    """Return text that every encoding and file format takes: half surrogates replaced, NUL left out."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def _part(value: object, name: str) -> Any:  # noqa: ANN401 (whatever the server sent)
    return value.get(name) if isinstance(value, dict) else None


def _tokens(usage: object, name: str) -> int | None:
    count = _part(usage, name)
    return count if isinstance(count, int) and count >= 0 else None
