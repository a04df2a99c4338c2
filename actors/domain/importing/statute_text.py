"""Sections of statutes in Markdown or plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from actors.domain.citations.grammar import find_citations
from actors.domain.importing.front_matter import FrontMatter
from actors.domain.importing.passage import Origin, Passage
from actors.domain.importing.provisions import SOURCE, read_citation
from actors.domain.importing.references import find_references
from actors.domain.importing.subdivisions import find_subdivisions
from actors.domain.importing.uslm_section import gone_as

_MARKS = re.compile(r"[#*\s]*")
_NUMBERED = re.compile(
    r"(?:§{1,2}|Sec(?:tion|\.)?)\s*(?P<number>\d[\w.:/–-]*\w|\d)\.?(?=[\s*:—–-]|$)", re.IGNORECASE
)
_LONGEST_HEADING = 300


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    end: int
    citation: str
    heading: str


def read_statutes(front: FrontMatter, origin: Origin) -> tuple[Passage, ...]:
    """Return the sections of a file that looks like a statute; none where it does not.

    It does where its front matter names a `citation` or a `code`, or where lines begin with a citation of a section
    ("18 U.S.C. § 1836 Civil proceedings"). In a file of a `code`, lines "§ 1798.100. …" begin its sections.
    """
    heads = list(_heads(front))
    if front.citation and len(heads) < 2:  # noqa: PLR2004 (one line may repeat the citation)
        after = heads[0].end if heads and not front.rest[: heads[0].start].strip() else 0
        heading = front.heading or (heads[0].heading if heads and after else "")
        return (_passage(_Head(0, after, front.citation, heading), front.rest[after:], front, origin),)
    ends = [*(head.start for head in heads[1:]), len(front.rest)][: len(heads)]
    return tuple(
        _passage(head, front.rest[head.end : end], front, origin)
        for head, end in zip(heads, ends, strict=True)
    )


def _heads(front: FrontMatter) -> Iterator[_Head]:
    for line in re.finditer(r"[^\n]+", front.rest):
        marks = _MARKS.match(line[0])
        at = marks.end() if marks else 0
        words = line[0][at:]
        if "§" not in words[:80] and not front.code:
            continue
        citation, used = _leading_citation(words, front.code)
        if citation and len(words) <= _LONGEST_HEADING:
            yield _Head(line.start(), line.end(), citation, words[used:].strip(" .:*—–-\t"))


def _leading_citation(words: str, code: str) -> tuple[str, int]:
    """Return the citation at the beginning of a line, and how many characters it takes."""
    if code and (numbered := _NUMBERED.match(words)):
        return f"{code} § {numbered['number']}", numbered.end()
    found = find_citations(words[:120], us_cases=False)
    if found and found[0].start == 0 and found[0].kind == "statute" and not found[0].whole:
        return found[0].text, found[0].end
    return "", 0


def _passage(head: _Head, text: str, front: FrontMatter, origin: Origin) -> Passage:
    body = text.strip()
    known = read_citation(head.citation)
    key, pin, place, printed = known or ("", (), "", head.citation)
    title = key.removeprefix(f"{SOURCE}/").partition("/")[0] if key.startswith(f"{SOURCE}/") else ""
    return Passage(
        id="".join([key or f"{origin.file}#{head.citation}", *(f"({part})" for part in pin)]),
        kind="statute",
        heading=head.heading,
        text=body,
        citation=printed,
        keys=(key,) if key else (),
        pin=pin,
        jurisdiction=origin.jurisdiction or front.jurisdiction or place or "GENERAL",
        as_of=origin.day(front.as_of),
        status=gone_as(head.heading)
        or gone_as(body[:_LONGEST_HEADING] if len(body) < _LONGEST_HEADING else "")
        or "in_force",
        families=front.families,
        subdivisions=find_subdivisions(body, pin),
        references=find_references(body, title, ()) if title else (),
        file=origin.file,
    )
