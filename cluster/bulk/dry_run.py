"""Every row of a file read and checked as a run would, and nothing written."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from actors.domain.matter import Matter
from actors.errors import InvalidInputError, RequestError
from cluster.bulk.checks import Defaults, matter_of, row_of, usable_id
from cluster.bulk.columns import ColumnMap
from cluster.bulk.ledger import Entry, Ledger
from cluster.bulk.ledger_sqlite import SqliteLedger
from cluster.bulk.rows import BadRow, Reading, Record, Row

MOST_NAMED = 1_000
"""Of anything that is listed in memory: ranges of rows, names of columns."""
_BATCH_ROWS = 200


@dataclass(slots=True)
class Tally:
    """What a dry run found."""

    good: int = 0
    bad: int = 0
    blank: int = 0
    good_rows: list[tuple[int, int]] = field(default_factory=list)
    """First and last of each run of neighbouring good rows; the first 1,000 of these."""
    types: Counter[str] = field(default_factory=Counter)
    jurisdictions: Counter[str] = field(default_factory=Counter)
    """By id where there is a rule pack, else by name; "none" where a row names no law."""
    unread: Counter[str] = field(default_factory=Counter)
    """Names that only rows give, and no field has: how many rows gave them."""

    def add_good(self, row: Row, matter: Matter) -> None:
        """Count a row that would be drafted."""
        self.good += 1
        self.types[matter.task_type] += 1
        self.jurisdictions[matter.jurisdiction or matter.jurisdiction_named or "none"] += 1
        if self.good_rows and self.good_rows[-1][1] == row.number - 1:
            self.good_rows[-1] = (self.good_rows[-1][0], row.number)
        elif len(self.good_rows) < MOST_NAMED:
            self.good_rows.append((row.number, row.number))

    def add_unread(self, record: Record, columns: ColumnMap) -> None:
        """Count the names of a record that nothing reads."""
        for name in record.values:
            if columns.place(name) is None and (name in self.unread or len(self.unread) < MOST_NAMED):
                self.unread[name] += 1


def check_rows(
    reading: Reading,
    columns: ColumnMap,
    defaults: Defaults,
    as_of: datetime.date,
    tell: Callable[[BadRow], None],
) -> Tally:
    """Check all rows, in memory that does not grow with their number.

    Args:
        reading: The opened file.
        columns: What its columns mean.
        defaults: What rows without a type or jurisdiction get.
        as_of: The day whose law counts.
        tell: Called with each bad row, in the order of the file.

    Raises:
        InvalidInputError: No row could be drafted from these columns, or there are none.
    """
    if reading.columns is not None:
        reading.notices.extend(columns.check_header(reading.columns))
    tally = Tally()
    # Where the ids of a million rows are held against each other: on disk, and gone afterwards.
    with closing(SqliteLedger(None)) as ledger:
        number = ledger.begin()
        records = reading.records if reading.columns is not None else _noting(reading.records, columns, tally)
        checks = (_check(record, columns, defaults, as_of, tally) for record in records)
        while batch := list(islice(checks, _BATCH_ROWS)):
            for one in _unrepeated(batch, ledger, number):
                _count(one, tally, tell)
    if tally.good + tally.bad == 0:
        raise InvalidInputError("file", "it holds no rows")
    return tally


Checked = tuple[Row, Matter] | BadRow | None


def _noting(
    records: Iterator[Record | BadRow], columns: ColumnMap, tally: Tally
) -> Iterator[Record | BadRow]:
    for record in records:
        if isinstance(record, Record):
            tally.add_unread(record, columns)
        yield record


def _check(
    record: Record | BadRow, columns: ColumnMap, defaults: Defaults, as_of: datetime.date, tally: Tally
) -> Checked:
    if isinstance(record, BadRow):
        return record
    if not record.values and not record.wrong:
        tally.blank += 1
        return None
    if record.wrong:
        return BadRow(record.number, record.place, usable_id(record, columns), record.wrong)
    try:
        row = row_of(record, columns, defaults)
        return row, matter_of(row, as_of)
    except RequestError as error:
        return BadRow(record.number, record.place, usable_id(record, columns), str(error))


def _unrepeated(batch: list[Checked], ledger: Ledger, reading: int) -> Iterator[Checked]:
    """Yield what was checked, with a bad row in place of each whose id stood there before.

    A bad row's id counts too: the row may be mended, and would then be the second of its name.
    """
    named = [(one, entry) for one in batch if one is not None and (entry := _entry(one))]
    answers = ledger.register(reading, [entry for _, entry in named])
    told = {id(one): answer for (one, _), answer in zip(named, answers, strict=True)}
    for one in batch:
        standing = told.get(id(one))
        if isinstance(one, tuple) and standing is not None and standing.standing == "duplicate":
            row = one[0]
            yield BadRow(row.number, row.place, row.id, f"id: row {standing.first_number} has it already")
        else:
            yield one


def _entry(one: tuple[Row, Matter] | BadRow) -> Entry | None:
    if isinstance(one, BadRow):
        return Entry(one.id, one.number, "") if one.id else None
    return Entry(one[0].id, one[0].number, one[0].fingerprint)


def _count(one: Checked, tally: Tally, tell: Callable[[BadRow], None]) -> None:
    if isinstance(one, BadRow):
        tally.bad += 1
        tell(one)
    elif one is not None:
        tally.add_good(*one)
