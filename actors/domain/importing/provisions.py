"""Provisions of the US Code: identifiers of USLM, keys of the citation grammar, citations in print."""

import re

from actors.domain.citations.grammar import find_citations

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_IDENTIFIER = re.compile(r"/us/usc/t(?P<title>\d+[a-z]?)(?:/(?P<rest>.+))?", re.IGNORECASE)
_SECTION = re.compile(r"s(?P<number>\d[\w.-]*)")
_UNIT = re.compile(r"(?P<unit>ch|pt)(?P<number>\w[\w.-]*)")
SOURCE = "us-fed/usc"


def plain_dashes(text: str) -> str:
    """Return `text` with hyphens for the dashes with which the Code prints its numbers."""
    return text.translate(_DASHES)


def source_of(title: str) -> str:
    """Return the key of a title of the Code: `us-fed/usc/17`."""
    return f"{SOURCE}/{title.lower()}"


def key_of(title: str, number: str) -> str:
    """Return the key of a section, as the citation grammar makes it."""
    return f"{source_of(title)}/{plain_dashes(number).lower()}"


def citation_of(title: str, number: str, pin: tuple[str, ...] = ()) -> str:
    """Return a section's citation: `17 U.S.C. § 106(1)`; an appendix is cited as one."""
    code = f"{title[:-1]} U.S.C. App." if title[-1:].isalpha() else f"{title} U.S.C."
    return f"{code} § {plain_dashes(number)}{''.join(f'({part})' for part in pin)}"


def read_identifier(identifier: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Return title, section and pin of `/us/usc/t17/s106/1`; `None` for what is no section of the Code."""
    match = _IDENTIFIER.fullmatch(plain_dashes(identifier.strip()))
    if match is None or match["rest"] is None:
        return None
    parts = match["rest"].split("/")
    # Chapters may stand in front of the section; what follows it is its subdivisions.
    for position, part in enumerate(parts):
        if section := _SECTION.fullmatch(part.partition("...")[0]):
            return match["title"], section["number"], tuple(parts[position + 1 :])
    return None


def read_unit(identifier: str) -> str | None:
    """Return the last chapter or part of `/us/usc/t41/stI/dB/ch11` as a part of a key: `ch-11`."""
    match = _IDENTIFIER.fullmatch(plain_dashes(identifier.strip()))
    last = (match["rest"] or "").rpartition("/")[2] if match else ""
    unit = _UNIT.fullmatch(last)
    return f"{unit['unit']}-{unit['number'].lower()}" if unit else None


def read_citation(text: str) -> tuple[str, tuple[str, ...], str, str] | None:
    """Return key, pin, jurisdiction and the grammar's spelling of a text that is one citation of written law.

    A citation of a form that the grammar does not know gives `None`: it can be printed, and not looked up.
    """
    found = find_citations(text, us_cases=False)
    if (
        len(found) != 1
        or found[0].kind not in ("statute", "regulation", "uniform_law")
        or found[0].section_end
    ):
        return None
    one = found[0]
    if "?" in one.key or (one.end - one.start) < len(text.strip()) - 1:
        return None
    return one.key, one.pin, one.jurisdiction, one.normalized
