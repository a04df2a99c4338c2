"""D1-D3: days that do not exist, and spans that end before they start."""

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from actors.domain.review.known import KnownFacts
from actors.domain.review.remark import Remark
from actors.domain.review.sentences import read_sentences

_MONTHS = {name.casefold(): n for n, name in enumerate(calendar.month_name) if name}
_MONTH = "|".join(name for name in calendar.month_name if name)
_DATE = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>(?:19|20)\d{{2}})\b"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:(?:day\s)?of\s)?(?P<month2>{_MONTH}),?\s(?P<year2>(?:19"
    rf"|20)\d{{2}})\b"
    rf"|(?P<year3>(?:19|20)\d{{2}})-(?P<month3>\d{{2}})-(?P<day3>\d{{2}})\b"
    rf"|(?<!\.\s)(?P<month4>January|February|April|June|July|August|September|October|November"
    rf"|December)\s(?P<day4>3[012]|[4-9]\d)\b"
    rf"(?!,?\s?\d|[.,]\d|\s?%)"
    rf"|(?<![\d.])(?P<day5>3[012]|[4-9]\d)(?:st|nd|rd|th)?\s(?:(?:day\s)?of\s)?(?P<month5>January|February|April|June"
    rf"|September|November)\b(?!,?\s\d))"
)
_SPAN_JOIN = re.compile(
    r",?\s(?:to|through|until|till|and\sending\son|and\sends\son|up\sto)\s(?:and\sincluding\s)?"
)
_SPAN_START = re.compile(
    r"\b(?:from|(?:commenc|beginn|start)\w{1,4}(?:\s(?:on|as\sof|from))?|effective(?:\s(?:on|as\sof))?)\s"
    r"(?:and\sincluding\s)?$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:expir|terminat|end)\w{0,5}\s(?:automatically\s)?(?:on|at\s[^.;]{1,30}\son)\s$", re.IGNORECASE
)
_ENDING = re.compile(r"(?i:expir|terminat|\bend)\w{0,5}\s[^.;]{0,60}\bon\s[A-Z\d]")
_LENGTH = re.compile(
    r"\b(?:period|term)\sof\s(?:[a-z-]{2,12}\s\()?(?P<count>\d{1,3}|one|two|three|four|five"
    r"|ten)\)?\s(?P<unit>year|month)s?\b"
)
_SMALL = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_EFFECTIVE = re.compile(
    r"(?:\((?:the\s)?[\"“*]{1,3}Effective Date[\"”*]{1,3}\)"
    r"|[\"“*]{1,3}Effective Date[\"”*]{1,3}\s(?:means|shall mean|is)\s|Effective Date:\s*)"
)
_GRACE = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DatedPlace:
    """A date in the text; `day` is `None` where no calendar has it."""

    day: datetime.date | None
    start: int
    end: int


def read_dates(text: str) -> Iterator[DatedPlace]:
    """Yield the full dates of a text, and impossible days without a year ("31 April")."""
    for match in _DATE.finditer(text):
        parts = {name.rstrip("2345"): value for name, value in match.groupdict().items() if value}
        month = int(parts["month"]) if parts["month"].isdigit() else _MONTHS[parts["month"].casefold()]
        year = int(parts.get("year", "2024"))  # a leap year: 29 February without a year is possible
        try:
            day: datetime.date | None = datetime.date(year, month, int(parts["day"]))
        except ValueError:
            day = None
        if day is None or "year" in parts:
            yield DatedPlace(day, match.start(), match.end())


def check_days(text: str) -> Iterator[Remark]:
    """Yield D1: days that do not exist, and spans inside one sentence that end before they start."""
    places = list(read_dates(text))
    for place in places:
        if place.day is None:
            yield Remark("D1", "error", "This day does not exist.", place.start, place.end)
    for first, second in pairwise(places):
        if first.day is None or second.day is None or second.day >= first.day:
            continue
        before = text[max(first.start - 40, 0) : first.start]
        if _SPAN_JOIN.fullmatch(text, first.end, second.start) and _SPAN_START.search(before):
            yield Remark("D1", "error", "This span ends before it starts.", first.start, second.end)


def check_spans(text: str, known: KnownFacts | None) -> Iterator[Remark]:
    """Yield D1 for a stated start and end, D2 where length and end disagree, D3 for two effective dates."""
    for start, end in read_sentences(text):
        if _ENDING.search(text, start, end):
            yield from _check_sentence(text, start, end)
    yield from _check_effective(text, known)


def _check_sentence(text: str, start: int, end: int) -> Iterator[Remark]:
    sentence = text[start:end]
    places = [place for place in read_dates(sentence) if place.day is not None]
    if len(places) < 2:  # noqa: PLR2004
        return
    begins = next((p for p in places if _SPAN_START.search(sentence[max(p.start - 40, 0) : p.start])), None)
    ends = next((p for p in places if _ENDS.search(sentence[max(p.start - 60, 0) : p.start])), None)
    if begins is None or ends is None or begins.day is None or ends.day is None or begins.start > ends.start:
        return
    if ends.day < begins.day:
        yield Remark("D1", "error", "The end comes before the start.", start + ends.start, start + ends.end)
    elif length := _LENGTH.search(sentence, begins.end, ends.start):
        count = _SMALL.get(length["count"]) or int(length["count"])
        expected = add_months(begins.day, count * 12 if length["unit"] == "year" else count)
        if abs(expected - ends.day) > _GRACE:
            message = f"{length[0]} from {begins.day} ends on {expected - _GRACE}, not on {ends.day}."
            yield Remark("D2", "warning", message, start + ends.start, start + ends.end)


def _check_effective(text: str, known: KnownFacts | None) -> Iterator[Remark]:
    """Yield D3: the effective date is given twice, differently, or is not the one known."""
    expected = known.dates.get("Effective Date") if known else None
    for match in _EFFECTIVE.finditer(text):
        after = match[0].endswith((" ", ":"))
        window = (match.end(), match.end() + 40) if after else (max(match.start() - 40, 0), match.start())
        place = next((p for p in read_dates(text[window[0] : window[1]]) if p.day), None)
        if place is None or place.day is None:
            continue
        if expected is not None and place.day != expected:
            start = window[0] + place.start
            message = f"The Effective Date is {place.day} here and {expected} elsewhere."
            yield Remark("D3", "warning", message, start, window[0] + place.end)
        expected = expected or place.day


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, datetime.MAXYEAR)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
