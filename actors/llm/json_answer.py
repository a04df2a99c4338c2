"""Finding the JSON in what a model says."""

import json

TRIES = 32
"""How many opening braces are looked at: text of braces alone must not cost the square of its length."""

THINKING_ENDS = "</think>"
"""Some models think aloud before they answer, and servers without schema support let it through."""


def json_object_in(text: str) -> str:
    """Return the longest JSON object in a text: fenced, prefixed, followed by prose, or bare.

    Raises:
        ValueError: There is none. Its text says so in words for the model.
    """
    _, _, spoken = text.rpartition(THINKING_ENDS)
    best, start = "", spoken.find("{")
    for _ in range(TRIES):
        if start < 0:
            break
        end, whole = _read_from(spoken, start)
        if whole and end - start > len(best):
            best = spoken[start:end]
        start = spoken.find("{", end)
    if not best:
        raise ValueError("it holds no complete JSON object")
    return best


def _read_from(text: str, start: int) -> tuple[int, bool]:
    """Return how far the object that begins at `start` can be read, and whether that is all of it.

    What was read of a broken object is passed over: an object inside it is not the answer.
    """
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        unclosed = error.msg.startswith("Unterminated")
        return (len(text) if unclosed else max(start + 1, error.pos)), False
    except (ValueError, RecursionError):  # a number of too many digits, too deep a nesting
        return len(text), False
    return end, True
