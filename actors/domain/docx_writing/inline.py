"""Text inside a paragraph: bold terms, highlighted blanks, fields for references."""

import re
from collections.abc import Iterable, Iterator, Sequence

from actors.domain.docx_writing.bookmarks import Bookmarks
from actors.domain.docx_writing.elements import Element, Look, checked, field, run
from actors.domain.docx_writing.references import Pointer, Reference, Targets
from actors.domain.markup import runs
from actors.domain.sections import Section


class InlineWriter:
    """Writes inline Markdown as runs, for one document.

    Args:
        sections: All sections; a blank of any of them is highlighted wherever it stands.
        targets: What references may point to.
        bookmarks: Notes which places are pointed to.
    """

    def __init__(self, sections: Iterable[Section], targets: Targets, bookmarks: Bookmarks) -> None:
        labels = {blank.label for section in sections for blank in section.blanks}
        longest_first = sorted(labels, key=lambda label: (-len(label), label))
        names = "|".join(re.escape(label) for label in longest_first)
        self._blank = re.compile(rf"(\[(?:{names})\])") if labels else None
        self._targets = targets
        self._bookmarks = bookmarks

    def write(self, markdown: str, *, heading: bool = False) -> list[Element]:
        """Return the runs of one paragraph, one at least.

        Args:
            markdown: Inline Markdown.
            heading: Whether the style is bold by itself; headings are not linked either.
        """
        stretches = runs(checked(markdown))  # before Markdown turns a NUL into another sign
        text = "".join(stretch.text for stretch in stretches)
        references = [] if heading else self._targets.references(text)
        written: list[Element] = []
        at = 0
        for stretch in stretches:
            end = at + len(stretch.text)
            look = Look(bold=stretch.bold and not heading)
            inside = [found for found in references if at <= found.start and found.end <= end]
            for start, stop, pointers in _pieces(at, end, inside):
                written += self._linked(pointers, look) if pointers else self._marked(text[start:stop], look)
            at = end
        return written or [run("")]

    def _linked(self, pointers: Sequence[Pointer], look: Look) -> Iterator[Element]:
        for pointer in pointers:
            name = self._bookmarks.name(pointer.place)
            yield from field(" ".join(filter(None, ("REF", name, pointer.switch, r"\h"))), pointer.text, look)

    def _marked(self, text: str, look: Look) -> Iterator[Element]:
        """Yield the text with its blanks highlighted."""
        pieces = self._blank.split(text) if self._blank else [text]
        for position, piece in enumerate(pieces):
            if piece:
                yield run(piece, look._replace(marked=position % 2 == 1))


def _pieces(
    start: int, end: int, references: Iterable[Reference]
) -> Iterator[tuple[int, int, tuple[Pointer, ...]]]:
    """Cut `start` to `end` at its references; what lies between them has no pointers."""
    for reference in references:
        if start < reference.start:
            yield start, reference.start, ()
        yield reference
        start = reference.end
    if start < end:
        yield start, end, ()
