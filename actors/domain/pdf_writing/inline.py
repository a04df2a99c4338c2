"""Text inside a paragraph: bold terms, visible blanks, links to other places of the document."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from actors.domain.docx_writing.elements import checked
from actors.domain.docx_writing.references import Targets
from actors.domain.markup import runs
from actors.domain.sections import Section


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text with one look."""

    text: str
    bold: bool = False
    blank: bool = False
    """A fact that is still to be filled in."""
    to: str = ""
    """Key of the place that it refers to."""


class InlineSetter:
    """Turns inline Markdown into stretches, for one document.

    Args:
        sections: All sections; a blank of any of them is visible wherever it stands.
        targets: What references may point to.
    """

    def __init__(self, sections: Iterable[Section], targets: Targets) -> None:
        labels = {blank.label for section in sections for blank in section.blanks}
        longest_first = sorted(labels, key=lambda label: (-len(label), label))
        self._blank = re.compile("|".join(re.escape(f"[{label}]") for label in longest_first) or r"(?!)")
        self._targets = targets

    def stretches(self, markdown: str, *, heading: bool = False) -> list[Stretch]:
        """Return one paragraph's text.

        Args:
            markdown: Inline Markdown.
            heading: Headings are bold as a whole, and not linked.

        Raises:
            InvalidInputError: The text has a sign that is none, such as a control character.
        """
        parts = runs(checked(markdown))  # before Markdown turns a NUL into another sign
        text = "".join(part.text for part in parts)
        bold, at = [], 0
        for part in parts:
            bold += [(at, at + len(part.text))] if part.bold and not heading else []
            at += len(part.text)
        blanks = [match.span() for match in self._blank.finditer(text)]
        found = [] if heading else self._targets.references(text)
        links = {(one.start, one.end): one.pointers[-1].place for one in found}
        cuts = sorted({0, len(text), *(cut for span in (*bold, *blanks, *links) for cut in span)})
        return [
            Stretch(
                text[start:end],
                bold=_covered(start, bold),
                blank=_covered(start, blanks),
                to=next((place for span, place in links.items() if _covered(start, [span])), ""),
            )
            for start, end in pairwise(cuts)
        ]


def _covered(position: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)
