"""Rows of JSON Lines: an object a line."""

from collections.abc import Iterator

from actors.domain.intake.json_text import FIELD, read_object
from actors.errors import InvalidInputError
from cluster.bulk.rows import BadRow, Reading, Record
from cluster.bulk.rows_lines import Line, undecodable


def read_jsonl(lines: Iterator[Line]) -> Reading:
    """Return the rows of JSON Lines; blank lines are records without values."""
    return Reading(None, (_record(number, line) for number, line in enumerate(lines, start=1)))


def _record(number: int, line: Line) -> Record | BadRow:
    place = f"line {line.number}"
    if not line.whole:
        return BadRow(number, place, "", "the line is longer than a row may be")
    if undecodable(line.text):
        return BadRow(number, place, "", "it is not UTF-8; say its encoding, or save the file as UTF-8")
    if not line.text.strip():
        return Record(number, place, {})
    try:
        values = read_object(line.text.strip())
    except InvalidInputError as error:
        return BadRow(number, place, "", _reason(error, line))
    return Record(number, place, {key: value for key, value in values.items() if value is not None})


def _reason(error: InvalidInputError, line: Line) -> str:
    key = error.field.removeprefix(FIELD).removeprefix(".")
    reason = f"{key}: {error.reason}" if key else error.reason.removesuffix(" in line 1")
    cut = "" if line.text.endswith("\n") else "; the file ends in this line, which may be cut off"
    return reason + cut
