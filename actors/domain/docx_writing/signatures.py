"""Signature blocks: two parties side by side, each with its lines to sign on. Lengths are in twips."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from actors.domain.docx_writing.elements import Element, Look, paragraph, run, w
from actors.domain.docx_writing.inline import InlineWriter
from actors.domain.docx_writing.paper import Paper
from actors.domain.sections import Paragraph
from actors.domain.signing import SigningLine, parties_signing

_COLUMNS = 2
_GAP = 400
_SIGN = 100  # the mean width of a sign of 11 point type
_UNDERSCORE = 110  # in the widest likely substitute; the typeface itself needs less
_SLACK = 0.98
_LEAST_PERCENT, _MOST_PERCENT = 50, 200


class _Block(NamedTuple):
    """The lines of one party; none in a cell that is left over."""

    lines: Sequence[SigningLine]
    width: int
    last_row: bool

    @property
    def hold(self) -> list[Element]:
        """What lets a line go: the styles keep each with the next one, the last row has nothing to be kept with."""
        return [w("keepNext", val=0)] if self.last_row else []

    @property
    def label_width(self) -> int:
        """Room for the longest of "By:", "Name:", "Witness address:"."""
        return (max((len(line.label) for line in self.lines), default=0) + 1) * _SIGN

    @property
    def value_width(self) -> int:
        """Room for the lines to sign on."""
        return self.width - _GAP - self.label_width


def signature_table(lines: Iterable[Paragraph], paper: Paper, inline: InlineWriter) -> Element:
    """Return a table without borders that no end of a page divides."""
    width = paper.text_width // _COLUMNS
    parties = list(parties_signing(lines))
    rows = [parties[at : at + _COLUMNS] for at in range(0, len(parties), _COLUMNS)]
    no_margins = (w(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right"))
    return w(
        "tbl",
        w(
            "tblPr",
            w("tblW", w=width * _COLUMNS, type="dxa"),
            w("tblInd", w=0, type="dxa"),
            w("tblLayout", type="fixed"),
            w("tblCellMar", *no_margins),
            w("tblLook", val="0000"),
        ),
        w("tblGrid", *(w("gridCol", w=width) for _ in range(_COLUMNS))),
        *(_row(row, width, inline, last=row is rows[-1]) for row in rows),
    )


def _row(parties: Sequence[list[SigningLine]], width: int, inline: InlineWriter, *, last: bool) -> Element:
    blocks = [_Block(lines, width, last) for lines in parties]
    blocks += [_Block((), width, last)] * (_COLUMNS - len(blocks))
    return w("tr", w("trPr", w("cantSplit")), *(_cell(block, inline) for block in blocks))


def _cell(block: _Block, inline: InlineWriter) -> Element:
    margins = (w(side, w=size, type="dxa") for side, size in (("top", 240), ("bottom", 240), ("right", _GAP)))
    written = [_written(line, block, inline) for line in block.lines]
    return w(
        "tc",
        w("tcPr", w("tcW", w=block.width, type="dxa"), w("tcMar", *margins)),
        *(written or [paragraph("Signatory", [], *block.hold)]),  # Word refuses a cell without a paragraph.
    )


def _written(line: SigningLine, block: _Block, inline: InlineWriter) -> Element:
    if not line.label:
        return paragraph("Signatory", inline.write(line.text), *block.hold)
    value = [_rule(line.text, block.value_width)] if line.is_rule else inline.write(line.text)
    stop = w("tabs", w("tab", val="left", pos=block.label_width))
    indent = w("ind", left=block.label_width, hanging=block.label_width)
    return paragraph("SignatureLine", [run(f"{line.label}\t"), *value], *block.hold, stop, indent)


def _rule(underscores: str, room: int) -> Element:
    """Return the line to sign on, stretched to the room that it has."""
    percent = int(100 * _SLACK * room / (_UNDERSCORE * len(underscores)))
    return run(underscores, Look(width_percent=max(_LEAST_PERCENT, min(percent, _MOST_PERCENT))))
