"""Typography made plain before the grammar reads a text, with the way back to its offsets."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from actors.domain.signs import exchanged

# A soft hyphen and the dashes of ranges count as hyphens; a dash between sentences stays.
_ALIKE = {
    " ": "\t\r\v\f\xa0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))),
    "\n": "\x85\u2028\u2029",
    "'": "\u2018\u2019\u201b\u02bc",
    '"': "\u201c\u201d\u201e",
    "-": "\u2010\u2011\u2012\u2013\u2212\xad",
}
_PLAIN = {written: plain for plain, alike in _ALIKE.items() for written in alike}
_GAP = re.compile(r"\s\s+|[^\S ]")
"""White space that is not a single space already."""
PARAGRAPH = "\x00"
"""Stands for an empty line: no citation crosses it, and no pattern takes it for a space."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text with single spaces, straight quotes and plain hyphens.

    Single spaces keep the grammar's patterns from trying every way to share a long gap among them.
    """

    text: str
    starts: Sequence[int]
    """Where each stretch without a long gap begins here."""
    moved: Sequence[int]
    """How much farther on each of them stands in the original."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of a stretch that neither begins nor ends with a space."""
        return self._original(start), self._original(end - 1) + 1

    def _original(self, offset: int) -> int:
        return offset + self.moved[bisect_right(self.starts, offset) - 1]


def fold(text: str) -> FoldedText:
    """Return `text` as the grammar reads it."""
    plain = exchanged(text, _PLAIN).replace(PARAGRAPH, " ")
    pieces: list[str] = []
    starts, moved = [0], [0]
    position = length = 0
    for gap in _GAP.finditer(plain):
        pieces += [plain[position : gap.start()], PARAGRAPH if gap[0].count("\n") > 1 else " "]
        length += gap.start() - position + 1
        position = gap.end()
        starts.append(length)
        moved.append(position - length)
    return FoldedText("".join([*pieces, plain[position:]]), starts, moved)
