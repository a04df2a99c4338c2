"""N1-N5: numbers that repeat or skip, headings without text, brackets that do not close."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from actors.domain.review.lines import Line, read_line
from actors.domain.review.numerals import letter_value, roman_value, to_roman
from actors.domain.review.outline import Outline, Section, section_value
from actors.domain.review.remark import Remark

_RESERVED = re.compile(r"reserved|omitted|deleted|not used|left blank", re.IGNORECASE)
_LEAST_IN_ORDER = 0.75
_MAX_GAP = 3  # A jump beyond this is another list, or a number that was misread.


def check_numbering(text: str, outline: Outline) -> Iterator[Remark]:
    """Yield N1 to N4 over the whole text."""
    if outline.trusted:
        yield from _check_sections(text, list(outline.main()))
    for section in outline.sections:
        yield from _check_clauses(text, section, 2 if outline.trusted else 3)
        yield from _check_list(text, section)
    yield from _check_levels(text)
    yield from _check_empty(text, outline)


def _check_sections(text: str, sections: Sequence[Section]) -> Iterator[Remark]:
    """Yield N1: a number given twice is certain, a missing one may be meant."""
    for before, section in pairwise(sections):
        last, value = section_value(before.number), section_value(section.number)
        if last is None or value is None or value in (last + 1, 1):
            continue
        start, end = section.start, _line_end(text, section.start)
        if value == last:
            yield Remark("N1", "error", f"Section {section.number} is numbered twice in a row.", start, end)
        elif not _RESERVED.search(section.heading) and not _stands_inline(text, last + 1, before, section):
            message = f"Section {section.number} follows section {before.number}; {last + 1} was expected."
            yield Remark("N1", "warning", message, start, end)


def _stands_inline(text: str, value: int, before: Section, section: Section) -> bool:
    """Say whether the missing number opens a sentence between the two sections: old filings lose line breaks."""
    label = re.compile(rf"(?:\b{value}\.?|\b{to_roman(value)}\.?)\s{{1,9}}[A-Z]")
    return label.search(text, before.body, section.start) is not None


def _check_clauses(text: str, section: Section, least: int) -> Iterator[Remark]:
    """Yield N1 for clauses such as 4.2, where most clauses of the section are in order."""
    runs: dict[str, list[tuple[int, int]]] = {}
    for clause in section.clauses:
        parent, dot, own = clause.number.rpartition(".")
        if dot and own.isdigit():
            runs.setdefault(parent, []).append((int(own), clause.start))
    for parent, run in runs.items():
        steps = list(pairwise(run))
        ordered = sum(b[0] == a[0] + 1 for a, b in steps)
        if len(run) < least or ordered < _LEAST_IN_ORDER * (len(steps) - 1):
            continue
        for (last, before), (value, start) in steps:
            end = _line_end(text, start)
            if value == last:
                message = f"Clause {parent}.{value} is numbered twice in a row."
                yield Remark("N1", "error" if section.heading else "warning", message, start, end)
            elif last + 1 < value <= last + _MAX_GAP and f"{parent}.{last + 1}" not in text[before:start]:
                message = f"Clause {parent}.{value} follows {parent}.{last}; {parent}.{last + 1} is missing."
                yield Remark("N1", "warning", message, start, end)


def _check_list(text: str, section: Section) -> Iterator[Remark]:
    """Yield N2: a list (a), (b), (d). A marker that stands inside a line counts as present."""
    previous: dict[str, tuple[int, int]] = {}  # kind of marker -> (value, offset)
    for clause in section.clauses:
        if not clause.number.startswith("("):
            previous.clear()
            continue
        label = clause.number.strip("()")
        for kind, value in _readings(label):
            last, offset = previous.get(kind, (0, clause.start))
            missing = _marker(kind, last + 1)
            if last and last + 1 < value <= last + _MAX_GAP and missing not in text[offset : clause.start]:
                message = (
                    f"The list goes from {_marker(kind, last)} to {clause.number}; {missing} is missing."
                )
                yield Remark(
                    "N2", "warning", message, clause.start, clause.start + _marker_length(text, clause.start)
                )
            previous[kind] = (value, clause.start)
            if kind in ("letter", "LETTER"):
                previous.pop("roman", None)
                previous.pop("digit", None)


def _readings(label: str) -> list[tuple[str, int]]:
    """Return the one sure reading of a marker; (i), (v), (x), (c), (d), … may be letters or numerals."""
    if label.isdigit():
        return [("digit", int(label))]
    letter, roman = letter_value(label), roman_value(label)
    if letter is not None and roman is None:
        return [("LETTER" if label.isupper() else "letter", letter)] if len(label) == 1 else []
    if roman is not None and letter is None and label.islower():
        return [("roman", roman)]
    if letter is not None and len(label) == 1 and label in "cdCD":
        return [("LETTER" if label.isupper() else "letter", letter)]
    return []


def _marker(kind: str, value: int) -> str:
    if kind == "digit":
        return f"({value})"
    if kind == "roman":
        return f"({to_roman(value).lower()})"
    letter = chr(ord("a") + (value - 1) % 26)
    return f"({letter.upper()})" if kind == "LETTER" else f"({letter})"


def _marker_length(text: str, start: int) -> int:
    line = text[start : start + 40]
    return line.index(")") + 1 if ")" in line else 1


def _check_levels(text: str) -> Iterator[Remark]:
    """Yield N3: a Markdown heading two or more levels below the one before."""
    last: Line | None = None
    for match in re.finditer(r"^#{1,6}[ \t][^\n]*", text, re.MULTILINE):
        line = read_line(match[0], match.start())
        if line is None or not line.markdown_level:
            continue
        if last is not None and line.markdown_level > last.markdown_level + 1:
            yield Remark(
                "N3", "info", "This heading skips a level below the one before it.", line.start, line.end
            )
        last = line


def _check_empty(text: str, outline: Outline) -> Iterator[Remark]:
    """Yield N4: a numbered heading with nothing under it; attachments are C4's."""
    if not outline.trusted:
        return
    for section in outline.main():
        words = text[section.body : section.end].strip(" \t\r\n*#_-.")
        if section.heading and not words and not _RESERVED.search(section.heading):
            end = _line_end(text, section.start)
            yield Remark(
                "N4", "warning", f"Section {section.number} has a heading and no text.", section.start, end
            )


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


