"""Whole numbers that are no date, no amount and no length of time."""

import re
from collections.abc import Collection

from actors.domain.intake.mentions import Mentions
from actors.domain.intake.numerals import DIGITS, WORDS, whole
from actors.domain.intake.phrases import any_phrase

_COUNT = re.compile(
    rf"(?<![\w.,$£€#/\-])(?P<count>{DIGITS}|{WORDS})(?:\s?\(\d{{1,9}}\))?(?![\w%]|[.,/]\d|\s?(?:%|percent|per\scent))",
    re.IGNORECASE,
)


def read_counted(text: str, cues: Collection[str], found: Mentions) -> None:
    """Add every number that stands right before one of `cues`, as in "25 days of holiday": it is no length of time."""
    behind = re.compile(r"\s{1,3}(?:paid\s|full\s|working\s)?" + any_phrase(cues), re.IGNORECASE)
    for match in _COUNT.finditer(text):
        unit = behind.match(text, match.end())
        if unit and found.is_free(match.start(), unit.end()):
            found.add("integer", whole(match["count"]), *match.span())
            found.block(match.start(), unit.end())


def read_counts(text: str, found: Mentions) -> None:
    """Add every whole number that stands where nothing is read yet."""
    for match in _COUNT.finditer(text):
        if found.is_free(*match.span()):
            found.add("integer", whole(match["count"]), *match.span())
