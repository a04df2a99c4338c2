"""Contracts by clause."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from actors.domain.importing.front_matter import FrontMatter
from actors.domain.importing.passage import Origin, Passage
from actors.domain.review.lines import read_line
from actors.domain.review.outline import Clause, Section, read_outline

LONGEST_CHARS = 6000
"""A clause above this is cut between paragraphs: search ranks by clause, and a prompt holds several."""
LEAST_CHARS = 40
"""What is shorter and bears no number is a heading or a stray line, not a clause."""
LEAST_NUMBERED_CHARS = 15
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class _Piece:
    number: str
    heading: str
    text: str


def read_clauses(front: FrontMatter, origin: Origin) -> tuple[Passage, ...]:
    """Return the clauses of a contract in reading order: the recitals, numbered clauses, schedules.

    A section without numbered clauses is one passage. Signature blocks are left out. A text without any numbers is cut
    between paragraphs.
    """
    pieces = [part for piece in _pieces(front.rest) for part in _parts(piece)]
    taken: dict[str, int] = {}
    return tuple(_passage(piece, front, origin, taken) for piece in pieces)


def _pieces(text: str) -> Iterator[_Piece]:
    for section in read_outline(text).sections:
        if section.kind != "signature":
            yield from _of_section(section, text)


def _of_section(section: Section, text: str) -> Iterator[_Piece]:
    clauses = [clause for clause in section.clauses if _is_own(clause, section)]
    name = " ".join(
        part for part in (section.scope if section.kind != "attachment" else "", section.heading) if part
    )
    lead_end = clauses[0].start if clauses else section.end
    lead = text[section.body : lead_end].strip()
    least = LEAST_NUMBERED_CHARS if section.number else LEAST_CHARS
    if len(lead.removeprefix(section.heading).strip(" .:*\n")) >= least:
        yield _Piece(section.number, name or _title_of(section), lead)
    for position, clause in enumerate(clauses):
        end = clauses[position + 1].start if position + 1 < len(clauses) else section.end
        words = text[clause.body : end].strip()
        line = read_line(text[clause.start : end].partition("\n")[0], clause.start)
        heading = line.heading if line and line.headed and line.heading != words else ""
        if len(words) >= LEAST_NUMBERED_CHARS:
            yield _Piece(clause.number, ": ".join(part for part in (name, heading) if part), words)


def _is_own(clause: Clause, section: Section) -> bool:
    """Tell whether a numbered place is a clause of its own, such as 4.2, rather than an item or 4.2.1."""
    return (
        clause.number.count(".") == 1 and clause.number[0].isdigit() and bool(section.number or section.kind)
    )


def _title_of(section: Section) -> str:
    return section.number if section.kind == "attachment" else ""


def _parts(piece: _Piece) -> Iterator[_Piece]:
    """Cut what is too long between paragraphs, or between words where a paragraph alone is too long."""
    if len(piece.text) <= LONGEST_CHARS:
        yield piece
        return
    part = ""
    for paragraph in re.split(r"\n\s*\n", piece.text):
        for stretch in re.findall(rf"(?s).{{1,{LONGEST_CHARS}}}(?:\s|$)|.{{1,{LONGEST_CHARS}}}", paragraph):
            if part and len(part) + len(_GAP) + len(stretch) > LONGEST_CHARS:
                yield _Piece(piece.number, piece.heading, part.strip())
                part = ""
            part = f"{part}{_GAP}{stretch}" if part else stretch
    if len(part.strip()) >= LEAST_CHARS:
        yield _Piece(piece.number, piece.heading, part.strip())


def _passage(piece: _Piece, front: FrontMatter, origin: Origin, taken: dict[str, int]) -> Passage:
    name = piece.number or "text"
    taken[name] = taken.get(name, 0) + 1
    number = name if taken[name] == 1 else f"{name}~{taken[name]}"
    heading = " – ".join(part for part in (front.heading, piece.heading) if part)
    return Passage(
        id=f"{origin.file}#{number}",
        kind="clause",
        heading=heading,
        text=piece.text,
        jurisdiction=origin.jurisdiction or front.jurisdiction or "GENERAL",
        as_of=origin.day(front.as_of),
        families=front.families,
        file=origin.file,
    )