_PAIRS = {")": "(", "]": "[", "”": "“"}
# "a)" or "1)" opens a list item, and 12" is a length: neither closes anything.
_BRACKET = re.compile(
    r"(?P<item>(?:(?<=\s)|^)(?:[a-zA-Z]{1,4}|\d{1,3})\))|(?P<mark>[()\[\]“”])", re.MULTILINE
)


def check_brackets(text: str) -> Iterator[Remark]:
    """Yield N5: brackets and curly quotes that do not pair up, at most once per paragraph."""
    for paragraph in re.finditer(r"(?:[^\n]+\n?)+", text):
        yield from _check_paragraph(paragraph[0], paragraph.start())


def _check_paragraph(paragraph: str, offset: int) -> Iterator[Remark]:
    if paragraph.lstrip().startswith(("|", "```")):
        return
    stack: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(paragraph):
        if match["item"]:
            if stack and stack[-1][0] == "(":
                stack.pop()
            continue
        mark = match["mark"]
        if mark in "([“":
            stack.append((mark, match.start()))
        elif stack and stack[-1][0] == _PAIRS[mark]:
            stack.pop()
        else:
            if not _is_cut_before(paragraph):
                yield _unpaired(mark, offset + match.start())
            return
    if stack and not _is_cut_after(paragraph):
        mark, at = stack[-1]
        yield _unpaired(mark, offset + at)


def _is_cut_before(paragraph: str) -> bool:
    """Say whether a page break may have cut the paragraph off an earlier one, with the partner in it."""
    first = paragraph.lstrip(" \t*_#>")[:1]
    return not first.isupper() and first not in '(“["' and not first.isdigit()


def _is_cut_after(paragraph: str) -> bool:
    return paragraph.rstrip(" \t\n*_")[-1:] not in set(".;:?!)]”")


def _unpaired(mark: str, start: int) -> Remark:
    name = {"(": "bracket", ")": "bracket", "[": "square bracket", "]": "square bracket"}.get(
        mark, "quotation mark"
    )
    return Remark("N5", "warning", f"This {name} has no partner in its paragraph.", start, start + 1)
