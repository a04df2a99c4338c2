"""The lines in front of a Markdown or text file that say what it is."""

import datetime
import re
from dataclasses import dataclass, field

from actors.domain.importing.places import read_place
from actors.errors import InvalidInputError

_BLOCK = re.compile(r"\s*---[ \t]*\n(?P<lines>(?:[^\n]*\n){0,60}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_LINE = re.compile(r"(?P<name>[A-Za-z_-]+):[ \t]*(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says of itself.

    Attributes:
        citation: Of the one section that the file holds: `18 U.S.C. § 1833(b)`.
        code: Of the code whose sections the file holds, without a section: `Cal. Civ. Code`.
        heading: Of the section or the contract.
        jurisdiction: As an authority's.
        as_of: The day of its text.
        families: Document families that its text bears on.
        rest: The file without these lines.
    """

    citation: str = ""
    code: str = ""
    heading: str = ""
    jurisdiction: str | None = None
    as_of: datetime.date | None = None
    families: tuple[str, ...] = ("all",)
    rest: str = field(default="", repr=False)


def read_front_matter(text: str) -> FrontMatter:
    """Return what the lines between `---` and `---` at the top of a text say; other lines than these are its own.

    They are read as `name: value`, not as YAML: nothing in them can grow or refer. Names without a meaning here are
    passed over.

    Raises:
        InvalidInputError: A day or a jurisdiction is none.
    """
    block = _BLOCK.match(text)
    if block is None:
        return FrontMatter(rest=text)
    found = {
        line["name"].lower().replace("-", "_"): line["value"].strip().strip("\"'")
        for written in block["lines"].splitlines()
        if (line := _LINE.fullmatch(written.strip()))
    }
    return FrontMatter(
        citation=found.get("citation", ""),
        code=found.get("code", ""),
        heading=found.get("heading") or found.get("title", ""),
        jurisdiction=read_place(found["jurisdiction"]) if found.get("jurisdiction") else None,
        as_of=read_day(found["as_of"]) if found.get("as_of") else None,
        families=tuple(re.findall(r"[\w-]+", found.get("families", ""))) or ("all",),
        rest=text[block.end() :],
    )


def read_day(text: str) -> datetime.date:
    """Return a day written as `2026-11-22`.

    Raises:
        InvalidInputError: It is none.
    """
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("as_of", f"{text[:40]!r} is not a day in the form YYYY-MM-DD") from error
