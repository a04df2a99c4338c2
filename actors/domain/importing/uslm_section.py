"""One section of the US Code in USLM: its text, its subdivisions, its notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from actors.domain.importing.passage import Note, PassageStatus, Subdivision
from actors.domain.importing.provisions import plain_dashes
from actors.domain.importing.text_builder import TextBuilder
from actors.errors import InvalidInputError

LEVELS = frozenset(
    (
        "subsection",
        "paragraph",
        "subparagraph",
        "clause",
        "subclause",
        "item",
        "subitem",
        "subsubitem",
        "level",
    )
)
_BLOCKS = frozenset(
    (
        "p",
        "continuation",
        "tr",
        "quotedContent",
        "quotedText",
        "tocItem",
        "row",
        "list",
        "listItem",
        "proviso",
    )
)
_CELLS = frozenset(("td", "th", "column", "entry"))
_APART = frozenset(("num", "heading", "sourceCredit", "notes", "note", "meta", "signatures"))
_DEEPEST = 60
_GONE: tuple[tuple[str, PassageStatus], ...] = (
    ("repealed", "repealed"), ("omitted", "omitted"), ("transferred", "transferred"), ("renumbered", "renumbered"),
    ("expired", "expired"), ("terminated", "expired"), ("executed", "omitted"), ("eliminated", "omitted"),
    ("vacant", "reserved"), ("reserved", "reserved"),
)  # fmt: skip
_GONE_HEADING = re.compile(
    rf"\s*\[?\s*({'|'.join(word for word, _ in _GONE)})(?=\s*(?:$|[.,;\]§]|to\b|or\b|section|\())",
    re.IGNORECASE,
)


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for comments and the like."""
    return _local_name(element.tag) if isinstance(element.tag, str) else ""


@cache
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of a name."""
    return next((inner for inner in element if name_of(inner) == name), None)


def words_of(element: etree._Element | None) -> str:
    """Return an element's text in one line, without its footnotes; "" for no element."""
    if element is None:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    builder = TextBuilder()
    _Body(builder).inside(element, 0, skip_apart=True)
    return " ".join(builder.text().split())


@dataclass
class SectionText:
    """A section's own words, as lines, with the places of its subdivisions."""

    text: str
    subdivisions: tuple[Subdivision, ...]
    links: tuple[str, ...]
    """Identifiers that its text links to."""


def read_text(section: etree._Element) -> SectionText:
    """Return the text of a section.

    Raises:
        InvalidInputError: Its parts are nested deeper than any law's.
    """
    builder = TextBuilder()
    body = _Body(builder)
    body.inside(section, 0, skip_apart=True)
    text = builder.text()
    # A part ends with the text at the latest: trailing space is cut off.
    parts = tuple(part.model_copy(update={"end": min(part.end, len(text))}) for part in body.subdivisions)
    return SectionText(text, parts, tuple(dict.fromkeys(body.links)))


def read_notes(section: etree._Element) -> tuple[Note, ...]:
    """Return the editors' notes and the source credit of a section, in reading order."""
    notes = []
    for element in section:
        if name_of(element) == "sourceCredit":
            notes.append(Note(topic="sourceCredit", heading="", text=words_of(element)))
        elif name_of(element) in ("notes", "note"):
            notes += _notes_in(element)
    return tuple(note for note in notes if note.text or note.heading)


def read_status(element: etree._Element, heading: str) -> PassageStatus:
    """Tell whether a section or a part of one is law, by its own mark or by what stands for its heading."""
    marked = element.get("status", "").lower()
    for word, status in _GONE:
        if word in marked:
            return status
    return gone_as(heading) or "in_force"


def gone_as(heading: str) -> PassageStatus | None:
    """Return what became of a section whose heading says "Repealed. …", "Omitted", …; `None` for any other."""
    found = _GONE_HEADING.match(heading)
    return dict(_GONE)[found[1].lower()] if found else None


def _notes_in(element: etree._Element) -> Iterator[Note]:
    own = [element] if name_of(element) == "note" else list(element)
    for note in own:
        if name_of(note) == "note" and note.get("type") != "footnote":
            heading = words_of(child(note, "heading"))
            lines = (
                " ".join("".join(map(str, inner.itertext())).split())
                for inner in note
                if name_of(inner) != "heading"
            )
            yield Note(topic=note.get("topic") or "", heading=heading, text="\n".join(filter(None, lines)))


@dataclass
class _Body:
    """Walks one element in order and writes its words."""

    builder: TextBuilder
    subdivisions: list[Subdivision] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def inside(
        self, element: etree._Element, depth: int, *, skip_apart: bool = False, pin: tuple[str, ...] = ()
    ) -> None:
        """Write what an element holds, in order.

        Args:
            element: Its own tail is left to the caller.
            depth: How deep it stands.
            skip_apart: Whether number, heading and notes are written elsewhere.
            pin: The subdivision that it is.
        """
        if depth > _DEEPEST:
            raise InvalidInputError("file", f"its parts are nested deeper than {_DEEPEST} levels")
        self.builder.add(element.text or "")
        for inner in element:
            name = name_of(inner)
            if not (skip_apart and name in _APART):
                self._one(inner, name, depth + 1, pin)
            self.builder.add(inner.tail or "")

    def _one(self, element: etree._Element, name: str, depth: int, pin: tuple[str, ...]) -> None:
        if name in LEVELS:
            self._level(element, depth, pin)
        elif name in _BLOCKS:
            self.builder.break_line()
            self.inside(element, depth)
            self.builder.break_line()
        elif name in _CELLS:
            self.builder.add_cell()
            self.inside(element, depth)
        elif name == "sup" and not self.builder.ends_in_word and (element.text or "").strip().isdigit():
            return  # the mark of a footnote; after a word or a number it is an exponent
        elif name and not _is_footnote(element, name):
            if name == "ref" and (link := element.get("href")):
                self.links.append(link)
            self.inside(element, depth, pin=pin)

    def _level(self, element: etree._Element, depth: int, pin: tuple[str, ...]) -> None:
        number, heading = child(element, "num"), child(element, "heading")
        self.builder.break_line()
        start = self.builder.add_number(words_of(number)) if number is not None else self.builder.end
        position = len(self.subdivisions)
        own = _pins(number)
        if heading is not None:
            self.inside(heading, depth)
        self.inside(element, depth, skip_apart=True, pin=(*pin, own[0]) if own else pin)
        title = words_of(heading)
        status = read_status(element, title or words_of(child(element, "content")))
        self.subdivisions[position:position] = [
            Subdivision(
                pin=(*pin, part), heading=title.strip(" .—"), start=start, end=self.builder.end, status=status
            )
            for part in own
        ]
        self.builder.break_line()


def _pins(number: etree._Element | None) -> list[str]:
    """Return how a part is cited: `["a"]` for (a); several for `(2), (3)`."""
    if number is None:
        return []
    return re.findall(r"\w+(?:-\w+)*", plain_dashes(number.get("value") or words_of(number)))


def _is_footnote(element: etree._Element, name: str) -> bool:
    return name == "note" or (name == "ref" and element.get("class") == "footnoteRef")
