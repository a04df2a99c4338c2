"""Word's automatic numbers: what a paragraph's number prints as."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from actors.domain.docx_package import child, local_name, number, value
from actors.domain.review.numerals import to_roman

MAX_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_CARDINALS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and prints."""

    start: int = 1
    form: str = "decimal"
    text: str = "%1."
    legal: bool = False
    """All numbers of the label print as decimals ("1.01" under "Article I")."""
    restart: int | None = None
    """Restarts after this level (from 1) only; 0 never; `None` after any higher level."""
    style: str = ""
    """Id of the paragraph style that is tied to this level."""


@dataclass(frozen=True, slots=True)
class NumberedList:
    """One numbering instance: which counters it shares, and where it starts anew."""

    counters: str
    """Id of the definition: lists of one definition count on together."""
    levels: tuple[Level, ...]
    starts: tuple[tuple[int, int], ...]
    """(level, first value) that this instance restarts with."""


def read_lists(root: etree._Element | None) -> dict[str, NumberedList]:
    """Return the numbering instances of `numbering.xml` by their id."""
    if root is None:
        return {}
    definitions = {value(e, "abstractNumId") or "": e for e in root if local_name(e) == "abstractNum"}
    by_style = {
        value(child(e, "styleLink")): e for e in definitions.values() if child(e, "styleLink") is not None
    }
    lists = {}
    for instance in (e for e in root if local_name(e) == "num"):
        counters = value(child(instance, "abstractNumId")) or ""
        definition = definitions.get(counters)
        if definition is not None and (link := value(child(definition, "numStyleLink"))):
            definition = by_style.get(link, definition)
        overrides = [e for e in instance if local_name(e) == "lvlOverride"]
        levels = _read_levels(definition) | dict(_replaced_levels(overrides))
        lists[value(instance, "numId") or ""] = NumberedList(
            counters,
            tuple(levels.get(index, Level(text=f"%{index + 1}.")) for index in range(MAX_LEVELS)),
            tuple(_restarts(overrides)),
        )
    return lists


def _read_levels(definition: etree._Element | None) -> dict[int, Level]:
    elements = [] if definition is None else [e for e in definition if local_name(e) == "lvl"]
    return {number(e, "ilvl") or 0: _read_level(e) for e in elements}


def _replaced_levels(overrides: list[etree._Element]) -> Iterator[tuple[int, Level]]:
    for override in overrides:
        level = child(override, "lvl")
        if level is not None:
            yield number(override, "ilvl") or 0, _read_level(level)


def _restarts(overrides: list[etree._Element]) -> Iterator[tuple[int, int]]:
    for override in overrides:
        start = number(child(override, "startOverride"))
        if start is not None:
            yield number(override, "ilvl") or 0, start


def _read_level(element: etree._Element) -> Level:
    start = number(child(element, "start"))
    legal = child(element, "isLgl")
    return Level(
        start=0 if start is None else start,
        form=value(child(element, "numFmt")) or "decimal",
        text=value(child(element, "lvlText")) or "",
        legal=legal is not None and value(legal) not in ("0", "false"),
        restart=number(child(element, "lvlRestart")),
        style=value(child(element, "pStyle")) or "",
    )


class Numberer:
    """Counts through a document, paragraph by paragraph, in order."""

    def __init__(self, lists: dict[str, NumberedList]) -> None:
        self._lists = lists
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """Return the level that a paragraph style is tied to, in a list that the style names."""
        numbered = self._lists.get(list_id)
        levels = numbered.levels if numbered else ()
        return next((index for index, level in enumerate(levels) if level.style == style), None)

    def next_label(self, list_id: str, level: int) -> str | None:
        """Count one paragraph and return its number as printed: "4.2", "(a)", "-" for a bullet.

        Returns:
            `None` where the list is unknown (0 switches numbering off), empty where its level prints nothing.
        """
        numbered = self._lists.get(list_id)
        if numbered is None or not 0 <= level < MAX_LEVELS:
            return None
        counts = self._counts.setdefault(numbered.counters, [None] * MAX_LEVELS)
        if list_id not in self._begun:
            self._begun.add(list_id)
            for at, start in numbered.starts:
                if at < MAX_LEVELS:
                    counts[at] = start - 1
        before = counts[level]
        counts[level] = numbered.levels[level].start if before is None else before + 1
        for deeper in range(level + 1, MAX_LEVELS):
            restart = numbered.levels[deeper].restart
            if restart is None or level < restart:
                counts[deeper] = None
        return _label(numbered.levels, counts, level)


def _label(levels: tuple[Level, ...], counts: list[int | None], level: int) -> str:
    own = levels[level]
    if own.form == "bullet":
        return "-"

    def printed(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        count = counts[at]
        form = "decimal" if own.legal and levels[at].form != "none" else levels[at].form
        return format_count(levels[at].start if count is None else count, form)

    return _PLACE.sub(printed, own.text).strip()


def format_count(count: int, form: str) -> str:
    """Return a count in one of Word's number formats; an unknown format prints as decimal."""
    if form == "none":
        return ""
    if form in ("lowerLetter", "upperLetter") and count > 0:
        repeats, letter = divmod(count - 1, 26)
        letters = chr(ord("a") + letter) * min(repeats + 1, 30)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:  # noqa: PLR2004
        return to_roman(count) if form == "upperRoman" else to_roman(count).lower()
    if form == "decimalZero":
        return f"{count:02d}"
    words = {"cardinalText": _CARDINALS, "ordinalText": _ORDINALS}.get(form)
    if words and 0 < count <= len(words):
        return words[count - 1]
    return f"{count}{_ending(count)}" if form == "ordinal" else str(count)


def _ending(count: int) -> str:
    teen = 10 <= count % 100 <= 20  # noqa: PLR2004
    return "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
