"""The text of a document, paragraph by paragraph."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from actors.domain.docx_writing.bookmarks import Bookmarks
from actors.domain.docx_writing.elements import Element, Look, paragraph, run, w
from actors.domain.docx_writing.inline import InlineWriter
from actors.domain.docx_writing.layout import LaidSection, Placed
from actors.domain.docx_writing.levels import CLAUSE_INDENT
from actors.domain.docx_writing.paper import Paper
from actors.domain.docx_writing.signatures import signature_table

_BELOW_BOX = 320  # twips


class BodyWriter:
    """Writes the body of one document."""

    def __init__(self, inline: InlineWriter, bookmarks: Bookmarks, paper: Paper) -> None:
        self._inline = inline
        self._bookmarks = bookmarks
        self._paper = paper

    def opening(self, title: str, remarks: Sequence[str]) -> Iterator[Element]:
        """Yield the title and, in one box, the remarks."""
        yield paragraph("Title", self._inline.write(title, heading=True))
        for number, remark in enumerate(remarks, start=1):
            content = [run("Note.", Look(bold=True)), run(" "), *self._inline.write(remark)]
            below = [w("spacing", after=_BELOW_BOX)] if number == len(remarks) else []
            yield paragraph("Note", content, *below)

    def sections(self, laid: Sequence[LaidSection]) -> Iterator[Element]:
        """Yield the paragraphs and the signature tables of all sections."""
        for one in laid:
            if one.heading:
                yield self._heading(one.heading)
            yield from (
                self._signing(one) if one.section.kind == "signature" else map(self._text, one.paragraphs)
            )

    def _heading(self, placed: Placed) -> Element:
        content = self._inline.write(placed.text, heading=True)
        if placed.mark or not placed.label:
            self._bookmarks.hold(placed.place, content)
            return paragraph(placed.style, content, *_numbered(placed))
        # A reference to "Exhibit A" repeats these words, and not the whole heading.
        name = run(placed.label)
        self._bookmarks.hold(placed.place, [name])
        return paragraph(placed.style, [name, *([run(": "), *content] if placed.text else [])])

    def _text(self, placed: Placed) -> Element:
        content = self._inline.write(placed.text)
        self._bookmarks.hold(placed.place, content)
        together = [w("keepNext")] if placed.leads else []
        if placed.label and not placed.mark:
            return _typed_label(placed, content, together)
        return paragraph(placed.style, content, *together, *_numbered(placed))

    def _signing(self, one: LaidSection) -> Iterator[Element]:
        """Yield the words above the signatures and the signatures, all to stay on one page."""
        pairs = zip(one.section.paragraphs, one.paragraphs, strict=True)
        for signed, group in groupby(pairs, key=lambda pair: pair[0].kind == "signature"):
            if signed:
                yield signature_table([given for given, _ in group], self._paper, self._inline)
                yield _after_table()
            else:
                for _, placed in group:
                    yield self._text(replace(placed, leads=True))


def _numbered(placed: Placed) -> list[Element]:
    if placed.mark is None or placed.mark.styled:
        return []
    return [w("numPr", w("ilvl", val=placed.mark.level), w("numId", val=placed.mark.list_id))]


def _typed_label(placed: Placed, content: Sequence[Element], together: Sequence[Element]) -> Element:
    """Return a paragraph whose number Word could not print by itself."""
    left = placed.indent + CLAUSE_INDENT
    stop = w("tabs", w("tab", val="left", pos=left))
    indent = w("ind", left=left, hanging=CLAUSE_INDENT)
    return paragraph(placed.style, [run(f"{placed.label}\t"), *content], *together, stop, indent)


def _after_table() -> Element:
    """Return the paragraph that Word wants between a table and the end of the document: too small to be seen."""
    tiny = w("rPr", w("sz", val=2), w("szCs", val=2))
    spacing = w("spacing", before=0, after=0, line=20, lineRule="exact")
    return w("p", w("pPr", w("pStyle", val="Normal"), spacing, tiny))
