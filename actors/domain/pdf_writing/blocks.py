"""The paragraphs of a document as the template sets them. Lengths are in points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from actors.domain.docx_writing.layout import LaidSection, Placed
from actors.domain.docx_writing.levels import CLAUSE_INDENT, OUTLINE, stand_alone
from actors.domain.pdf_writing.inline import InlineSetter, Stretch
from actors.domain.sections import Paragraph
from actors.domain.signing import SigningLine, parties_signing

_TWIPS = 20  # in a point
_COLUMNS = 2
_KINDS = {"Heading1": "heading", "PlainHeading": "heading", "ScheduleHeading": "schedule"}


@dataclass(frozen=True, slots=True)
class Signature:
    """One line that a party fills in or is named by."""

    label: str
    text: list[Stretch]
    rule: bool
    """A line to sign on."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, or row of signature blocks."""

    kind: str
    """`heading`, `schedule`, `paragraph` or `signatures`."""
    place: str = ""
    """The key by which references find it."""
    label: str = ""
    """Its number as printed."""
    text: tuple[Stretch, ...] = ()
    left: float = 0
    """Where the text stands."""
    hanging: float = 0
    """How far before it the number stands."""
    leads: bool = False
    """No end of a page comes between it and the next."""
    parties: tuple[tuple[Signature, ...], ...] = ()


def blocks_of(laid: Sequence[LaidSection], inline: InlineSetter) -> Iterator[Block]:
    """Yield the blocks of all sections, in order."""
    for one in laid:
        base = CLAUSE_INDENT if one.section.kind == "clause" else 0
        if one.heading:
            yield _block(one.heading, inline, base, heading=True)
        if one.section.kind == "signature":
            yield from _signing(one, inline)
        else:
            yield from (_block(placed, inline, base) for placed in one.paragraphs)


def _block(
    placed: Placed, inline: InlineSetter, base: int, *, heading: bool = False, leads: bool = False
) -> Block:
    left, hanging = _indents(placed, base)
    return Block(
        kind=_KINDS.get(placed.style, "paragraph"),
        place=placed.place,
        label=placed.label,
        text=tuple(inline.stretches(placed.text, heading=heading)),
        left=left / _TWIPS,
        hanging=hanging / _TWIPS,
        leads=leads or placed.leads,
    )


def _indents(placed: Placed, base: int) -> tuple[int, int]:
    """Return where the text stands and how far before it the number does, in twips.

    Args:
        placed: The paragraph.
        base: Where the text of its section stands.
    """
    for level in OUTLINE:
        if placed.style == level.style:
            return level.left, level.hanging
    if placed.style in {"ClauseText", "Definition"}:
        return CLAUSE_INDENT, 0
    if placed.mark:  # of a list that is not part of the outline
        level = stand_alone("decimal", base)[placed.mark.level]
        return level.left, level.hanging
    return (placed.indent + CLAUSE_INDENT, CLAUSE_INDENT) if placed.label else (max(placed.indent, 0), 0)


def _signing(one: LaidSection, inline: InlineSetter) -> Iterator[Block]:
    """Yield the words above the signatures and the signatures, all to stay on one page."""
    pairs = zip(one.section.paragraphs, one.paragraphs, strict=True)
    for signed, group in groupby(pairs, key=lambda pair: pair[0].kind == "signature"):
        if signed:
            yield from _rows([given for given, _ in group], inline)
        else:
            yield from (_block(placed, inline, 0, leads=True) for _, placed in group)


def _rows(lines: Sequence[Paragraph], inline: InlineSetter) -> Iterator[Block]:
    parties = [tuple(_signature(line, inline) for line in party) for party in parties_signing(lines)]
    for at in range(0, len(parties), _COLUMNS):
        row = tuple(parties[at : at + _COLUMNS])
        yield Block("signatures", parties=row, leads=at + _COLUMNS < len(parties))


def _signature(line: SigningLine, inline: InlineSetter) -> Signature:
    text = [] if line.is_rule else inline.stretches(line.text)
    return Signature(line.label, text, line.is_rule)
