"""A model's answer in JSON, as a value of its form."""

import re
from typing import TypeVar

from pydantic import ValidationError

from actors.domain.matter import Value
from actors.errors import ModelAnswerError

A = TypeVar("A", bound=Value)
MOST_ANSWER_CHARS = 200_000
_FENCE = re.compile(r"\s*```[A-Za-z]*\s*\n(?P<inside>.*?)\n?\s*```\s*", re.DOTALL)
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_MOST_REASON_CHARS = 200


def read_answer(text: str, form: type[A], task: str) -> A:
    """Return the answer that a text holds; a code fence or words around the object are left aside.

    Args:
        text: What the model said.
        form: What was asked for.
        task: Names the question in the error.

    Raises:
        ModelAnswerError: It is no such JSON. The reason names fields, never values: an answer is confidential.
    """
    if len(text) > MOST_ANSWER_CHARS:
        raise ModelAnswerError(task, f"the answer has {len(text):,} characters")
    whole = _FENCE.fullmatch(text)
    inner = whole["inside"] if whole else text
    found = _OBJECT.search(inner)
    if found is None:
        raise ModelAnswerError(task, "the answer is no JSON object")
    try:
        return form.model_validate_json(found[0])
    except ValidationError as error:
        raise ModelAnswerError(task, _reason(error)) from None
    except ValueError:  # half a surrogate pair
        raise ModelAnswerError(task, "the answer holds characters that are no text") from None


def _reason(error: ValidationError) -> str:
    faults = error.errors(include_input=False, include_url=False, include_context=False)[:3]
    told = "; ".join(f"{_place(fault['loc'], fault['type'])}: {fault['type']}" for fault in faults)
    return told[:_MOST_REASON_CHARS]


def _place(loc: tuple[int | str, ...], kind: str) -> str:
    """Return the path of a field; the name of one that should not be there is the model's own and is left out."""
    path = loc[:-1] if kind == "extra_forbidden" else loc
    return ".".join(map(str, path)) or "answer"
