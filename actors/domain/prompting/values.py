"""The numbers that a text states, in a form in which equal ones are equal: `24 months` is `two years`."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from actors.domain.intake.amounts import read_amounts
from actors.domain.intake.dates import read_dates
from actors.domain.intake.mentions import Mentions
from actors.domain.intake.numerals import WORDS, whole
from actors.domain.intake.periods import read_periods
from actors.domain.intake.spans import Claims
from actors.domain.matter import Duration, FactValue, Money
from actors.errors import InvalidInputError

ValueKey = tuple[str, str]
"""Kind and value: `("money", "USD 5000")`."""

_NUMBER = re.compile(rf"(?<![\w.,])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}|(?i:{WORDS}))(?![\w]|[.,]\d)")
_NO_DAY = datetime.date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value and the words that state it: `text[start:end]`."""

    key: ValueKey
    start: int
    end: int


def stated_values(text: str) -> list[StatedValue]:
    """Return the amounts, percentages, dates and lengths of time that a text states, in reading order.

    What can be read in two ways, or is impossible (31 February), states no value.
    """
    return [
        StatedValue(value.key, start + value.start, start + value.end)
        for start, line in _lines(text)
        for value in _of_line(line)
    ]


def stated_keys(texts: Iterable[str]) -> frozenset[ValueKey]:
    """Return the values that any of the texts states."""
    return frozenset(value.key for text in texts for value in stated_values(text))


def impossible_values(text: str) -> list[str]:
    """Return why words of the text state a value that cannot be: one reason a paragraph."""
    return [reason for _, line in _lines(text) if (reason := _refusal(line))]


def whole_numbers(text: str) -> frozenset[int]:
    """Return the whole numbers in a text, in digits or in words up to a hundred."""
    return frozenset(whole(found[0]) for found in _NUMBER.finditer(text))


def key_of(value: FactValue) -> ValueKey | None:
    """Return the key of a typed value; `None` for texts, choices, counts and yes-or-no."""
    if isinstance(value, Money):
        return ("money", f"{value.currency} {value.amount.normalize():f}")
    if isinstance(value, Duration):
        return ("duration", _length(value))
    if isinstance(value, datetime.date):
        return ("date", value.isoformat())
    return ("percent", f"{value.normalize():f}") if isinstance(value, Decimal) else None


def _length(value: Duration) -> str:
    if value.unit == "year":
        return f"{value.count * 12} month"
    return f"{value.count * 7} day" if value.unit == "week" else f"{value.count} {value.unit}"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, line
        start += len(line) + 1


# A model leaves many lines as the approved wording has them, and every section is read several times.
@lru_cache(maxsize=1024)
def _of_line(line: str) -> tuple[StatedValue, ...]:
    found = Mentions(Claims(len(line)))
    for read in _readers(line):
        try:
            read(line, found)
        except InvalidInputError:  # told by `impossible_values`
            continue
    keyed = ((key_of(mention.value), mention) for mention in found.values)
    stated = (StatedValue(key, mention.start, mention.end) for key, mention in keyed if key is not None)
    return tuple(sorted(stated, key=lambda value: value.start))


@lru_cache(maxsize=1024)
def _refusal(line: str) -> str:
    found = Mentions(Claims(len(line)))
    try:
        for read in _readers(line):
            read(line, found)
    except InvalidInputError as error:
        return error.reason
    return ""


def _readers(line: str) -> tuple[Callable[[str, Mentions], None], ...]:
    """Return the readers that can find something: dates and amounts need a digit, lengths of time do not."""
    has_digit = any(char.isdigit() for char in line)
    return (_read_dates, read_amounts, read_periods) if has_digit else (read_periods,)


def _read_dates(line: str, found: Mentions) -> None:
    read_dates(line, _NO_DAY, found)
