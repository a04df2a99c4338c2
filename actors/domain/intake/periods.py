"""Lengths of time: "two (2) years", "18-month", "net 30"."""

import re
from typing import Literal

from actors.domain.intake.mentions import Mentions, impossible
from actors.domain.intake.numerals import DIGITS, WORDS, whole
from actors.domain.matter import Duration

_LONGEST = 10_000
_UNIT = r"(?:(?P<kind>business|working|banking|calendar)[\s\-])?(?P<unit>day|week|month|year|yr)s?\b"
_PERIOD = re.compile(
    rf"(?<![\w.,$£€¥/])(?P<sign>(?<![\w)\]])[-−])?(?P<count>{DIGITS}|{WORDS}|an?\b)"
    rf"(?:\s?\((?P<again>{DIGITS}|{WORDS})\))?[\s\-‐‑–]{{1,3}}{_UNIT}",
    re.IGNORECASE,
)
_NET = re.compile(r"(?<![\w\-])net[\s\-](?P<count>\d{1,3})\b(?![\s\-]?(?:\w*days?|%|,\d))", re.IGNORECASE)
_FRACTION = re.compile(
    r"(?<![\w.,])\d{1,4}(?:[.,]\d{1,2}|½)\s?(?:years?|months?|weeks?|days?)\b", re.IGNORECASE
)
_RANGE_BEFORE = re.compile(rf"(?:{DIGITS}|{WORDS})(?:\s?[-–]\s?|\s(?:to|or|and)\s)$", re.IGNORECASE)
# "a month" is a length of time only after words such as these; after an amount it is a rate.
_LENGTH_BEFORE = re.compile(
    r"(?:\b(?:for|of|within|lasts?|lasting|after|survives?|continues?|least|exceed|than|is)|[:=])\s$",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(r"\b(?:per|every|each|half|age|aged|first|last)\s$", re.IGNORECASE)
_AGE_AFTER = re.compile(
    r"['’]?[\s\-](?:old|ago|of\s(?:age|experience)|experience|(?:a|per|each|every)\s(?:week|month|year))\b",
    re.IGNORECASE,
)
_NAMES: dict[str, Literal["day", "week", "month", "year"]] = {
    "day": "day", "week": "week", "month": "month", "year": "year", "yr": "year",
}  # fmt: skip


def read_periods(text: str, found: Mentions) -> None:
    """Add every length of time to `found`.

    Raises:
        InvalidInputError: A length is negative or beyond what a contract can state.
    """
    for match in _FRACTION.finditer(text):
        if found.is_free(*match.span()):
            found.doubt(match[0], match.start(), "write it in whole months or days")
    for match in _PERIOD.finditer(text):
        if found.is_free(*match.span()) and _is_length(text, match):
            _add(text, match, found)
    for match in _NET.finditer(text):
        if int(match["count"]) and found.is_free(*match.span("count")):
            found.add("duration", Duration(count=int(match["count"]), unit="day"), *match.span("count"))


def _is_length(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 16]
    if _RATE_BEFORE.search(before) or _AGE_AFTER.match(after):
        return False
    return match["count"].casefold() not in {"a", "an"} or bool(_LENGTH_BEFORE.search(before))


def _add(text: str, match: re.Match[str], found: Mentions) -> None:
    if match["sign"]:
        raise impossible(match[0], "is a negative length of time")
    before = text[max(0, match.start() - 24) : match.start()]
    if _RANGE_BEFORE.search(before):
        found.doubt(match[0], match.start(), "it stands at the end of a range; give one length of time")
        return
    count = 1 if match["count"].casefold() in {"a", "an"} else whole(match["count"])
    if match["again"] and whole(match["again"]) != count:
        found.doubt(match[0], match.start(), "its words and its digits differ")
    elif not 0 < count <= _LONGEST:
        raise impossible(match[0], f"is no length of time that a contract can state (1 to {_LONGEST:,})")
    else:
        found.add("duration", Duration(count=count, unit=_unit(match)), *match.span())


def _unit(match: re.Match[str]) -> Literal["day", "business_day", "week", "month", "year"]:
    if match["kind"] and match["kind"].casefold() != "calendar":
        return "business_day"
    return _NAMES[match["unit"].casefold()]
