"""What a bulk file holds: records as they stand there, and the rows that are made of them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_RECORD_CHARS = 256 * 1024
"""Longest record that is read. A message ends at 20,000 characters; what is longer than this is no row."""
CONTENT_VERSION = "1"
"""Part of every fingerprint: raised when the same row would be drafted differently."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file, before anything is known about its meaning."""

    number: int
    """From 1, in the order of the file; the line with the names of the columns does not count."""
    place: str
    """Where a reader of the file finds it: "line 7". Empty where the format knows no lines."""
    values: Mapping[str, object]
    """By column, as written there; empty cells are left out."""
    wrong: str = ""
    """Why one of its cells cannot be read. The others are in `values`, so that the row can be named by its id."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that cannot be read, or a row that cannot be drafted."""

    number: int
    place: str
    id: str
    """Empty where it has none that can be used."""
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One document to draft."""

    id: str
    """Names a file on every system: letters, digits, `.`, `_`, `-`."""
    number: int
    place: str
    message: str
    """The request in plain words; of a row of facts alone, the title of its document type."""
    facts_json: str | None
    """Typed facts in the form of a facts file."""
    task_type: str | None
    """Id of the document type; `None`: the message says."""
    jurisdiction: str | None
    """As the row gives it; `None`: the message says."""

    @property
    def fingerprint(self) -> str:
        """Hash of what the document depends on in this row: not of its id, nor of its place in the file."""
        content = [CONTENT_VERSION, self.message, self.facts_json, self.task_type, self.jurisdiction]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """An opened file. Its records can be read once, and are never all in memory."""

    columns: tuple[str, ...] | None
    """The columns, where the file names them before its records."""
    records: Iterator[Record | BadRow]
    notices: list[str] = field(default_factory=list)
    """What was left out of the whole file, in sentences."""
