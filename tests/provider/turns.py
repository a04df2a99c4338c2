"""What may be scripted: one answer or fault for one request, in the order in which requests come."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "reply",
    "status",
    "reset",
    "hang",
    "stall",
    "cut",
    "end_early",
    "length",
    "refusal",
    "content_filter",
    "error_event",
    "split_character",
    "broken_character",
    "drip",
]


class Turn(BaseModel):
    """What happens to the next request that it fits."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    kind: Kind
    model: str | None = None
    """Only for requests to this model; `None`: to any."""
    task: str | None = None
    """Only for requests whose task marker is this one."""
    times: Annotated[int, Field(ge=1)] = 1
    """For how many requests it holds."""
    text: str | None = None
    """What is said in place of the profile's words; the body, for a `status`."""
    status: int = 500
    headers: tuple[tuple[str, str], ...] = ()
    """Pairs, so that one name may come twice."""
    after_tokens: Annotated[int, Field(ge=0)] = 3
    """How many tokens come before a `stall`, a `cut`, an early end or the limit of `length`."""
    for_s: float | None = None
    """How long a `hang` or a `stall` lasts before the answer goes on; `None`: until the client leaves."""
    interval_s: Annotated[float, Field(gt=0)] = 0.1
    """Between two tokens of a `drip`."""


def reply(text: str, **fields: object) -> Turn:
    """Answer with this text, at the profile's pace."""
    return Turn.model_validate({"kind": "reply", "text": text, **fields})


def fault(kind: Kind, **fields: object) -> Turn:
    """Fail in this way; the fields are those of `Turn`."""
    return Turn.model_validate({"kind": kind, **fields})
