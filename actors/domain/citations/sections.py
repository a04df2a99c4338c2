"""Lists of provisions in a text: `§§ 2870-2872`, `ss 11(2), 90(3)`, `Sections 2 and 3`, `§ 18-1101(c), (e)`."""

import re
from collections.abc import Container
from dataclasses import dataclass

from actors.domain.citations.numbers import complete_end, split_range
from actors.domain.citations.sources import Numbers

_UNITS = {
    "§": "s", "§§": "s", "section": "s", "sect": "s", "sec": "s", "s": "s", "ss": "s",
    "article": "art", "art": "art", "regulation": "reg", "reg": "reg", "rule": "r", "r": "r", "rr": "r",
    "chapter": "ch", "chap": "ch", "ch": "ch", "part": "pt", "pt": "pt", "schedule": "sch", "sch": "sch",
}  # fmt: skip
DESIGNATOR = re.compile(
    r"(?<![\w'.])(?:(?P<sign>§\s?§|§)|(?P<word>sections?|sects?|secs?|ss|s|articles?|arts?|regulations?|regs?|rules?|rr|r"
    r"|chapters?|chaps?|chs?|parts?|pts?|schedules?|schs?)\b\.?)\s*(?=\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d{1,6}[A-Za-z]{0,3}(?![A-Za-z])"
    r"(?:(?:[.:/](?=\d)|\s?-\s?(?=\d)|-)(?:\d{1,6}[A-Za-z]{0,2}|[A-Za-z])(?![A-Za-z]))*"
)
_PIN = re.compile(r"\((\d{1,3}|\d{1,2}-?[A-Za-z]|[A-Za-z]|([a-z])\2|[A-Z]{2}|a[a-z]|[ivxIVX]{2,5})\)")
_SUBDIVISION = re.compile(
    r"\s*,?\s*(?:subd(?:\.|ivision)|subsection|para(?:\.|graph))\s*(?=\([A-Za-z0-9]{1,3}\))", re.IGNORECASE
)
_SPACED_PIN = re.compile(r"\s(?=\((?:\d{1,2}|[a-z]|[A-Z])\))")
_RANGE = re.compile(r"\s*(?:-|\bto\b|\bthrough\b|\bthru\b)\s*", re.IGNORECASE)
_SHORT_END = re.compile(r"\.\d{1,4}")
_JOIN = re.compile(r"\s*(?:[,;]\s*(?:and|or|&)?|(?:and|or|&))\s*(?:§{1,2}\s*)?", re.IGNORECASE)
_ET_SEQ = re.compile(r"\s*,?\s*et\.?\s+seq(?:\.|\b)", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\s+(?:[A-Z][a-z]*\.|[A-Z]{1,3}\b)")
_MOST = 60


@dataclass(frozen=True, slots=True)
class Locator:
    """One provision of a list, without its source."""

    start: int
    end: int
    number: str
    number_end: str = ""
    pin: tuple[str, ...] = ()
    pin_end: str = ""


@dataclass(frozen=True, slots=True)
class Locators:
    """A list of provisions that share one designator."""

    unit: str
    """`s`, `art`, `reg`, `r`, `ch`, `pt`, `sch`; "" where numbers stand without a word."""
    start: int
    end: int
    items: tuple[Locator, ...]


def parse_list(folded: str, position: int, numbers: Numbers, stops: Container[int] = ()) -> Locators | None:
    """Read a designator and its list at `position`.

    Args:
        folded: The text.
        position: Where the designator begins.
        numbers: How the source numbers its sections.
        stops: Offsets at which another source begins; a list does not run into one.

    Returns:
        `None` where no designator with a number stands.
    """
    match = DESIGNATOR.match(folded, position)
    if match is None:
        return None
    written = re.sub(r"\s", "", match["sign"] or match["word"]).lower()
    unit = _UNITS.get(written) or _UNITS[written.rstrip("s")]
    # Chapters, parts and schedules have plain numbers, whatever the sections have.
    own = numbers if unit in ("s", "art", "reg", "r") else 0
    plural = written not in _UNITS or written in {"§§", "ss", "rr"}
    items = _Reader(folded, own, plural, stops).items(match.end(), position)
    return Locators(unit, position, items[-1].end, items) if items else None


def parse_bare(folded: str, position: int, numbers: Numbers, stops: Container[int] = ()) -> Locators | None:
    """Read a list that stands without a designator, as in `15 U.S.C. 7001(a)` or `820 ILCS 90/10, 90/20`."""
    items = _Reader(folded, numbers, numbers == "slashed", stops).items(position, position)
    if not items or _lacks_form(items[0].number, numbers):
        return None
    return Locators("", position, items[-1].end, items)


def _lacks_form(number: str, numbers: Numbers) -> bool:
    """Tell whether a number without a sign is none of this source's: "UCC 1" is a form, not a section."""
    if numbers == "slashed":
        return "/" not in number
    return isinstance(numbers, int) and number.count("-") < numbers


@dataclass(frozen=True, slots=True)
class _Reader:
    folded: str
    numbers: Numbers
    plural: bool
    stops: Container[int]

    def items(self, position: int, start: int) -> tuple[Locator, ...]:
        """Read provisions from `position` on; the first counts from `start`, where its designator stands."""
        items: list[Locator] = []
        current = self.provision(position, start)
        while current is not None and len(items) < _MOST:
            items.append(current)
            current = self.following(current)
        return tuple(items)

    def following(self, last: Locator) -> Locator | None:
        join = _JOIN.match(self.folded, last.end)
        if join is None:
            return None
        at = join.end()
        if self.folded.startswith("(", at) and last.pin:
            pins, end = _pins(self.folded, at)
            pin = _beside(last.pin, pins) if pins else ()
            return Locator(at, end, last.number, "", pin) if pin else None
        if not self.plural or at in self.stops:
            return None
        found = self.provision(at, at)
        # "…, 853 S.W.2d 505" begins another citation.
        return None if found and _ABBREVIATION.match(self.folded, found.end) and "," in join[0] else found

    def provision(self, position: int, start: int) -> Locator | None:
        match = _NUMBER.match(self.folded, position)
        if match is None:
            return None
        number, last, end = self.number(match)
        if not last:
            last, end = _range_end(self.folded, end, number)
        pins, end = _pins(self.folded, end)
        pin_end, end = _pin_range(self.folded, end) if pins else ("", end)
        tail = _ET_SEQ.match(self.folded, end)
        return Locator(start, tail.end() if tail else end, number, last, pins, pin_end)

    def number(self, match: re.Match[str]) -> tuple[str, str, int]:
        """Return the number, the last of its range and where they end."""
        written = re.sub(r"\s", "", match[0])
        number, last = split_range(written, self.numbers)
        if number == written and " - " in match[0]:
            # A hyphen between spaces that makes no range is a dash of the sentence.
            number = match[0].partition(" - ")[0]
            return number, "", match.start() + len(number)
        return number, last, match.end()


def _range_end(folded: str, end: int, number: str) -> tuple[str, int]:
    dash = _RANGE.match(folded, end)
    if dash is None:
        return "", end
    short = _SHORT_END.match(folded, dash.end())
    long = _NUMBER.match(folded, dash.end()) if dash[0].strip() != "-" else None
    found = short or long
    return (complete_end(number, found[0]), found.end()) if found else ("", end)


def _pins(folded: str, position: int) -> tuple[tuple[str, ...], int]:
    pins: list[str] = []
    if subdivision := _SUBDIVISION.match(folded, position):
        position = subdivision.end()
    while match := _PIN.match(folded, position) or _spaced(folded, position):
        pins.append(match[1])
        position = match.end()
    return tuple(pins), position


def _spaced(folded: str, position: int) -> re.Match[str] | None:
    return _PIN.match(folded, position + 1) if _SPACED_PIN.match(folded, position) else None


def _pin_range(folded: str, end: int) -> tuple[str, int]:
    dash = _RANGE.match(folded, end)
    match = _PIN.match(folded, dash.end()) if dash else None
    return (match[1], match.end()) if match else ("", end)


def _beside(pin: tuple[str, ...], following: tuple[str, ...]) -> tuple[str, ...]:
    """Return where `(e)` in `(a)(2) and (e)` belongs: beside the last subdivision of its own sort, and after it.

    Empty where it belongs nowhere: the `(ii)` in "(i) 12 U.S.C. § 1829(a), (ii) …" counts the sentence's own points.
    """
    wanted = _order(following[0])
    for level in range(len(pin) - 1, -1, -1):
        before = _order(pin[level])
        if before[0] == wanted[0] and before[1] < wanted[1]:
            return (*pin[:level], *following)
    return ()


def _order(part: str) -> tuple[str, int]:
    """Return a subdivision's sort and its place in it; of several letters, as `(ii)` or `(bb)`, only their number."""
    if part[0].isdigit():
        return "digit", int(re.sub(r"\D.*", "", part))
    if len(part) > 1:
        return "letters", len(part)
    return ("upper" if part.isupper() else "lower"), ord(part)
