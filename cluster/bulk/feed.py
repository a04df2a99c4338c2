"""The rows of a run, read as they are wanted: each is entered in the ledger, and handed on if it is to be drafted."""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from actors.errors import InvalidInputError, RequestError
from cluster.bulk.checks import Defaults, row_of, usable_id
from cluster.bulk.columns import ColumnMap
from cluster.bulk.ledger import UNFINISHED, Entry, Ledger, Registered
from cluster.bulk.rows import BadRow, Reading, Record, Row

_BATCH_ROWS = 100
_READER = "reader"
Read = Row | BadRow


class Feed:
    """Yields rows; holds some hundred of them, however long the file.

    Args:
        reading: The opened file.
        columns: What its columns mean.
        defaults: What rows get that do not say it themselves.
        ledger: Where they are entered.
        failed: Called for each row that cannot be drafted, after the ledger knows.

    Raises:
        InvalidInputError: No row could be drafted from these columns.
    """

    def __init__(
        self,
        reading: Reading,
        columns: ColumnMap,
        defaults: Defaults,
        ledger: Ledger,
        failed: Callable[[], None],
    ) -> None:
        if reading.columns is not None:
            reading.notices.extend(columns.check_header(reading.columns))
        self._columns, self._defaults = columns, defaults
        self._ledger, self._number, self._failed = ledger, ledger.begin(), failed
        self._records = reading.records
        self._held: list[Read] = []
        """Read, and not yet known to be in the ledger."""
        self._waiting: deque[Row] = deque()
        self.read = 0
        """Rows read so far, blank ones aside."""
        self.is_read = False
        """Whether the whole file has been read."""

    def fill(self, count: int) -> None:
        """Read until so many rows wait to be drafted, or the file ends.

        Raises:
            AgentUnavailableError: The ledger does not answer. Nothing is lost: it may be called again.
        """
        while len(self._waiting) < count and not self.is_read:
            self._enter()

    def take(self) -> Row | None:
        """Return the next of the rows that wait; `None` where there is none."""
        return self._waiting.popleft() if self._waiting else None

    @property
    def is_empty(self) -> bool:
        """Whether all rows have been read and taken."""
        return self.is_read and not self._waiting

    def _enter(self) -> None:
        self._held = batch = self._held or list(islice(self._checked(), _BATCH_ROWS))
        if not batch:
            self._ledger.forget_unseen(self._number)
            self.is_read = True
            return
        entries = [_entry(one) for one in batch]
        answers = self._ledger.register(self._number, entries)
        self._held = []
        self.read += len(batch)
        self._waiting.extend(self._to_draft(batch, entries, answers))

    def _to_draft(self, batch: list[Read], entries: list[Entry], answers: list[Registered]) -> Iterator[Row]:
        for one, entry, answer in zip(batch, entries, answers, strict=True):
            # A batch comes twice where the ledger's reply was lost: then the row stands before itself.
            if answer.standing == "duplicate" and answer.first_number != one.number:
                self._refuse_repeated(one, answer)
            elif answer.state in UNFINISHED:
                if isinstance(one, Row):
                    yield one
                else:
                    self._refuse(entry, one.reason)

    def _refuse_repeated(self, one: Read, answer: Registered) -> None:
        """Note a row whose id stood before under a name that no row can have."""
        reason = f"id: row {answer.first_number} has it already"
        if isinstance(one, BadRow):
            reason = f"{reason}; {one.reason}"
        entry = Entry(_unnamed(one.number), one.number, f"repeats {one.id}")
        if self._ledger.register(self._number, [entry])[0].state in UNFINISHED:
            self._refuse(entry, reason)

    def _refuse(self, entry: Entry, reason: str) -> None:
        claim = self._ledger.claim(entry.id, entry.fingerprint, _READER)
        if claim is not None and self._ledger.fail(claim, reason):
            self._failed()

    def _checked(self) -> Iterator[Read]:
        for record in self._records:
            one = self._check(record)
            if one is not None:
                yield one

    def _check(self, record: Record | BadRow) -> Read | None:
        if isinstance(record, BadRow):
            return record
        if not record.values and not record.wrong:
            return None
        try:
            if record.wrong:
                raise InvalidInputError("row", record.wrong)
            return row_of(record, self._columns, self._defaults)
        except RequestError as error:
            reason = record.wrong or str(error)
            return BadRow(record.number, record.place, usable_id(record, self._columns), reason)


def _entry(one: Read) -> Entry:
    if isinstance(one, Row):
        return Entry(one.id, one.number, one.fingerprint)
    # Mended, the row has another fingerprint, and is drafted.
    digest = hashlib.sha256(json.dumps(["bad", one.reason]).encode()).hexdigest()
    return Entry(one.id or _unnamed(one.number), one.number, digest)


def _unnamed(number: int) -> str:
    """Return the ledger's name for a row without an id of its own; no id begins like this."""
    return f"#{number}"
