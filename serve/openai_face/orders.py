"""From the parameters of OpenAI's API to the request for one draft."""

import datetime
import secrets
import time
from collections.abc import Mapping

from actors.errors import InvalidInputError
from actors.messages import DraftRequest
from serve.openai_face.model_names import type_of
from serve.openai_face.refusals import RefusalError
from serve.service import DraftService, Order

OPTIONS = ("jurisdiction", "as_of", "engine", "facts")
"""What `metadata` may carry, each as a string: options of the draft. `facts` is JSON text."""
_TIMED_ID_CHARS = 32


def request_of(
    service: DraftService,
    *,
    model: str,
    message: str,
    field: str,
    metadata: Mapping[str, str],
    session_id: str,
    tenant: str,
    key: str | None,
) -> DraftRequest:
    """Return the checked request.

    Args:
        service: Knows what may be asked for.
        model: As sent.
        message: The words of the request.
        field: The parameter in which they came.
        metadata: As sent.
        session_id: Under which the draft is noted.
        tenant: Whose draft it will be.
        key: The caller's idempotency key.

    Raises:
        RefusalError: There is no such model or option.
        RequestError: The request is wrong.
    """
    for name in metadata.keys() - set(OPTIONS):
        reason = f"it carries options of the draft, and this is none; known are: {', '.join(OPTIONS)}"
        raise RefusalError(400, f"metadata: {reason}", f"metadata.{name[:80]}", "unsupported_parameter")
    order = Order(
        message=message,
        type=type_of(model),
        jurisdiction=metadata.get("jurisdiction"),
        as_of=_day(metadata.get("as_of")),
        engine=metadata.get("engine"),
        session_id=session_id,
    )
    try:
        request = service.request(order, metadata.get("facts"), tenant, key)
    except InvalidInputError as error:
        raise InvalidInputError(_parameter(error.field, field), error.reason) from error
    return request if key is not None else request.model_copy(update={"draft_id": timed_id()})


def timed_id() -> str:
    """Return a new id that tells its time (UUID, version 7): this API's objects have one, a draft's events none."""
    stamp_ms = time.time_ns() // 1_000_000
    value = stamp_ms << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return f"{value:032x}"


def created_at(request: DraftRequest) -> int:
    """Return when a draft was asked for, in seconds since 1970.

    The id tells it. That of an idempotency key, or of a draft begun on another face, does not: then it is the start of
    the day whose law counts, in UTC.
    """
    draft_id = request.draft_id
    if len(draft_id) == _TIMED_ID_CHARS and draft_id[12] == "7":
        return int(draft_id[:12], 16) // 1000
    return int(datetime.datetime.combine(request.as_of, datetime.time(), datetime.UTC).timestamp())


def _parameter(field: str, message: str) -> str:
    """Return which parameter of this API carries a field of an order."""
    name = field.partition(".")[0].partition("[")[0]
    if name in OPTIONS:
        return f"metadata.{field}"
    return {"message": message, "type": "model"}.get(name, field)


def _day(text: str | None) -> datetime.date | None:
    try:
        return None if text is None else datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("metadata.as_of", "it is no date (2026-01-31)") from error
