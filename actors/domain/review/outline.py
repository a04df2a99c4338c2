"""Text to structure: sections, clauses and attachments, with offsets into the very text that was given."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from actors.domain.review.lines import Line, read_line
from actors.domain.review.numerals import roman_value

SectionKind = Literal["preamble", "section", "attachment", "signature"]

_LEAST_SECTIONS = 3
_LEAST_ORDER = 0.8
_FORGIVEN_STEPS = 2  # one number out of place breaks the step to it and the step from it


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered place inside a section: "4.2", or a list item "(a)"."""

    number: str
    start: int
    body: int
    """Where its words begin, after the number."""
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """One top-level part. Sections tile the text: each ends where the next one starts."""

    number: str
    """As printed: "4", "IV", "Schedule 1"; empty for a preamble, an unnumbered part and the signatures."""
    heading: str
    start: int
    body: int
    """Where its text begins, after the heading."""
    end: int
    kind: SectionKind
    scope: str
    """The attachment that it stands in ("Schedule 1"); empty in the main text."""
    clauses: tuple[Clause, ...] = ()


def _start_of(section: Section) -> int:
    return section.start


@dataclass(frozen=True, slots=True)
class Outline:
    """The structure of one text."""

    sections: tuple[Section, ...]
    trusted: bool
    """The numbers of the main sections were read well enough for an error to rest on them."""

    def section_at(self, offset: int) -> Section:
        """Return the section that holds an offset."""
        return self.sections[max(bisect_right(self.sections, offset, key=_start_of) - 1, 0)]

    def main(self) -> Iterator[Section]:
        """Yield the numbered sections of the main text."""
        return (s for s in self.sections if s.kind == "section" and s.number and not s.scope)

    def attachments(self) -> Iterator[Section]:
        """Yield the openings of schedules, exhibits and the like."""
        return (s for s in self.sections if s.kind == "attachment")


def read_outline(text: str) -> Outline:
    """Read the structure of a contract in Markdown or plain text, in one pass.

    It reads `## 4. Heading`, `4. HEADING`, `ARTICLE IV`, `Section 4.02`, clauses `4.2`, items `(a)`, attachments and
    signature blocks. Lines of a table of contents are left out. A text without any structure is one preamble.
    """
    lines = list(_structure_lines(text))
    breaks = _choose_breaks(lines)
    sections = tuple(_build_sections(text, lines, breaks))
    return Outline(sections, _is_trusted(sections))


def section_value(number: str) -> int | None:
    """Return the place of a top-level number: 4 for "4" and "IV"; `None` for any other form."""
    return int(number) if number.isdigit() else roman_value(number)


def _structure_lines(text: str) -> Iterator[Line]:
    numbered = False
    for match in re.finditer(r"[^\n]+", text):
        line = read_line(match[0].rstrip("\r"), match.start())
        # An attachment cannot come before the contract: such a line says what the contract itself is attached to.
        in_front = not numbered and match.start() < len(text) // 3
        if line is None or (line.kind == "attachment" and in_front):
            continue
        numbered = numbered or line.kind not in ("title", "item")
        yield line


def _choose_breaks(lines: Sequence[Line]) -> set[int]:
    """Return the indices of the lines that open a section, by the strongest habit that the text shows twice."""
    style = _main_style(lines)
    breaks = set()
    current = listed = 0
    for index, line in enumerate(lines):
        if line.kind in ("attachment", "signature") or (line.kind == "title" and line.markdown_level):
            breaks.add(index)
            current = 0 if line.kind == "attachment" else current
            listed = 0
        elif _has_style(line, style):
            value = section_value(line.number) or 0
            if style != "integer" or _opens_section(line, value, current, listed):
                breaks.add(index)
                current, listed = value, 0
            else:
                listed = value
    return breaks


def _opens_section(line: Line, value: int, current: int, listed: int) -> bool:
    """Tell a section's plain number from one of a list inside a section."""
    if value == current + 1:
        return line.headed or listed != value - 1 or listed == 0
    return line.headed and (value != 1 or current == 0)


def _main_style(lines: Sequence[Line]) -> str:
    counts: dict[str, int] = {}
    for line in lines:
        if line.kind in ("article", "section", "integer", "roman"):
            for style in (line.kind, f"{line.kind}#") if line.markdown_level else (line.kind,):
                counts[style] = counts.get(style, 0) + 1
    order = ("article#", "section#", "integer#", "article", "section", "integer", "roman#", "roman")
    for least in (2, 1):
        for style in order:
            if counts.get(style, 0) >= least:
                return style
    return ""


def _has_style(line: Line, style: str) -> bool:
    return line.kind == style.removesuffix("#") and (not style.endswith("#") or line.markdown_level > 0)


def _build_sections(text: str, lines: Sequence[Line], breaks: set[int]) -> Iterator[Section]:
    order = sorted(breaks)
    starts = [lines[index].start for index in order]
    if not starts or starts[0] > 0:
        end = starts[0] if starts else len(text)
        yield Section("", "", 0, 0, end, "preamble", "", _clauses(lines[: order[0] if order else None], end))
    scope = ""
    for position, index in enumerate(order):
        line = lines[index]
        following = order[position + 1] if position + 1 < len(order) else len(lines)
        end = starts[position + 1] if position + 1 < len(order) else len(text)
        if line.kind == "attachment":
            scope = line.number
        kind: SectionKind = line.kind if line.kind in ("attachment", "signature") else "section"
        clauses = _clauses(lines[index + 1 : following], end)
        yield Section(line.number, line.heading, line.start, _body_start(line), end, kind, scope, clauses)


def _body_start(line: Line) -> int:
    """Return where a section's text begins: after a heading of its own line, else after the number."""
    return line.end if line.markdown_level or line.kind == "attachment" else line.body


def _clauses(lines: Sequence[Line], end: int) -> tuple[Clause, ...]:
    items = [line for line in lines if line.kind in ("dotted", "item", "integer", "roman")]
    clauses = []
    ends = [end] * len(items)
    open_at: list[tuple[int, int]] = []  # (depth, index)
    for index, line in enumerate(items):
        depth = line.number.count(".") if line.kind == "dotted" else _ITEM_DEPTH
        while open_at and open_at[-1][0] >= depth:
            ends[open_at.pop()[1]] = line.start
        open_at.append((depth, index))
    for index, line in enumerate(items):
        clauses.append(Clause(line.number, line.start, line.body, ends[index]))
    return tuple(clauses)


_ITEM_DEPTH = 9


def _is_trusted(sections: Sequence[Section]) -> bool:
    """Say whether the main numbers run on as numbers of a contract do."""
    values = [section_value(s.number) for s in sections if s.kind == "section" and s.number and not s.scope]
    if len(values) < _LEAST_SECTIONS or values[0] not in (0, 1):
        return False
    steps = [b == a + 1 for a, b in pairwise(values) if a is not None and b is not None]
    broken = steps.count(False)
    return sum(steps) >= _LEAST_ORDER * len(steps) or broken <= min(_FORGIVEN_STEPS, sum(steps))
