"""Days of the calendar."""

import datetime
import re

from actors.domain.intake.mentions import Mentions, impossible

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?![\d,.]\d)\b"
_WRITTEN = (
    re.compile(rf"\b(?P<month>{MONTH})\.?\s{{1,3}}{_DAY},?\s{{1,3}}{_YEAR}", re.IGNORECASE),
    re.compile(
        rf"(?<![\w.,$£€]){_DAY}[\s\-](?:of\s)?(?P<month>{MONTH})\.?,?[\s\-]{{1,3}}{_YEAR}", re.IGNORECASE
    ),
    re.compile(r"(?<![\w\-/.])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?![\w\-/])"),
    re.compile(r"(?<![\w\-/.])(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\w\-/])"),
)
_NUMERIC = re.compile(
    r"(?<![\w\-/.$£€])(?P<first>\d{1,2})(?P<mark>[/.\-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w\-/])"
)
_NO_YEAR = re.compile(
    rf"\b{MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?!,?\s?\d)|(?<![\w.,$£€])\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}\b"
    r"(?!,?\s?\d)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(?:effective|starting|from|as\sof|commencing|beginning|dated|starts|start\sdate:?)\s)"
    r"(?P<word>today|immediately|tomorrow|(?:next|this)\s\w{1,9}|the\s(?:first|1st)\sof\s\w{1,9}(?:\smonth)?)\b",
    re.IGNORECASE,
)
_MOST_MONTHS = 12


def read_dates(text: str, as_of: datetime.date, found: Mentions) -> None:
    """Add every day that the message names to `found`; "today" is `as_of`.

    Raises:
        InvalidInputError: A date is not in the calendar, such as 31 February.
    """
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            if found.is_free(*match.span()):
                found.add(
                    "date", _day(match[0], match["year"], _month(match["month"]), match["day"]), *match.span()
                )
    for match in _NUMERIC.finditer(text):
        if found.is_free(*match.span()):
            _add_numeric(match, found)
    for match in _NO_YEAR.finditer(text):
        if found.is_free(*match.span()):
            found.doubt(match[0], match.start(), "it names no year")
    for match in _RELATIVE.finditer(text):
        if found.is_free(*match.span("word")):
            _add_relative(match, as_of, found)


def _month(name: str) -> int:
    if name.isdecimal():
        return int(name)
    return next(n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name.casefold()[:3]))


def _day(words: str, year: str, month: int, day: str) -> datetime.date:
    try:
        return datetime.date(int(year), month, int(day))
    except ValueError as error:
        raise impossible(words, "is no day of the calendar") from error


def _add_numeric(match: re.Match[str], found: Mentions) -> None:
    first, second = int(match["first"]), int(match["second"])
    if len(match["year"]) == 2:  # noqa: PLR2004
        if match["mark"] != ".":  # "1.2.10" is as likely the number of a clause
            found.doubt(match[0], match.start(), "write the year with four digits")
        return
    if first <= _MOST_MONTHS and second <= _MOST_MONTHS and first != second:
        found.doubt(match[0], match.start(), "day and month can be read in two ways; write 2027-01-05")
        return
    month, day = (first, second) if first <= _MOST_MONTHS else (second, first)
    found.add("date", _day(match[0], match["year"], month, str(day)), *match.span())


def _add_relative(match: re.Match[str], as_of: datetime.date, found: Mentions) -> None:
    if match["word"].casefold() in {"today", "immediately"}:
        found.add("date", as_of, *match.span("word"))
    elif " of " not in match["word"].casefold() or "month" in match["word"].casefold():
        found.doubt(match["word"], match.start("word"), "write the date itself")
