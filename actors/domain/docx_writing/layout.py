"""Which style and which number each paragraph of a document has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from actors.domain.docx_writing.levels import CLAUSE_INDENT, STEP
from actors.domain.docx_writing.lists import ListBook, Mark
from actors.domain.docx_writing.references import Pointer
from actors.domain.sections import Paragraph, Section

_STYLES = {"definition": "Definition", "item": "ListItem", "subitem": "ListSubitem"}
_FULL, _ALONE, _TEXT = r"\w", r"\n", ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A heading or a paragraph with its place in the file."""

    style: str
    text: str
    """Inline Markdown, without the label."""
    place: str
    """The key of this place, for its bookmark."""
    label: str = ""
    """As printed: by Word where there is a mark, otherwise as text."""
    mark: Mark | None = None
    indent: int = 0
    """Where a typed label stands, in twips."""
    pointers: tuple[Pointer, ...] = ()
    """What a reference to this place is made of; empty where there is none."""
    leads: bool = False
    """Introduces the next paragraph: no end of a page comes between them."""


@dataclass(frozen=True, slots=True)
class LaidSection:
    """One section."""

    section: Section
    heading: Placed | None
    paragraphs: tuple[Placed, ...]


def lay_out(sections: Sequence[Section], book: ListBook) -> list[LaidSection]:
    """Number all paragraphs in the document's order; `book` then knows the lists that they need."""
    return [_Layout(section, f"{position}", book).laid() for position, section in enumerate(sections)]


def pointed_to(laid: Iterable[LaidSection]) -> Iterator[tuple[bool, tuple[Pointer, ...]]]:
    """Yield all places that a reference may name, each with whether it is in a schedule."""
    for one in laid:
        for placed in ([one.heading] if one.heading else []) + [*one.paragraphs]:
            if placed.pointers:
                yield one.section.kind == "schedule", placed.pointers


class _Layout:
    """Goes through one section, from its heading to its last item."""

    def __init__(self, section: Section, key: str, book: ListBook) -> None:
        self._section, self._key, self._book = section, key, book
        self._indent = CLAUSE_INDENT if section.kind == "clause" else 0
        self._holder: tuple[Pointer, ...] = ()  # prints the number of what the items at hand belong to
        self._item: tuple[Pointer, ...] = ()
        self._in_clause = self._in_item = False  # whether these have a number in the outline

    def laid(self) -> LaidSection:
        heading = self._heading()
        self._holder = heading.pointers if heading else ()
        paragraphs = self._section.paragraphs
        placed = [self._placed(paragraph, f"{self._key}.{n}") for n, paragraph in enumerate(paragraphs)]
        led = [
            replace(this, leads=this.text.rstrip("*").endswith(":") and after.kind in _STYLES)
            for this, after in zip(placed, paragraphs[1:], strict=False)
        ]
        return LaidSection(self._section, heading, (*led, *placed[-1:]))

    def _heading(self) -> Placed | None:
        section, place = self._section, self._key
        if section.kind == "schedule" and section.number:
            named = (Pointer(section.number, place, _TEXT),)
            return Placed("ScheduleHeading", section.heading, place, section.number, pointers=named)
        label = f"{section.number}."
        mark = self._book.in_outline(0, label) if section.kind == "clause" and section.number else None
        if mark:
            numbered = (Pointer(section.number, place, _FULL),)
            return Placed("Heading1", section.heading, place, label, mark, pointers=numbered)
        return Placed("PlainHeading", section.title, place) if section.title else None

    def _placed(self, paragraph: Paragraph, place: str) -> Placed:
        match paragraph.kind:
            case "clause":
                return self._clause(paragraph, place)
            case "item" if paragraph.label:
                return self._numbered_item(paragraph, place)
            case "subitem" if paragraph.label:
                return self._numbered_subitem(paragraph, place)
            case "definition":
                self._holder, self._in_clause = (), False
        return self._unnumbered(paragraph, place)

    def _clause(self, paragraph: Paragraph, place: str) -> Placed:
        mark = self._book.in_outline(1, paragraph.label)
        self._in_clause = mark is not None
        self._holder = (Pointer(paragraph.label, place, _FULL),) if mark else ()
        return self._marked("Clause", paragraph, place, mark, self._holder)

    def _numbered_item(self, paragraph: Paragraph, place: str) -> Placed:
        mark = self._book.in_outline(2, paragraph.label) if self._in_clause else None
        self._in_item = mark is not None
        if mark:
            self._item = (Pointer(self._holder[0].text + paragraph.label, place, _FULL),)
            return self._marked("ClauseItem", paragraph, place, mark, self._item)
        mark = self._book.alone(paragraph.label, self._indent)
        self._item = _below(self._holder, paragraph.label, place) if mark else ()
        return self._marked("ListItem", paragraph, place, mark, self._item)

    def _numbered_subitem(self, paragraph: Paragraph, place: str) -> Placed:
        if self._in_item:
            mark = self._book.in_outline(3, paragraph.label)
            full = (Pointer(self._item[0].text + paragraph.label, place, _FULL),) if mark else ()
            return self._marked("ClauseSubitem", paragraph, place, mark, full)
        mark = self._book.below(paragraph.label)
        pointers = _below(self._item, paragraph.label, place) if mark else ()
        return self._marked("ListSubitem", paragraph, place, mark, pointers)

    def _marked(
        self, style: str, paragraph: Paragraph, place: str, mark: Mark | None, pointers: tuple[Pointer, ...]
    ) -> Placed:
        if mark is None:
            return self._unnumbered(paragraph, place)
        return Placed(style, paragraph.text, place, paragraph.label, mark, pointers=pointers)

    def _unnumbered(self, paragraph: Paragraph, place: str) -> Placed:
        plain_style = "ClauseText" if self._section.kind == "clause" else "Normal"
        style = _STYLES.get(paragraph.kind, plain_style)
        depth = {"item": 0, "subitem": STEP}.get(paragraph.kind, -CLAUSE_INDENT if self._indent else 0)
        return Placed(style, paragraph.text, place, paragraph.label, indent=self._indent + depth)


def _below(holder: tuple[Pointer, ...], label: str, place: str) -> tuple[Pointer, ...]:
    """Return the pointers to an item whose list is not part of the outline; none where what holds it is no target."""
    return (*holder, Pointer(label, place, _ALONE)) if holder else ()
