"""Where a text refers to another place of its own document."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

_NUMBER = r"\d{1,3}(?:\.\d{1,3})*(?:\([A-Za-z0-9]{1,6}\))*(?![\w(]|[.,]\d)"
_REFERENCE = re.compile(
    rf"\b(?:[Ss]ections?|[Cc]lauses?)\s(?P<numbers>{_NUMBER}(?:(?:, | and | or | to |, and |, or ){_NUMBER})*)"
)
_ONE = re.compile(_NUMBER)
# "Section 5 of the Lease", "section 2 of the Act", "clause 4 thereof": places of other documents.
_FOREIGN_AFTER = re.compile(r",?\s(?:of|under)\s(?!this\b|these\b)|\sthereof\b")
_FOREIGN_BEFORE = re.compile(
    r"(?:Code|Act|Act \d{4}|Regulations?|Rules?|Laws?|Statutes?|U\.S\.C\.|C\.F\.R\.|GDPR|Title \d+)[’',]{0,2}\s$"
)
_JOINT = re.compile(r",?\s(?:(?:and|or|to)\s)?")


class Pointer(NamedTuple):
    """A field that points to a place of the document."""

    text: str
    """What it shows."""
    place: str
    """The key of the place, for its bookmark."""
    switch: str
    r"""What Word prints there: `\w` the number with those above it, `\n` the number alone, empty the text itself."""


class Reference(NamedTuple):
    """A stretch of a text, `text[start:end]`, that consists of pointers."""

    start: int
    end: int
    pointers: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """The places that a text may refer to."""

    numbers: Mapping[str, tuple[Pointer, ...]]
    """By number as a reference prints it: `4`, `4.2(b)`."""
    schedules: Mapping[str, tuple[Pointer, ...]]
    """By full name: `Exhibit A`, `Schedule 2(1)`."""

    def references(self, text: str) -> list[Reference]:
        """Return the references to places of this document, in reading order."""
        return sorted((*self._to_numbers(text), *self._to_schedules(text)))

    def _to_numbers(self, text: str) -> Iterator[Reference]:
        for match in _own(text):
            for one in _ONE.finditer(text, match.start("numbers"), match.end("numbers")):
                if pointers := self.numbers.get(one[0]):
                    yield Reference(one.start(), one.end(), pointers)

    def _to_schedules(self, text: str) -> Iterator[Reference]:
        if not self.schedules:
            return
        longest_first = sorted(self.schedules, key=len, reverse=True)
        names = "|".join(re.escape(name) for name in longest_first)
        for match in re.finditer(rf"\b(?:{names})(?![\w(]|\.\d|\sof\s(?!this\b))", text):
            yield Reference(match.start(), match.end(), self.schedules[match[0]])


def targets(places: Iterable[tuple[bool, tuple[Pointer, ...]]]) -> Targets:
    """Return the places of a document; a number that stands twice is a target of nothing.

    Args:
        places: Whether each is a schedule (or in one), and the pointers that together print its number.
    """
    listed = [
        ("".join(pointer.text for pointer in pointers), in_schedule, pointers)
        for in_schedule, pointers in places
    ]
    times = Counter(number for number, _, _ in listed)
    single = [
        (number, in_schedule, pointers) for number, in_schedule, pointers in listed if times[number] == 1
    ]
    return Targets(
        numbers={number: pointers for number, in_schedule, pointers in single if not in_schedule},
        schedules={number: pointers for number, in_schedule, pointers in single if in_schedule},
    )


def _own(text: str) -> list[re.Match[str]]:
    """Return the references by number that are not to another document."""
    kept: list[re.Match[str]] = []
    follower: re.Match[str] | None = None
    foreign = False
    # Backwards: "clause 4 and clause 6 of the Lease" is decided at its end.
    for match in reversed(list(_REFERENCE.finditer(text))):
        joined = follower is not None and _JOINT.fullmatch(text, match.end(), follower.start()) is not None
        foreign = (joined and foreign) or _is_foreign(text, match)
        if not foreign:
            kept.append(match)
        follower = match
    return kept


def _is_foreign(text: str, match: re.Match[str]) -> bool:
    before = text[max(match.start() - 30, 0) : match.start()]
    return bool(_FOREIGN_AFTER.match(text, match.end()) or _FOREIGN_BEFORE.search(before))
