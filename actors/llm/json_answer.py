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
        found = _object_at(spoken, start)
        best = max(best, found, key=len)
        start = spoken.find("{", start + max(1, len(found)))
    if not best:
        raise ValueError("it holds no complete JSON object")
    return best


def _object_at(text: str, start: int) -> str:
    """Return the object that begins at `start`, or nothing."""
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return ""
    return text[start:end]
