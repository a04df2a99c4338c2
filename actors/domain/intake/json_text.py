"""JSON from a stranger: one object, every key once, numbers exact."""

import json
from decimal import Decimal
from typing import NoReturn

from actors.errors import InvalidInputError

FIELD = "facts"
LIMIT_BYTES = 256 * 1024
_MOST_DIGITS = 30


def read_object(content: str | bytes) -> dict[str, object]:
    """Parse a JSON object; fractions come out as `Decimal`.

    Raises:
        InvalidInputError: It is too large, not UTF-8, not JSON, no object, has a key twice, or holds what no fact can
            be (NaN, infinity, a number of more than 30 digits).
    """
    text = _decoded(content)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_fraction,
        )
    except json.JSONDecodeError as error:
        raise InvalidInputError(FIELD, f"it is not JSON: {error.msg} in line {error.lineno}") from error
    except RecursionError as error:
        raise InvalidInputError(FIELD, "it is nested too deep") from error
    if not isinstance(value, dict):
        raise InvalidInputError(FIELD, f"it must be a JSON object, and is {json_name(value)}")
    return value


def json_name(value: object) -> str:
    """Return what a JSON reader calls a value."""
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "a boolean"), (int, "a number"), (Decimal, "a number"), (float, "a number"), (str, "a string"),
        ((list, tuple), "a list"), (dict, "an object"),
    )  # fmt: skip
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _decoded(content: str | bytes) -> str:
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if len(raw) > LIMIT_BYTES:
        raise InvalidInputError(FIELD, f"it has {len(raw):,} bytes; the limit is {LIMIT_BYTES:,} bytes")
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(FIELD, f"it is not UTF-8 (byte {error.start + 1})") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value: dict[str, object] = {}
    for key, item in pairs:
        if key in value:
            raise InvalidInputError(f"{FIELD}.{key[:80]}", "the key stands there twice")
        value[key] = item
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidInputError(FIELD, f"{name} is not a number that a document can state")


def _integer(digits: str) -> int:
    _refuse_long(digits)
    return int(digits)


def _fraction(digits: str) -> Decimal:
    _refuse_long(digits)
    value = Decimal(digits)
    if value and abs(value.adjusted()) > _MOST_DIGITS:
        raise InvalidInputError(FIELD, f"the number {digits} is beyond what a document can state")
    return value


def _refuse_long(digits: str) -> None:
    if len(digits) > _MOST_DIGITS:
        raise InvalidInputError(FIELD, f"a number has {len(digits):,} digits; the limit is {_MOST_DIGITS}")
