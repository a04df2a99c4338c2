"""The values of an import: passages, and what was skipped."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from actors.domain.authority import Authority
from actors.domain.matter import Value

PassageKind = Literal["statute", "clause"]
PassageStatus = Literal["in_force", "repealed", "omitted", "transferred", "renumbered", "expired", "reserved"]

PARSER_VERSION = "1"
"""Raise it when a parser reads the same file otherwise: an import then starts afresh."""

EXCERPT_CHARS = 600


class Subdivision(Value):
    """One numbered part of a section. A section lists them in reading order, each before what lies in it."""

    pin: tuple[str, ...]
    """Outermost first: `("b", "3", "A")`."""
    heading: str = ""
    start: int
    end: int
    """`passage.text[start:end]`, from its number to the end of the last part within it."""
    status: PassageStatus = "in_force"


class Note(Value):
    """An editor's note to a section: not law."""

    topic: str
    """The publisher's own word: `amendments`, `effectiveDate`, …; empty where it has none."""
    heading: str
    text: str


class Passage(Value):
    """One section of a statute or one clause of a contract."""

    id: str
    """Unique within its source, the same in every import: `us-fed/usc/17/107`, `lease.md#4.2`."""
    kind: PassageKind
    heading: str
    text: str
    """Without heading and notes; parts of a section on lines of their own."""
    citation: str | None = None
    """As printed: `17 U.S.C. § 107`."""
    keys: tuple[str, ...] = ()
    """What the citation grammar calls the provision: `us-fed/usc/17/107`. Several for `§§ 155, 155A`."""
    last_key: str = ""
    """The last of a range whose first is `keys[0]`."""
    pin: tuple[str, ...] = ()
    """Where the passage is itself a part of a section."""
    jurisdiction: str
    as_of: datetime.date
    status: PassageStatus = "in_force"
    families: tuple[str, ...] = ("all",)
    place: tuple[str, ...] = ()
    """What it stands in, outermost first: `("Title 17—COPYRIGHTS", "CHAPTER 1—SUBJECT MATTER …")`."""
    units: tuple[str, ...] = ()
    """The same as parts of keys: `("ch-1",)`."""
    subdivisions: tuple[Subdivision, ...] = ()
    references: tuple[str, ...] = ()
    """Citations of other provisions in its text, in reading order, each once."""
    notes: tuple[Note, ...] = ()
    file: str
    """Path within what was imported, `/` between its parts."""

    def authority(self, source: str) -> Authority:
        """Return the passage as research hands it on: its heading and the beginning of its text.

        Args:
            source: The name under which it was imported.
        """
        return Authority(
            id=f"{source}:{self.id}",
            kind=self.kind,
            jurisdiction=self.jurisdiction,
            citation=self.citation,
            applies_to=self.families,
            statement=self.excerpt(),
            confidence="V" if self.kind == "statute" else "H",
            as_of=self.as_of,
        )

    def excerpt(self, limit: int = EXCERPT_CHARS) -> str:
        """Return heading and beginning of the text in one line of at most `limit` characters."""
        text = " ".join(self.text.split())
        heading = self.heading.rstrip(".")
        whole = f"{heading}. {text}" if heading and text else heading or text
        if len(whole) <= limit:
            return whole
        return f"{whole[: limit - 1].rpartition(' ')[0] or whole[: limit - 1]}…"


class Skipped(Value):
    """Something that was not imported."""

    file: str
    place: str = ""
    """`line 3`, `page 7`; empty for a whole file."""
    reason: str


class Parsed(Value):
    """What came of one file."""

    passages: tuple[Passage, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was read in a way that its owner may want to know of."""
    whole_sources: tuple[str, ...] = ()
    """Sources that the file holds whole: `us-fed/usc/17`. A section that is absent from it does not exist."""


def with_own_ids(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return passages in their order, a repeated id told apart as `us-fed/usc/17/107~2`."""
    taken: Counter[str] = Counter()
    named = []
    for passage in passages:
        taken[passage.id] += 1
        count = taken[passage.id]
        named.append(passage if count == 1 else passage.model_copy(update={"id": f"{passage.id}~{count}"}))
    return tuple(named)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the importer says of a file."""

    file: str
    today: datetime.date
    """Stands in where neither the file nor the importer says as of when its text is."""
    jurisdiction: str | None = None
    as_of: datetime.date | None = None

    def day(self, of_file: datetime.date | None = None) -> datetime.date:
        """Return as of when the file's text is: the importer's word, else the file's own, else today."""
        return self.as_of or of_file or self.today
