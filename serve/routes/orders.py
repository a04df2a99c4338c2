"""How a draft is asked for over HTTP: the body, and the headers that say how the answer shall come."""

import re
from typing import Annotated, Literal

from fastapi import Header, Request

from actors.document_stream import Cursor
from actors.errors import InvalidInputError
from serve.media_types import EVENTS
from serve.service import Order

LONGEST_KEY = 255
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_Q_ZERO = re.compile(r"q=0(\.0*)?")

Manner = Literal["result", "stream", "background"]

EXAMPLE = {
    "message": "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term",
    "type": "nda_mutual",
    "jurisdiction": "US-DE",
}


class DraftBody(Order):
    """One document to draft."""

    stream: bool = False
    """Whether the answer is a stream of events."""

    @property
    def order(self) -> Order:
        """What is asked for, without how the answer comes."""
        return Order.model_validate(self.model_dump(exclude={"stream"}))


def manner_of(request: Request, body: DraftBody) -> Manner:
    """Return how the caller wants its answer.

    Raises:
        InvalidInputError: It wants two things at once.
    """
    streamed = body.stream or accepts(request.headers.get("accept", ""), EVENTS)
    preferences = re.split(r"[,;\s]+", ",".join(request.headers.getlist("prefer")).lower())
    if "respond-async" not in preferences:
        return "stream" if streamed else "result"
    if body.stream:
        raise InvalidInputError(
            "stream", "a draft in the background has no stream; follow its events instead"
        )
    return "background"


def accepts(header: str, media_type: str) -> bool:
    """Tell whether an Accept header names a media type itself, not by a wildcard."""
    for item in header.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        if name == media_type:
            return not any(_Q_ZERO.fullmatch(parameter) for parameter in parameters)
    return False


async def idempotency_key(
    request: Request,
    idempotency_key: Annotated[  # noqa: ARG001 (here for the API's description)
        str | None,
        Header(
            description="Same key, same draft: a repeated request joins the first one. 1 to 255 visible signs."
        ),
    ] = None,
) -> str | None:
    """Return the request's idempotency key; quotes around it do not count.

    Raises:
        InvalidInputError: It has other signs than visible ASCII, is empty or too long, or there are two.
    """
    given = request.headers.getlist("idempotency-key")
    if not given:
        return None
    key = given[0].strip().removeprefix('"').removesuffix('"')
    if len(given) > 1 or not _KEY.fullmatch(key):
        raise InvalidInputError(
            "Idempotency-Key", f"it must be one key of 1 to {LONGEST_KEY} visible ASCII signs"
        )
    return key


async def last_event_id(
    request: Request,
    last_event_id: Annotated[  # noqa: ARG001 (likewise)
        str | None,
        Header(description="The `id` of the last event that was seen: the stream goes on behind it."),
    ] = None,
) -> Cursor:
    """Return where the stream shall begin.

    Raises:
        InvalidInputError: It is no id of ours.
    """
    given = request.headers.get("last-event-id", "")
    return Cursor.parse(given) if given else Cursor()
