"""From a cell to the value that a facts file would hold: cells of text files know no numbers and no dates."""

import datetime
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal

from actors.domain.intake.json_text import json_name
from actors.domain.library import FactKind
from actors.errors import InvalidInputError

_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,15}")
_PERCENT = re.compile(r"(\d{1,5}(?:\.\d{1,9})?) ?%?")
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


def text_value(value: object, field: str) -> str:
    """Return a cell as text without outer white space; 4711.0 of a spreadsheet is "4711".

    Raises:
        InvalidInputError: It is neither text nor a whole number.
    """
    value = _whole(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise InvalidInputError(field, f"it must be text, and is {_name(value)}")
    return value.strip()


def fact_value(kind: FactKind | None, value: object, field: str) -> object:
    """Return a cell as JSON would hold it for a fact of that kind; what does not fit is left to the facts' check."""
    if isinstance(value, datetime.date):
        return _day(value, field)
    if kind in {"text", "address", "choice"} and isinstance(value, int | float | Decimal):
        return text_value(value, field)
    if kind == "integer":
        value = _whole(value)
    return _from_text(kind, value.strip()) if isinstance(value, str) else value


def list_value(value: object) -> object:
    """Return a cell's list: its parts between semicolons or line breaks."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in re.split(r"[;\n]", value) if part.strip()]


def facts_json(facts: Mapping[str, object]) -> str:
    """Return facts as JSON: the same facts, the same text.

    Raises:
        InvalidInputError: A value has no place in JSON.
    """
    try:
        return json.dumps(facts, ensure_ascii=False, sort_keys=True, default=_encoded, allow_nan=False)
    except ValueError as error:
        raise InvalidInputError("facts", "a number is infinite") from error
    except RecursionError as error:
        raise InvalidInputError("facts", "it is nested too deep") from error


def _whole(value: object) -> object:
    """Return the integer that a float or decimal without a fraction is; anything else as it is."""
    fits = isinstance(value, float) and value.is_integer()
    if isinstance(value, Decimal):
        fits = value.is_finite() and value == value.to_integral_value()
    return int(value) if fits and isinstance(value, float | Decimal) else value


def _from_text(kind: FactKind | None, text: str) -> object:
    if kind == "integer" and _WHOLE.fullmatch(text):
        return int(text.replace(",", ""))
    if kind == "percent" and (found := _PERCENT.fullmatch(text)):
        return Decimal(found[1])
    if kind == "boolean":
        return _BOOLEANS.get(text.casefold(), text)
    return text


def _day(value: datetime.date, field: str) -> str:
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            raise InvalidInputError(field, f"{value} is a time of day, not a date")
        return value.date().isoformat()
    return value.isoformat()


def _encoded(value: object) -> int | float:
    if isinstance(value, Decimal) and value.is_finite():
        plain = _whole(value)
        if isinstance(plain, int):
            return plain
        if Decimal(repr(float(value))) == value:
            return float(value)
    raise InvalidInputError("facts", f"{str(value)[:40]!r} is not a value that a document can state")


def _name(value: object) -> str:
    return "a date" if isinstance(value, datetime.date) else json_name(value)


def plain_value(value: object) -> object:
    """Return a cell as JSON can hold it: dates and decimals as text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
