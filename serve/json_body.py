"""JSON bodies, read strictly: one object in UTF-8, every key once, numbers exact, bounded in size and depth."""

import asyncio
import difflib
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from actors.errors import InvalidFieldsError, InvalidInputError
from serve.media_types import JSON
from serve.problems import path_of

Body = TypeVar("Body", bound=BaseModel)

LIMIT_BYTES = 1_000_000
READING_S = 30.0
"""How long a body may take to arrive."""
MOST_DEPTH = 32
MOST_DIGITS = 30
MOST_VALUES = 20_000
"""Texts, numbers, lists, objects and keys of one body together."""
MOST_ERRORS = 20
FIELD = "body"
_SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True)
class Sent(Generic[Body]):
    """A body, read and checked."""

    body: Body
    document: dict[str, object]
    """The same as JSON values; fractions are `Decimal`, as they were written."""


def json_body(
    model: type[Body], limit_bytes: int = LIMIT_BYTES
) -> Callable[[Request], Awaitable[Sent[Body]]]:
    """Return a dependency that reads a request's body as `model`."""

    async def read(request: Request) -> Sent[Body]:
        document = parse_object(await read_bytes(request, limit_bytes, JSON))
        request.state.sent = "\n".join(_values(document))
        return Sent(checked(model, document), document)

    return read


async def read_bytes(request: Request, limit_bytes: int, *media_types: str) -> bytes:
    """Return a request's body.

    Raises:
        HTTPException: It is of another type (415), too large (413), too slow to arrive (408) or cut off (400).
    """
    check_content(request, *media_types)
    # Servers refuse a Content-Length that is no number.
    if int(request.headers.get("content-length", "0")) > limit_bytes:
        raise _too_large(limit_bytes)
    content = bytearray()
    try:
        async with asyncio.timeout(READING_S):
            async for chunk in request.stream():
                content += chunk
                if len(content) > limit_bytes:
                    raise _too_large(limit_bytes)
    except TimeoutError as error:
        raise HTTPException(408, f"the body did not arrive within {READING_S:g} s") from error
    except ClientDisconnect as error:
        raise HTTPException(400, "the body is cut off") from error
    return bytes(content)


def check_content(request: Request, *media_types: str) -> None:
    """Refuse a body that is encoded, or of none of these types.

    Raises:
        HTTPException: 415.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "an encoded body is not read; send it without Content-Encoding")
    _, *parameters = _content_type(request)
    charset = [part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")]
    if media_type_of(request) not in media_types or charset not in ([], ["utf-8"], ["utf8"]):
        wanted = " or ".join(media_types)
        raise HTTPException(
            415, f"the body must be {wanted}, text in UTF-8, and its Content-Type must say so"
        )


def media_type_of(request: Request) -> str:
    """Return what a request says that its body is; empty where it says nothing."""
    return _content_type(request)[0]


def _content_type(request: Request) -> list[str]:
    return [part.strip().lower() for part in request.headers.get("content-type", "").split(";")]


def parse_object(content: bytes) -> dict[str, object]:
    """Parse a JSON object; fractions come out as `Decimal`.

    Raises:
        InvalidInputError: It is not UTF-8, not JSON, no object, nested too deep, has a key twice or too many values, or
            holds NaN, an infinity, a number of more than 30 digits, half of a surrogate pair or a NUL.
    """
    try:
        value = json.loads(
            content.decode(),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_fraction,
        )
    except UnicodeDecodeError as error:
        raise InvalidInputError(FIELD, f"it is not UTF-8 (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise InvalidInputError(
            FIELD, f"it is not JSON (line {error.lineno}, column {error.colno})"
        ) from error
    except RecursionError as error:
        raise InvalidInputError(FIELD, "it is nested too deep") from error
    if not isinstance(value, dict):
        raise InvalidInputError(FIELD, "it must be one JSON object")
    _check(value, "", 0, iter(range(MOST_VALUES)))
    return value


def checked(model: type[Body], document: dict[str, object]) -> Body:
    """Return a document as `model`.

    Raises:
        InvalidFieldsError: Fields are missing, of another type, or unknown; no value is repeated.
    """
    try:
        return model.model_validate_json(encoded(document), strict=True)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)[:MOST_ERRORS]
        fields = [path_of(one["loc"]) for one in found]
        reasons = [_reason(one["type"], one["msg"], one["loc"], model) for one in found]
        raise InvalidFieldsError(fields, reasons, FIELD) from None


def encoded(value: object) -> str:
    """Return JSON values as JSON text, numbers as they were written."""
    match value:
        case dict():
            return "{" + ",".join(f"{json.dumps(key)}:{encoded(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ",".join(map(encoded, value)) + "]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _reason(kind: str, message: str, location: tuple[str | int, ...], model: type[BaseModel]) -> str:
    match kind:
        case "missing":
            return "it is missing"
        case "extra_forbidden":
            return _unknown(str(location[-1]), list(model.model_fields))
        case _:
            return message[:1].lower() + message[1:]


def _unknown(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name[:_SHOWN_CHARS], known, n=1, cutoff=0.5)
    return "there is no such field; " + (
        f"the nearest is {close[0]}" if close else f"known are: {', '.join(known)}"
    )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for n, key in enumerate(keys) if key in keys[:n])
        raise InvalidInputError(_printable(twice), "the key stands there twice")
    return value


def _constant(name: str) -> object:
    raise InvalidInputError(FIELD, f"{name} is no number of JSON")


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise InvalidInputError(FIELD, f"a number has more than {MOST_DIGITS} digits")
    return int(digits)


def _fraction(digits: str) -> Decimal:
    value = Decimal(digits[: MOST_DIGITS + 1])
    if len(digits) > MOST_DIGITS or (value and abs(value.adjusted()) > MOST_DIGITS):
        raise InvalidInputError(FIELD, f"a number has more than {MOST_DIGITS} digits")
    return value


def _check(value: object, path: str, depth: int, left: Iterator[int]) -> None:
    if next(left, None) is None:
        raise InvalidInputError(FIELD, f"it has more than {MOST_VALUES:,} values")
    if depth > MOST_DEPTH:
        raise InvalidInputError(FIELD, f"it is nested deeper than {MOST_DEPTH} levels")
    match value:
        case str():
            _check_text(value, path)
        case dict():
            for key, item in value.items():
                _check_text(key, path)
                _check(item, f"{path}.{_printable(key)}".removeprefix("."), depth + 1, left)
        case list():
            for number, item in enumerate(value):
                _check(item, f"{path}[{number}]", depth + 1, left)


def _check_text(text: str, path: str) -> None:
    if "\0" in text:
        raise InvalidInputError(path or FIELD, "it holds a NUL (U+0000)")
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise InvalidInputError(path or FIELD, "it holds half of a surrogate pair")


def _printable(key: str) -> str:
    return key[:_SHOWN_CHARS].encode("ascii", "backslashreplace").decode()


def _values(value: object) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from _values(item)
        case list():
            for item in value:
                yield from _values(item)
        case None | bool():
            return
        case _:
            yield str(value)


def _too_large(limit_bytes: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {limit_bytes:,} bytes")
