"""The rows of a batch on their way to disk, and a first look at them."""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from actors.batches import RowProblem
from actors.errors import InvalidFieldsError, InvalidInputError, RequestError
from cluster.bulk.checks import Defaults, row_of
from cluster.bulk.columns import ColumnMap
from cluster.bulk.folder import RunFolder
from cluster.bulk.rows import BadRow, Record
from cluster.bulk.rows_file import open_rows

LOOKED_AT = 1_000
"""Rows that are checked before the batch is taken, at some tenths of a millisecond each."""
MOST_PROBLEMS = 20
IDLE_S = 120.0
"""How long an upload may rest before it counts as left."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


class Upload:
    """Rows that come in pieces. In memory there is never more than one piece.

    Args:
        folder: A fresh one, which the batch moves out of when all is there.
        tenant: Whose batch it will be.
        most_rows: More are refused.
    """

    def __init__(self, folder: Path, tenant: str, most_rows: int) -> None:
        folder.mkdir(mode=0o700)
        self.folder, self.tenant, self._most_rows = folder, tenant, most_rows
        self.run = RunFolder(folder)
        self.run.create()
        self._digest = hashlib.sha256()
        self._complete, self._has_begun = 0, False
        self._touched_s = time.monotonic()

    @property
    def rows(self) -> int:
        """Rows so far: lines that are not blank."""
        return self._complete + self._has_begun

    @property
    def sha256(self) -> str:
        """Of all that came."""
        return self._digest.hexdigest()

    @property
    def is_left(self) -> bool:
        """Whether nobody seems to send any more."""
        return time.monotonic() - self._touched_s > IDLE_S

    def add(self, piece: bytes) -> None:
        """Write a piece.

        Raises:
            InvalidInputError: There are too many rows.
            OSError: The disk does not take it.
        """
        self._touched_s = time.monotonic()
        *lines, rest = piece.split(b"\n")
        for line in lines:
            self._complete += self._has_begun or bool(line.strip())
            self._has_begun = False
        self._has_begun = self._has_begun or bool(rest.strip())
        if self.rows > self._most_rows:
            raise InvalidInputError("body", f"it has more than {self._most_rows:,} rows")
        self._digest.update(piece)
        with self.run.spool.open("ab") as file:
            file.write(piece)

    def complete(self, defaults: Defaults) -> tuple[RowProblem, ...]:
        """See that all is on disk and that something can be drafted from it; return the first bad rows.

        Raises:
            RequestError: Nothing can be.
            OSError: The disk does not take it.
        """
        if not self.rows:
            raise InvalidInputError("body", "it holds no rows")
        with self.run.spool.open("rb") as file:
            os.fsync(file.fileno())
        try:
            with open_rows(str(self.run.spool)) as reading:
                good, problems = first_look(islice(reading.records, LOOKED_AT), defaults)
        except InvalidInputError as error:
            raise InvalidInputError("body", error.reason) from error
        if not good:
            raise InvalidFieldsError(
                [one.place for one in problems], [one.reason for one in problems], "no row can be drafted"
            )
        return problems

    def drop(self) -> None:
        """Forget it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def first_look(records: Iterable[Record | BadRow], defaults: Defaults) -> tuple[int, tuple[RowProblem, ...]]:
    """Return how many of these rows can be drafted, and what is wrong with the first of the others."""
    numbers: dict[str, int] = {}
    problems: list[RowProblem] = []
    for record in records:
        if isinstance(record, Record) and not record.values and not record.wrong:
            continue
        known, reason = _looked_at(record, defaults)
        first = numbers.setdefault(known.casefold(), record.number) if known else record.number
        if first != record.number:
            reason = reason or f"id: row {first} has it already"
        if reason:
            problems.append(RowProblem(number=record.number, place=record.place, reason=reason))
    return len(numbers), tuple(problems[:MOST_PROBLEMS])


def _looked_at(record: Record | BadRow, defaults: Defaults) -> tuple[str, str]:
    """Return the id of a good row, and what is wrong with a bad one."""
    if isinstance(record, BadRow):
        return "", record.reason
    try:
        return row_of(record, ColumnMap(), defaults).id, ""
    except RequestError as error:
        # Sentences quote what they are about: the row's own words.
        return "", _QUOTED.sub("the value", record.wrong or str(error))
