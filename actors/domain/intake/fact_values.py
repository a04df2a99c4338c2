"""One value of a facts file, by the kind of its fact."""

import datetime
import difflib
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from actors.domain.intake.amounts import CODES, read_money
from actors.domain.intake.json_text import json_name
from actors.domain.intake.mentions import Mentions
from actors.domain.intake.periods import read_periods
from actors.domain.intake.spans import Claims
from actors.domain.library import Fact, FactKind
from actors.domain.matter import Duration, FactValue, Money
from actors.errors import InvalidInputError

_MOST_TEXT_CHARS = 4_000
_MOST_AMOUNT = Decimal("1e15")
_MOST_COUNT = 10**9
_MOST_PERCENT = Decimal(10_000)
_MOST_UNITS = 10_000
_UNITS = ("day", "business_day", "week", "month", "year")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_fact(fact: Fact, value: object, path: str) -> FactValue:
    """Return the typed value of a fact.

    Args:
        fact: What the type file says of it.
        value: From JSON.
        path: Where it stands, for the refusal.

    Raises:
        InvalidInputError: The value is not of the fact's kind, or impossible.
    """
    if fact.kind == "choice":
        return _choice(fact, value, path)
    return _PARSERS[fact.kind](value, path)


def text_of(value: object, path: str, most_chars: int = _MOST_TEXT_CHARS) -> str:
    """Return a string without outer white space.

    Raises:
        InvalidInputError: It is none, empty or too long.
    """
    if not isinstance(value, str):
        raise InvalidInputError(path, f"it must be a string, and is {json_name(value)}")
    if not value.strip():
        raise InvalidInputError(path, "it is empty; leave the key out instead")
    if len(value) > most_chars:
        raise InvalidInputError(path, f"it has {len(value):,} characters; the limit is {most_chars:,}")
    return value.strip()


def object_of(value: object, path: str) -> Mapping[str, object]:
    """Return a JSON object.

    Raises:
        InvalidInputError: It is none.
    """
    if not isinstance(value, Mapping):
        raise InvalidInputError(path, f"it must be an object, and is {json_name(value)}")
    return value


def refuse_unknown(keys: Collection[str], known: Collection[str], path: str) -> None:
    """Refuse the first key that is not known, with the nearest one that is.

    Raises:
        InvalidInputError: There is such a key.
    """
    for key in keys:
        if key not in known:
            close = difflib.get_close_matches(key[:80], known, n=1, cutoff=0.5)
            hint = f"the nearest is {close[0]!r}" if close else f"known are: {', '.join(sorted(known))}"
            raise InvalidInputError(f"{path}.{key[:80]}", f"there is no such key; {hint}")


def _money(value: object, path: str) -> Money:
    if isinstance(value, str):
        money = read_money(value)
        if money is None:
            raise InvalidInputError(path, f"{value[:60]!r} is no amount such as “USD 5,000”, zero or more")
        return money
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise InvalidInputError(path, f'it names no currency; write {{"amount": {value}, "currency": "USD"}}')
    parts = object_of(value, path)
    refuse_unknown(parts.keys(), ("amount", "currency"), path)
    amount = _number(parts.get("amount"), f"{path}.amount", _MOST_AMOUNT)
    currency = text_of(parts.get("currency", "USD"), f"{path}.currency")
    if currency not in CODES:
        raise InvalidInputError(
            f"{path}.currency", f"{currency[:12]!r} is no currency code such as USD, GBP or EUR"
        )
    return Money(amount=amount, currency=currency)


def _duration(value: object, path: str) -> Duration:
    if isinstance(value, str):
        found = Mentions(Claims(len(value)))
        read_periods(value.strip(), found)
        whole = [one.value for one in found.values if one.start == 0 and one.end == len(value.strip())]
        if len(whole) != 1 or not isinstance(whole[0], Duration):
            raise InvalidInputError(path, f"{value[:60]!r} is no length of time such as “2 years”")
        return whole[0]
    parts = object_of(value, path)
    refuse_unknown(parts.keys(), ("count", "unit"), path)
    count = _integer(parts.get("count"), f"{path}.count")
    if not 0 < count <= _MOST_UNITS:
        raise InvalidInputError(f"{path}.count", f"it must lie between 1 and {_MOST_UNITS:,}")
    unit = text_of(parts.get("unit"), f"{path}.unit").removesuffix("s")
    if unit not in _UNITS:
        raise InvalidInputError(f"{path}.unit", f"{unit[:20]!r} is none of {', '.join(_UNITS)}")
    return Duration.model_validate({"count": count, "unit": unit})


def _date(value: object, path: str) -> datetime.date:
    text = text_of(value, path)
    try:
        if _ISO.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(path, f"{text} is no day of the calendar") from error
    raise InvalidInputError(path, f"{text[:60]!r} is no date such as 2027-01-05")


def _integer(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInputError(path, f"it must be a whole number, and is {json_name(value)}")
    if not 0 <= value <= _MOST_COUNT:
        raise InvalidInputError(path, "it is negative" if value < 0 else f"it is more than {_MOST_COUNT:,}")
    return value


def _percent(value: object, path: str) -> Decimal:
    return _number(value, path, _MOST_PERCENT)


def _number(value: object, path: str, most: Decimal) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidInputError(path, f"it must be a number, and is {json_name(value)}")
    number = Decimal(str(value))
    if not number.is_finite():
        raise InvalidInputError(path, f"{value} is not a number that a document can state")
    if number < 0:
        raise InvalidInputError(path, f"it is negative ({value})")
    if number > most:
        raise InvalidInputError(path, f"it is more than {most:,f}")
    return number


def _boolean(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInputError(path, f"it must be true or false, and is {json_name(value)}")
    return value


def _choice(fact: Fact, value: object, path: str) -> str:
    text = text_of(value, path)
    for choice in fact.choices:
        if choice.casefold() == text.casefold():
            return choice
    raise InvalidInputError(path, f"{text[:60]!r} is none of: {', '.join(fact.choices)}")


_PARSERS: dict[FactKind, Callable[[object, str], FactValue]] = {
    "text": text_of,
    "address": text_of,
    "date": _date,
    "money": _money,
    "duration": _duration,
    "integer": _integer,
    "percent": _percent,
    "boolean": _boolean,
}
