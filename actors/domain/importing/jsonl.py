"""Passages as lines of JSON: one object a line, in the form that the README documents."""

import datetime
import json
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from actors.domain.importing.passage import Origin, Parsed, Passage, PassageKind, PassageStatus, Skipped
from actors.domain.importing.places import read_place
from actors.domain.importing.provisions import SOURCE, read_citation
from actors.domain.importing.references import find_references
from actors.domain.importing.subdivisions import find_subdivisions
from actors.errors import InvalidInputError

MAX_LINE_BYTES = 1_000_000
_UNSEEN = re.compile(r"[\ud800-\udfff\x00]")


class Record(BaseModel):
    """One line. Only `text` is required; fields that are not named here are passed over, and told."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    text: Annotated[str, Field(min_length=1)]
    id: Annotated[
        str | None, Field(min_length=1, max_length=200, validation_alias=AliasChoices("id", "_id"))
    ] = None
    heading: Annotated[str, Field(max_length=1000, validation_alias=AliasChoices("heading", "title"))] = ""
    kind: PassageKind | None = None
    citation: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    jurisdiction: str | None = None
    as_of: datetime.date | None = None
    status: PassageStatus = "in_force"
    families: tuple[str, ...] = ("all",)


_KNOWN = frozenset(("text", "id", "_id", "heading", "title", *Record.model_fields))


def read_jsonl(lines: Iterable[bytes], origin: Origin) -> Parsed:
    """Return a passage for every good line, and every other line with its number and its fault.

    Args:
        lines: With or without their line breaks; of a longer line than `MAX_LINE_BYTES` only the beginning is needed.
        origin: Where the lines come from.
    """
    passages: list[Passage] = []
    skipped: list[Skipped] = []
    taken: dict[str, int] = {}
    unread: dict[str, None] = {}
    for number, line in _filled(lines):
        try:
            record, extra = _record(line)
            passage = _passage(record, number, origin)
            _claim(passage.id, number, taken)
        except InvalidInputError as error:
            skipped.append(Skipped(file=origin.file, place=f"line {number}", reason=str(error)))
            continue
        unread |= dict.fromkeys(extra)
        passages.append(passage)
    remarks = (f"fields that are not read: {', '.join(list(unread)[:8])}",) if unread else ()
    return Parsed(passages=tuple(passages), skipped=tuple(skipped), remarks=remarks)


def _claim(id_: str, number: int, taken: dict[str, int]) -> None:
    if (first := taken.setdefault(id_, number)) != number:
        raise InvalidInputError("id", f"{id_[:80]!r} is taken by line {first}")


def _filled(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, 1):
        plain = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if plain.strip():
            yield number, plain


def _record(line: bytes) -> tuple[Record, list[str]]:
    """Read one line.

    Raises:
        InvalidInputError: It is no object of the schema; the error names the field.
    """
    if len(line) > MAX_LINE_BYTES:
        raise InvalidInputError("line", f"it is longer than {MAX_LINE_BYTES:,} bytes")
    try:
        value: Any = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise InvalidInputError("line", f"it is not UTF-8 (byte {error.start + 1})") from error
    except RecursionError as error:
        raise InvalidInputError("line", "it is nested too deeply") from error
    except ValueError as error:
        raise InvalidInputError("line", f"it is no JSON ({error})") from error
    if not isinstance(value, dict):
        raise InvalidInputError("line", "it is no JSON object")
    try:
        record = Record.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InvalidInputError(str(first["loc"][0]), first["msg"][:1].lower() + first["msg"][1:]) from error
    return record, [str(name)[:40] for name in value if name not in _KNOWN]


def _passage(record: Record, number: int, origin: Origin) -> Passage:
    for field, words in (("text", record.text), ("heading", record.heading), ("id", record.id or "")):
        if _UNSEEN.search(words):
            raise InvalidInputError(
                field, "it contains NUL or half of a surrogate pair, which is no character"
            )
    known = read_citation(record.citation) if record.citation else None
    key, pin, place, printed = known or ("", (), "", record.citation)
    title = key.removeprefix(f"{SOURCE}/").partition("/")[0] if key.startswith(f"{SOURCE}/") else ""
    kind = record.kind or ("statute" if record.citation else "clause")
    own = read_place(record.jurisdiction) if record.jurisdiction else None
    return Passage(
        id=record.id
        or ("".join([key, *(f"({part})" for part in pin)]) if key else f"{origin.file}#{number}"),
        kind=kind,
        heading=record.heading,
        text=record.text,
        citation=printed,
        keys=(key,) if key and kind == "statute" else (),
        pin=pin,
        jurisdiction=own or origin.jurisdiction or place or "GENERAL",
        as_of=record.as_of or origin.day(),
        status=record.status,
        families=record.families or ("all",),
        subdivisions=find_subdivisions(record.text, pin) if kind == "statute" else (),
        references=find_references(record.text, title, ()) if title else (),
        file=origin.file,
    )
