"""The US Code as its publisher gives it out: USLM, an XML of the House of Representatives.

Source:
    The format: United States Legislative Markup, User Guide for the USLM Schema, versions 1.0 and 2.0.
"""

import datetime
import re
from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from actors.domain.importing.passage import Origin, Parsed, Passage, Skipped, with_own_ids
from actors.domain.importing.provisions import (
    citation_of,
    key_of,
    plain_dashes,
    read_identifier,
    read_unit,
    source_of,
)
from actors.domain.importing.references import find_references
from actors.domain.importing.uslm_section import (
    child,
    name_of,
    read_notes,
    read_status,
    read_text,
    words_of,
)
from actors.errors import InvalidInputError

_NAMESPACES = ("http://xml.house.gov/schemas/uslm/", "http://schemas.gpo.gov/xml/uslm")
_QUOTES = frozenset(("section", "quotedContent", "quotedText", "notes", "note"))
_FORGOTTEN = frozenset(("section", "notes", "note", "toc"))
_TITLE = re.compile(r"/us/usc/t(\d+[a-z]?)", re.IGNORECASE)
_RANGE = re.compile(r"(\d[\w-]*)\s*(?:\.\.\.|to)\s*(\d[\w-]*)")


def read_uslm(path: Path, origin: Origin) -> Parsed:
    """Return the sections of a title of the US Code, in the file's order.

    The file is read in one pass and its sections are forgotten one by one: memory does not grow with it. Sections that
    an act quotes in a note are notes.

    Raises:
        InvalidInputError: It is no XML, declares a document type or entities, nests too deeply, or is no US Code.
    """
    passages: list[Passage] = []
    skipped: list[Skipped] = []
    try:
        identifier = _checked(path)
        for _, element in _parsing(path, ("end",), [f"{{*}}{name}" for name in sorted(_FORGOTTEN)]):
            if not any(name_of(outer) in _QUOTES for outer in element.iterancestors()):
                if name_of(element) == "section":
                    _take(element, origin, passages, skipped)
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise InvalidInputError("file", f"it is no sound XML ({_reason(error)})") from error
    if not passages and not skipped:
        raise InvalidInputError("file", "it holds no sections of the US Code")
    whole = None if skipped else _TITLE.fullmatch(identifier)
    return Parsed(
        passages=with_own_ids(_resolved(passages, whole[1]) if whole else passages),
        skipped=tuple(skipped),
        whole_sources=(source_of(whole[1]),) if whole else (),
    )


def _reason(error: etree.XMLSyntaxError) -> str:
    return str(error).replace("\n", " ").partition(" (")[0][:160]


def _resolved(passages: Sequence[Passage], title: str) -> list[Passage]:
    """Drop what seemed to refer to a section of the same title that the title does not have: it was an act's."""
    keys = {key for passage in passages for key in passage.keys}

    def leads_somewhere(reference: str) -> bool:
        number = reference.removeprefix(f"{title} U.S.C. § ")
        return number == reference or key_of(title, number.partition("(")[0]) in keys

    return [
        passage.model_copy(update={"references": tuple(filter(leads_somewhere, passage.references))})
        for passage in passages
    ]


def _parsing(path: Path, events: tuple[str, ...], tags: Sequence[str] | None = None) -> etree.iterparse:
    """Parse in one pass. No entity is replaced, no DTD is read, nothing is fetched, depth and sizes are bounded."""
    return etree.iterparse(
        str(path),
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )


def _checked(path: Path) -> str:
    """Return the identifier of a document that is safe and of the right kind; only its beginning is read.

    Raises:
        InvalidInputError: It is neither.
    """
    _, root = next(iter(_parsing(path, ("start",))))
    # Plain XML needs no document type; with one come entities, the way to other files and to endless text.
    if root.getroottree().docinfo.internalDTD is not None:
        raise InvalidInputError("file", "it declares a document type; entities and DTDs are refused")
    if not (etree.QName(root).namespace or "").startswith(_NAMESPACES):
        raise InvalidInputError("file", "it is XML of another kind than USLM")
    return root.get("identifier") or ""


def _take(section: etree._Element, origin: Origin, passages: list[Passage], skipped: list[Skipped]) -> None:
    try:
        passages.append(_passage(section, origin))
    except InvalidInputError as error:
        printed = words_of(child(section, "num"))[:40]
        skipped.append(Skipped(file=origin.file, place=f"section {printed}", reason=error.reason))


def _forget(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail


def _passage(section: etree._Element, origin: Origin) -> Passage:
    title, numbers, last = _numbers(section)
    heading = words_of(child(section, "heading")).strip(" .]")
    body = read_text(section)
    keys = tuple(key_of(title, number) for number in numbers)
    citation = _printed(title, numbers, last)
    known = title.isdigit()  # the citation grammar does not know the appendices
    outer = [ancestor for ancestor in section.iterancestors() if child(ancestor, "heading") is not None][::-1]
    return Passage(
        id=keys[0],
        kind="statute",
        heading=heading,
        text=body.text,
        citation=citation,
        keys=keys if known else (),
        last_key=key_of(title, last) if last and known else "",
        jurisdiction=origin.jurisdiction or "US-FED",
        as_of=origin.day(_released(section.getroottree().getroot())),
        status=read_status(section, heading),
        place=tuple(words_of(child(one, "num")) + words_of(child(one, "heading")) for one in outer),
        units=tuple(unit for one in outer if (unit := read_unit(one.get("identifier", "")))),
        subdivisions=body.subdivisions,
        references=find_references(body.text, title, body.links),
        notes=read_notes(section),
        file=origin.file,
    )


def _numbers(section: etree._Element) -> tuple[str, list[str], str]:
    """Return the title, the numbers that a section bears, and the last of a range of numbers.

    Raises:
        InvalidInputError: It has no identifier by which a section of the Code could be cited.
    """
    named = [found for one in section.get("identifier", "").split() if (found := read_identifier(one))]
    printed = plain_dashes(words_of(child(section, "num")))
    if not named:
        raise InvalidInputError("section", "it has no identifier of the US Code")
    title = named[0][0]
    numbers = list(dict.fromkeys(number for _, number, _ in named))
    run = _RANGE.search(plain_dashes(section.get("identifier", ""))) or _RANGE.search(printed)
    last = run[2].rstrip(".") if run and len(numbers) == 1 else ""
    return title, numbers, last if last != numbers[0] else ""


def _printed(title: str, numbers: list[str], last: str) -> str:
    first = citation_of(title, numbers[0])
    if last:
        return f"{first.replace('§', '§§')}-{last}"
    return ", ".join([first.replace("§", "§§") if len(numbers) > 1 else first, *numbers[1:]])


def _released(root: etree._Element) -> datetime.date | None:
    """Return the day of the release that the file states, `None` where it states none."""
    meta = child(root, "meta")
    stated = child(meta, "created") if meta is not None else None
    match = re.match(r"\d{4}-\d{2}-\d{2}", (stated.text or "").strip() if stated is not None else "")
    try:
        return datetime.date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None
