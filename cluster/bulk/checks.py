"""From a record to a row, and from a row to its matter: each refusal is one sentence about one row."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actors.domain.intake.facts import read_facts
from actors.domain.intake.governing_law import law_from_option
from actors.domain.intake.json_text import read_object
from actors.domain.intake.request_text import check_request_text
from actors.domain.intake.task_types import parse_task_type
from actors.domain.intake.understand import understand
from actors.domain.library import load_type, type_ids
from actors.domain.matter import Matter
from actors.errors import InvalidInputError
from cluster.bulk.columns import ColumnMap, Path, fact_kind
from cluster.bulk.rows import Record, Row
from cluster.bulk.values import fact_value, facts_json, list_value, text_value

MOST_ID_BYTES = 120
_ID = re.compile(r"[^\W_][\w.-]*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_DEEPEST = 8
_LISTS = {("options",), ("carve_outs",)}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the command line says for rows that do not say it themselves."""

    task_type: str | None = None
    """Id of a document type."""
    jurisdiction: str | None = None


def row_of(record: Record, columns: ColumnMap, defaults: Defaults) -> Row:
    """Return the row of a record. Its facts are not held against its document type yet: that is `matter_of`.

    Raises:
        RequestError: The id, type, jurisdiction or message is wrong, or a field is given twice.
    """
    facts = placed(record.values, columns)
    row_id = check_id(facts.pop("id", None))
    message = _optional_text(facts, "message")
    task_type = _type(_optional_text(facts, "type")) or defaults.task_type
    jurisdiction = _optional_text(facts, "jurisdiction") or defaults.jurisdiction
    if jurisdiction is not None:
        law_from_option(jurisdiction)
    typed = {key: _typed(key, value, task_type) for key, value in facts.items()}
    if message is None and task_type is None:
        raise InvalidInputError("message", "the row has neither a message nor a document type")
    return Row(
        id=row_id,
        number=record.number,
        place=record.place,
        message=check_request_text(message or load_type(task_type or "").title),
        facts_json=facts_json(typed) if typed else None,
        task_type=task_type,
        jurisdiction=jurisdiction,
    )


def matter_of(row: Row, as_of: datetime.date) -> Matter:
    """Read a row the way intake will; some 4 ms.

    Raises:
        RequestError: The message asks for no document, or a fact is wrong.
    """
    facts = None if row.facts_json is None else read_facts(row.facts_json, task_type=row.task_type)
    understood = understand(
        row.message, task_type=row.task_type, jurisdiction=row.jurisdiction, facts=facts, as_of=as_of
    )
    return understood.matter


def check_id(value: object) -> str:
    """Return a row's id, which becomes the name of its files.

    Raises:
        InvalidInputError: It is missing, or would not be one plain name on every system.
    """
    if value is None or value == "":
        raise InvalidInputError("id", "the row has none")
    row_id = unicodedata.normalize("NFC", text_value(value, "id"))
    shown = repr(row_id[:60])
    if not _ID.fullmatch(row_id) or row_id.endswith("."):
        allowed = "letters, digits, . _ - are allowed, the first a letter or digit, the last no dot"
        raise InvalidInputError("id", f"{shown} cannot name a file: {allowed}")
    if _RESERVED.fullmatch(row_id):
        raise InvalidInputError("id", f"{shown} is a name that Windows keeps for itself")
    if len(row_id.encode()) > MOST_ID_BYTES:
        raise InvalidInputError("id", f"{shown}… is longer than {MOST_ID_BYTES} bytes")
    return row_id


def usable_id(record: Record, columns: ColumnMap) -> str:
    """Return the id of a record that is refused for something else; empty where it has no good one."""
    try:
        return check_id(
            next((v for name, v in record.values.items() if columns.place(name) == ("id",)), None)
        )
    except InvalidInputError:
        return ""


def placed(values: Mapping[str, object], columns: ColumnMap) -> dict[str, Any]:
    """Return a record's values where they belong, in the form of a facts file; unknown columns are left out.

    Raises:
        InvalidInputError: Two columns give the same value.
    """
    found: dict[str, Any] = {}
    for column, value in values.items():
        path = columns.place(column)
        if path == ("facts",):
            given = read_object(value) if isinstance(value, str) else value
            if not isinstance(given, Mapping):
                raise InvalidInputError("facts", "it must be an object")
            for key, item in given.items():
                _put(found, (key,), item)
        elif path is not None:
            _put(found, path, value)
    return found


def _put(found: dict[str, Any], path: Path, value: object) -> None:
    if len(path) > _DEEPEST:
        raise InvalidInputError(path[0], "it is nested too deep")
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            _put(found, (*path, str(key)), item)
        return
    for key in path[:-1]:
        found = found.setdefault(key, {})
        if not isinstance(found, dict):
            raise InvalidInputError(".".join(path), "it is given twice")
    if path[-1] in found:
        raise InvalidInputError(".".join(path), "it is given twice")
    found[path[-1]] = value


def _typed(key: str, value: object, task_type: str | None) -> object:
    if key == "parties":
        return _texts(value)
    if (key,) in _LISTS:
        return list_value(value)
    return fact_value(fact_kind(key, task_type), value, f"facts.{key}")


def _texts(value: object) -> object:
    """Return parties whose numbers are text, as in a spreadsheet's cell for a name such as 1848."""
    if isinstance(value, Mapping):
        return {key: _texts(item) for key, item in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _optional_text(facts: dict[str, Any], field: str) -> str | None:
    value = facts.pop(field, None)
    return None if value is None else text_value(value, field) or None


def _type(given: str | None) -> str | None:
    return None if given is None else parse_task_type(given, [load_type(one) for one in type_ids()])
