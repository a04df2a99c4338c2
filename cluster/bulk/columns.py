"""What the columns of a bulk file mean: names of fields, or those that `--column` maps to them."""

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from actors.domain.library import FactKind, load_type, type_ids
from actors.domain.matter import Party
from actors.errors import InvalidInputError

Path = tuple[str, ...]
"""Where a value belongs: `("message",)`, or within the facts `("parties", "first", "name")`."""

OWN = ("id", "message", "type", "jurisdiction")
_FACT_KEYS = ("facts", "stance", "options", "carve_outs", "parties")
_PARTY_FIELDS = tuple(name for name in Party.model_fields if name != "role")


@cache
def field_paths() -> Mapping[str, Path]:
    """Return every name that a column may have, folded, with the place of its values.

    A party's fields are `first.name` or `first name`; `first` alone is its name.
    """
    types = [load_type(type_id) for type_id in type_ids()]
    roles = {role.id for one in types for role in one.roles}
    parts = {(role, name) for role in roles for name in _PARTY_FIELDS}
    return {
        **{_folded(f"{role} {name}"): ("parties", role, name) for role, name in parts},
        **{_folded(f"parties {role} {name}"): ("parties", role, name) for role, name in parts},
        **{_folded(role): ("parties", role, "name") for role in roles},
        **{_folded(fact.id): (fact.id,) for one in types for fact in one.facts},
        **{_folded(name): (name,) for name in (*OWN, *_FACT_KEYS)},
    }


# Bounded: the ids come from the rows.
@lru_cache(maxsize=1024)
def fact_kind(fact_id: str, task_type: str | None) -> FactKind | None:
    """Return the kind of a fact in this document type, or without one in the first that has it."""
    for type_id in (task_type,) if task_type else type_ids():
        fact = load_type(type_id).fact(fact_id)
        if fact is not None:
            return fact.kind
    return None


class ColumnMap:
    """From a column's name to the place of its values.

    Args:
        given: By column, the place that it was mapped to; such a column stands for no field of its own name, and no
            other column for that field.
    """

    def __init__(self, given: Mapping[str, Path] | None = None) -> None:
        self._given = dict(given or {})
        self._taken = set(self._given.values())

    @classmethod
    def parse(cls, options: Sequence[str]) -> "ColumnMap":
        """Read the values of `--column FIELD=COLUMN`.

        Raises:
            InvalidInputError: One has not that form, names no field, or a field or a column twice.
        """
        given: dict[str, Path] = {}
        for option in options:
            field, sign, column = option.partition("=")
            if not sign or not column.strip():
                raise InvalidInputError("column", f"{option[:80]!r} is not of the form FIELD=COLUMN")
            path = _known(field)
            if path in given.values() or column.strip() in given:
                raise InvalidInputError("column", f"{option[:80]!r} maps what is mapped already")
            given[column.strip()] = path
        return cls(given)

    def place(self, column: str) -> Path | None:
        """Return where the values of a column belong; `None` for one that means nothing here."""
        if column in self._given:
            return self._given[column]
        path = field_paths().get(_folded(column))
        return None if path in self._taken else path

    def check_header(self, columns: Sequence[str]) -> list[str]:
        """Hold a file's columns against the fields; return a sentence for each that is not read.

        Raises:
            InvalidInputError: A mapped column is missing, two mean the same, or no row could be drafted from them.
        """
        missing = next((column for column in self._given if column not in columns), None)
        if missing is not None:
            raise InvalidInputError("column", f"the file has no column {missing[:80]!r}; {_listed(columns)}")
        placed = [path for column in columns if (path := self.place(column))]
        twice = next((path for path in placed if placed.count(path) > 1), None)
        if twice is not None:
            raise InvalidInputError("file", f"two of its columns stand for {'.'.join(twice)}")
        if ("id",) not in placed:
            raise InvalidInputError("file", f"it has no column `id`; {_listed(columns)}")
        if placed == [("id",)]:
            raise InvalidInputError("file", f"none of its columns says what to draft; {_listed(columns)}")
        return [_unread(column) for column in columns if column and self.place(column) is None]


def _known(field: str) -> Path:
    path = field_paths().get(_folded(field))
    if path is None:
        raise InvalidInputError("column", f"there is no field {field[:80]!r}{_nearest(field)}")
    return path


def _unread(column: str) -> str:
    return f"column {column[:80]!r} is not read: no field has this name{_nearest(column)}"


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(_folded(name)[:80], field_paths(), n=1, cutoff=0.7)
    return f"; the nearest is {'.'.join(field_paths()[close[0]])!r}" if close else ""


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(repr(column[:40]) for column in columns[:12])
    return f"its columns are {shown}{' and more' if len(columns) > 12 else ''}"  # noqa: PLR2004


def _folded(name: str) -> str:
    return re.sub(r"[\s._-]+", " ", name).strip().casefold()
