"""Rows of CSV, held to its own rules: what a lenient reader would swallow is a bad row, and reading goes on."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actors.errors import InvalidInputError
from cluster.bulk.cells import is_formula
from cluster.bulk.rows import MOST_RECORD_CHARS, BadRow, Reading, Record
from cluster.bulk.rows_lines import Line, undecodable

_DELIMITERS = ",;\t"


class _TooLongError(Exception):
    """A record does not end within the limit."""


class _Feed:
    """Hands lines to the parser, and takes back those of a record that is none."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._waiting: deque[Line] = deque()
        self._chars = 0
        self.taken: list[Line] = []
        self.at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if line is None:
            self.at_end = True
            raise StopIteration
        self.taken.append(line)
        self._chars += len(line.text)
        if not line.whole or self._chars > MOST_RECORD_CHARS:
            raise _TooLongError
        return line.text

    def begin(self) -> None:
        """Forget the lines of the record before."""
        self.taken, self._chars, self.at_end = [], 0, False

    def retreat(self) -> None:
        """Give back all lines of this record but its first."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        self.taken = self.taken[:1]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A record's cells, or why it has none."""

    line: int
    cells: Sequence[str]
    wrong: str = ""


def read_csv(lines: Iterator[Line]) -> Reading:
    """Return the rows of a CSV file whose first line names the columns; commas, semicolons or tabs part them.

    Raises:
        InvalidInputError: That line is missing, cannot be read, or names a column twice.
    """
    first = next((line for line in lines if line.text.strip() or not line.whole), None)
    if first is None:
        raise InvalidInputError("file", "it is empty")
    delimiter = max(_DELIMITERS, key=first.text.count)
    header = next(_parse(iter([first]), delimiter, width=None))
    if header.wrong:
        raise InvalidInputError("file", f"line {header.line}, the names of the columns: {header.wrong}")
    columns = tuple(cell.strip() for cell in header.cells)
    _refuse_twice(columns)
    parsed = _parse(lines, delimiter, len(columns))
    return Reading(columns, (_record(number, one, columns) for number, one in enumerate(parsed, start=1)))


def _refuse_twice(columns: Sequence[str]) -> None:
    named = [column for column in columns if column]
    twice = next((column for column in named if named.count(column) > 1), None)
    if twice is not None:
        raise InvalidInputError("file", f"it has two columns {twice[:80]!r}")


def _parse(lines: Iterator[Line], delimiter: str, width: int | None) -> Iterator[_Parsed]:
    """Yield one result a record.

    A record of several lines with anything wrong is taken for one line with an open quote: that line is bad, and the
    next is read afresh. So a quote that was never closed costs its own row and no other.
    """
    # The module's own limit is one for the whole process, and lower than ours.
    csv.field_size_limit(max(csv.field_size_limit(), MOST_RECORD_CHARS))
    feed = _Feed(lines)
    reader = csv.reader(feed, strict=True, delimiter=delimiter)
    while True:
        feed.begin()
        cells: list[str] = []
        try:
            cells = next(reader)
            wrong = _wrong(cells, feed.taken, width)
        except StopIteration:
            return
        except _TooLongError:
            wrong = "it is longer than a row may be, or a quote is never closed"
        except csv.Error as error:
            wrong = _told(error, feed)
        start = feed.taken[0].number
        if wrong and len(feed.taken) > 1:
            feed.retreat()
            wrong = f"a quote is opened and not closed in this line ({wrong})"
        yield _Parsed(start, cells, wrong)


def _wrong(cells: Sequence[str], taken: Sequence[Line], width: int | None) -> str:
    text = "".join(line.text for line in taken)
    at = undecodable(text)
    if at is not None:
        return f"character {at} is not UTF-8; say the file's encoding, or save it as UTF-8"
    if width is not None and any(cells) and len(cells) != width:
        cut = "" if text.endswith("\n") else "; the file ends in this line, which may be cut off"
        found = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        return f"it has {found}, and there are {width} columns{cut}"
    if len(taken) > 1 and any(_stray_quote(cell, text) for cell in cells):
        return "a quote stands inside a cell that is not quoted"
    return ""


def _stray_quote(cell: str, text: str) -> bool:
    # Written properly, a cell with a quote in it has that quote twice.
    return '"' in cell and cell.replace('"', '""') not in text


def _told(error: csv.Error, feed: _Feed) -> str:
    if feed.at_end:
        return "a quote is opened and never closed"
    if "expected after" in str(error):
        return "a closing quote is followed by more text"
    if "new-line character" in str(error):
        return "a bare carriage return stands in it; save the file with LF or CRLF line ends"
    return str(error)


def _record(number: int, parsed: _Parsed, columns: Sequence[str]) -> Record | BadRow:
    place = f"line {parsed.line}"
    if parsed.wrong:
        return BadRow(number, place, "", parsed.wrong)
    values: dict[str, object] = {}
    wrong = ""
    for position, (column, cell) in enumerate(zip(columns, parsed.cells, strict=False), start=1):
        if is_formula(cell):
            wrong = wrong or f"column {column or position} holds a formula; put its value there"
        elif cell.strip():
            values[column or f"column {position}"] = cell
    return Record(number, place, values, wrong)
