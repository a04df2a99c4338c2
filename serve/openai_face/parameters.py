"""The parameters of a request: taken, or refused by name. None is passed over."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel

from serve.json_body import LIMIT_BYTES, checked, encoded, parse_object, read_bytes
from serve.media_types import JSON
from serve.openai_face.refusals import RefusalError

Body = TypeVar("Body", bound=BaseModel)

NEUTRAL: dict[str, tuple[object, ...]] = {
    "n": (1,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "parallel_tool_calls": (True, False),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "logit_bias": ({},),
    "modalities": (["text"],),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "service_tier": ("auto", "default"),
    "store": (True,),
    "truncation": ("disabled",),
    "include": ([],),
    "response_format": ({"type": "text"},),
    "text": ({"format": {"type": "text"}}, {}),
}
"""Parameters without a meaning here, at the values at which they ask for nothing: only these are taken."""


def parameters(model: type[Body]) -> Callable[[Request], Awaitable[Body]]:
    """Return a dependency that reads a request's parameters as `model`. A parameter that is null counts as absent."""

    async def read(request: Request) -> Body:
        sent = parse_object(await read_bytes(request, LIMIT_BYTES, JSON))
        request.state.sent = encoded(sent)
        return checked(model, understood(model, sent))

    return read


def understood(model: type[BaseModel], sent: Mapping[str, Any]) -> dict[str, object]:
    """Return the parameters that `model` has.

    Raises:
        RefusalError: One is not supported, or not at this value.
    """
    given = {name: value for name, value in sent.items() if value is not None}
    for name in given.keys() - model.model_fields.keys():
        _check_neutral(name, given[name])
    return {name: value for name, value in given.items() if name in model.model_fields}


def _check_neutral(name: str, value: object) -> None:
    shown = name[:80].encode("ascii", "backslashreplace").decode()
    if name not in NEUTRAL:
        message = f"{shown} is not supported: leave it out"
        raise RefusalError(400, message, shown, "unsupported_parameter")
    if value not in NEUTRAL[name]:
        meant = " or ".join(encoded(neutral) for neutral in NEUTRAL[name])
        message = f"{name} is not supported at this value: leave it out, or send {meant}"
        raise RefusalError(400, message, name, "unsupported_value")
