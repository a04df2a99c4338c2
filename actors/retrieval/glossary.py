"""The glossary: what clauses are asked for as, and what stands in them.

A lawyer asks for a "liability cap"; the clause says "shall in no event exceed the amount paid". Each concept holds both
sides: how people ask, words of such clauses, and one clause as an example. All of it was written for this project.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from actors.domain.yaml_files import read_mapping
from actors.errors import LibraryError

FOLDER = Path(__file__).parent / "data" / "glossary"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a clause can be about."""

    name: str
    ask: tuple[str, ...]
    """How people ask for it, the name included."""
    words: tuple[str, ...]
    """Words and phrases that such clauses use."""
    clause: str
    """An example of such a clause."""


@cache
def load_glossary(folder: Path = FOLDER) -> tuple[Concept, ...]:
    """Return the concepts of all files of a folder, in the order of the files.

    Raises:
        LibraryError: A file is wrong, or two concepts have one name.
    """
    concepts = [concept for file in sorted(folder.glob("*.yaml")) for concept in _read(file)]
    names = [concept.name for concept in concepts]
    if twice := {name for name in names if names.count(name) > 1}:
        raise LibraryError(folder.name, f"concepts of one name: {', '.join(sorted(twice))}")
    return tuple(concepts)


def _read(file: Path) -> Iterator[Concept]:
    for name, fields in read_mapping(file).items():
        if not isinstance(fields, dict) or fields.keys() != {"ask", "words", "clause"}:
            raise LibraryError(file.name, f"{name}: a concept has ask, words and clause")
        yield Concept(
            name, (name, *_texts(file, fields, "ask")), _texts(file, fields, "words"), str(fields["clause"])
        )


def _texts(file: Path, fields: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = fields[key]
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise LibraryError(file.name, f"{key}: {value!r} is not a list of texts")
    return tuple(value)
