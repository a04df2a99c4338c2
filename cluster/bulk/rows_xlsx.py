"""Rows of an Excel workbook: its first sheet, read row by row."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from actors.errors import InvalidInputError
from cluster.bulk.rows import MOST_RECORD_CHARS, BadRow, Reading, Record

MOST_STRINGS_BYTES = 64 * 1024 * 1024
"""All texts of a workbook stand in one part of it, which is held in memory."""
_STREAMED = "xl/worksheets/"
_DAMAGED = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, OSError)
"""What openpyxl lets through when a workbook's inside is not what its outside says."""


def read_xlsx(path: Path) -> Reading:
    """Return the rows of a workbook's first sheet, whose first row with anything in it names the columns.

    Raises:
        InvalidInputError: It is no workbook, holds too much text, or names no columns.
    """
    try:
        _refuse_huge(path)
        workbook = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        sheets = workbook.worksheets
        if not sheets:
            raise InvalidInputError("file", f"{path} has no sheet of cells")
        sheet = sheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
        rows = enumerate(sheet.iter_rows(), start=1)
        header = next((cells for _, cells in rows if any(_text(cell) for cell in cells)), None)
    except _DAMAGED as error:
        raise InvalidInputError("file", f"{path} is no Excel workbook (.xlsx), or damaged") from error
    if header is None:
        raise InvalidInputError("file", f"sheet {sheet.title!r} is empty")
    columns = tuple(_text(cell) for cell in header)
    twice = next((column for column in columns if column and columns.count(column) > 1), None)
    if twice is not None:
        raise InvalidInputError("file", f"it has two columns {twice[:80]!r}")
    others = ", ".join(repr(one.title) for one in sheets[1:])
    notices = [f"only sheet {sheet.title!r} is read, not {others}"] if others else []
    return Reading(columns, _records(workbook, rows, columns), notices)


def _refuse_huge(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        held = sum(part.file_size for part in archive.infolist() if not part.filename.startswith(_STREAMED))
    if held > MOST_STRINGS_BYTES:
        raise InvalidInputError(
            "file", f"its texts take {held:,} bytes, too many for memory; save the sheet as CSV"
        )


def _records(
    workbook: Workbook, rows: Iterator[tuple[int, Sequence[Any]]], columns: Sequence[str]
) -> Iterator[Record | BadRow]:
    number, line = 0, 0
    try:
        for line, cells in rows:
            number += 1
            yield _record(number, f"line {line}", cells, columns)
    except _DAMAGED:
        yield BadRow(number + 1, f"line {line + 1}", "", "the workbook is damaged from here on")
    finally:
        workbook.close()


def _record(number: int, place: str, cells: Sequence[Any], columns: Sequence[str]) -> Record:
    values: dict[str, object] = {}
    wrong = ""
    for position, cell in enumerate(cells):
        if cell.value is None or cell.value == "":
            continue
        found = _wrong(cell, position, columns)
        if found:
            wrong = wrong or f"cell {cell.coordinate} {found}"
        else:
            values[columns[position] or f"column {position + 1}"] = cell.value
    return Record(number, place, values, wrong)


def _wrong(cell: Any, position: int, columns: Sequence[str]) -> str:  # noqa: ANN401 (openpyxl has no types)
    if position >= len(columns):
        return "stands under no column"
    if cell.data_type == "f":
        return "holds a formula; put its value there"
    if cell.data_type == "e":
        return f"holds an error ({cell.value})"
    if isinstance(cell.value, str) and len(cell.value) > MOST_RECORD_CHARS:
        return "is longer than a row may be"
    return ""


def _text(cell: Any) -> str:  # noqa: ANN401
    return "" if cell.value is None else str(cell.value).strip()
