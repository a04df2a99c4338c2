"""Whether a request bears out what a model read in it."""

import datetime
import re

from actors.domain.intake.amounts import read_amounts
from actors.domain.intake.dates import read_dates
from actors.domain.intake.mentions import Mentions
from actors.domain.intake.periods import read_periods
from actors.domain.intake.spans import Claims
from actors.domain.library import Fact
from actors.domain.matter import FactValue
from actors.domain.prompting.understanding import SaidFact
from actors.domain.prompting.values import whole_numbers
from actors.errors import InvalidInputError

_MOST_PHRASE_CHARS = 1_000
_TYPED = ("money", "date", "duration", "percent")


def said(quote: str | None, message: str, most_chars: int = _MOST_PHRASE_CHARS) -> str | None:
    """Return a quote as it stands in the message, whole words of it, or `None`.

    Args:
        quote: A model's words.
        message: With single spaces.
        most_chars: The longest that counts.
    """
    flat = " ".join((quote or "").split())
    if not flat or len(flat) > most_chars or not any(char.isalnum() for char in flat):
        return None
    before, after = (r"(?<!\w)" if flat[0].isalnum() else ""), (r"(?!\w)" if flat[-1].isalnum() else "")
    return flat if re.search(f"{before}{re.escape(flat)}{after}", message) else None


def read_value(fact: Fact, one: SaidFact, message: str, as_of: datetime.date) -> FactValue | None:
    """Return the value that the quoted words state, read by code; `None` where they do not stand or state none."""
    words = said(one.quote, message)
    if words is None:
        return None
    if fact.kind in _TYPED:
        return _read_typed(fact, words, as_of)
    if fact.kind == "integer":
        numbers = whole_numbers(words)
        return next(iter(numbers)) if len(numbers) == 1 else None
    chosen = (one.value or "").strip().casefold()
    if fact.kind == "choice":
        return next((choice for choice in fact.choices if choice.casefold() == chosen), None)
    if fact.kind == "boolean":
        return {"true": True, "false": False}.get(chosen)
    return words


def _read_typed(fact: Fact, words: str, as_of: datetime.date) -> FactValue | None:
    found = Mentions(Claims(len(words)))
    try:
        read_dates(words, as_of, found)
        read_amounts(words, found)
        read_periods(words, found)
    except InvalidInputError:
        return None
    values = [mention.value for mention in found.values if mention.kind == fact.kind]
    return values[0] if len(values) == 1 else None
