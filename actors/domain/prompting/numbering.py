"""Labels and kinds for the paragraphs of a model's section: numbered by code, whatever the model counted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actors.domain.prompting.answer_lines import AnswerLine, Mark
from actors.domain.sections import Paragraph, ParagraphKind, Section
from actors.domain.wording import letter, roman

_ROMAN = re.compile(r"[ivxl]+")
_MARKS: Mapping[ParagraphKind, Mark] = {
    "clause": "clause", "item": "item", "subitem": "item", "definition": "definition",
}  # fmt: skip
_FIRST = ("a", "A", "i", "I", "1", "")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph with its label, before its text is set."""

    kind: ParagraphKind
    label: str
    path: str
    """The labels that lead to it: `4.2`, `4.2(b)`, `4.2#1` for the first paragraph without a label behind 4.2."""
    text: str


def numbered(lines: Sequence[AnswerLine], own: Section, item_labels: str) -> list[Numbered]:
    """Number paragraphs consecutively, as the planning of the library does.

    Args:
        lines: The answer.
        own: The library's version of the section.
        item_labels: How the section's items are marked: `a`, `A` or `1`.
    """
    counts = _counts_clauses(lines, own)
    if counts and not any(line.mark == "clause" for line in lines):
        lines = [_promoted(line) for line in lines]
    return list(_Counter(own, item_labels, counts=counts).read(lines))


def paths(section: Section, item_labels: str) -> dict[str, Paragraph]:
    """Return the paragraphs of a rendered section by the labels that lead to them."""
    lines = [AnswerLine(_MARKS.get(p.kind, "none"), p.text, p.label.strip("()")) for p in section.paragraphs]
    found = numbered(lines, section, item_labels)
    return {one.path: paragraph for one, paragraph in zip(found, section.paragraphs, strict=True)}


def _counts_clauses(lines: Sequence[AnswerLine], own: Section) -> bool:
    """Whether clauses carry numbers: where the library's do, or where the model wrote several."""
    if own.kind != "clause":
        return False
    return any(p.kind == "clause" for p in own.paragraphs) or sum(line.mark == "clause" for line in lines) > 1


def _promoted(line: AnswerLine) -> AnswerLine:
    """Take a paragraph with a run-in heading for a clause whose number was forgotten."""
    is_clause = line.mark == "none" and line.text.startswith("**")
    return AnswerLine("clause", line.text) if is_clause else line


class _Counter:
    def __init__(self, own: Section, item_labels: str, *, counts: bool) -> None:
        self._number, self._style, self._counts = own.number, item_labels, counts
        self._in_schedule = own.kind != "clause"
        self._clauses = self._plain = self._items = self._subitems = 0
        self._clause, self._item, self._definitions = "", "", 0
        self._style_of_list = ""
        self._bullet_indent = 0
        self._interrupted = False
        self._colon = False

    def read(self, lines: Sequence[AnswerLine]) -> Iterator[Numbered]:
        for line in lines:
            yield self._next(line)
            self._colon = line.text.rstrip(" *").endswith(":")

    def _next(self, line: AnswerLine) -> Numbered:
        if line.mark == "clause" and self._counts:
            self._clauses += 1
            self._begin(f"{self._number}.{self._clauses}")
            return Numbered("clause", self._clause, self._clause, line.text)
        if line.mark == "definition":
            self._definitions += 1
            self._begin(f"{self._clause.partition('“')[0]}“{self._definitions}")
            return Numbered("definition", "", self._clause, line.text)
        is_item = line.mark in {"item", "bullet"} or (
            line.mark == "clause" and self._in_schedule and not line.text.startswith("**")
        )
        return self._next_item(line) if is_item else self._next_plain(line)

    def _begin(self, clause: str) -> None:
        self._clause, self._plain, self._interrupted = clause, 0, False
        self._items = self._subitems = 0

    def _next_plain(self, line: AnswerLine) -> Numbered:
        self._plain += 1
        self._interrupted = True
        return Numbered("body", "", f"{self._clause}#{self._plain}", line.text)

    def _next_item(self, line: AnswerLine) -> Numbered:
        if self._interrupted and line.label in _FIRST:
            self._items = self._subitems = 0
        self._interrupted = False
        if self._is_deep(line):
            label = f"({roman(self._subitems)})"
            self._subitems += 1
            return Numbered("subitem", label, f"{self._item}{label}", line.text)
        if self._items == 0:
            self._style_of_list = line.label
            self._bullet_indent = line.indent
        label = f"({self._mark(self._items)})"
        self._item = f"{self._clause}#{self._plain}{label}"
        self._items += 1
        self._subitems = 0
        return Numbered("item", label, self._item, line.text)

    def _is_deep(self, line: AnswerLine) -> bool:
        """Whether an item belongs to the item before it. `(i)` may follow (h) or begin a list of its own."""
        if self._items == 0:
            return False
        if line.mark == "bullet" or self._style_of_list == "":
            return line.indent > self._bullet_indent or (self._subitems == 0 and self._colon)
        if line.label.isdecimal() or self._style_of_list.isdecimal():
            return line.label.isdecimal() != self._style_of_list.isdecimal()
        if self._style_of_list.lower() == "i" or not _ROMAN.fullmatch(line.label):
            return False
        if line.label == letter(self._items) and not (self._colon and line.label == "i"):
            return self._subitems > 0 and line.label == roman(self._subitems)
        return line.label == "i" or self._subitems > 0

    def _mark(self, index: int) -> str:
        if self._style == "1":
            return str(index + 1)
        return letter(index).upper() if self._style == "A" else letter(index)
