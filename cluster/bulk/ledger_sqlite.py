"""The ledger in a SQLite file: one machine, any number of processes, each with a connection of its own."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from actors.errors import AgentUnavailableError, ResourceMissingError
from cluster.bulk.ledger import (
    DEADLY,
    MOST_DEATHS,
    STATES,
    Claim,
    Entry,
    Kept,
    Lost,
    Registered,
    State,
)

APPLICATION_ID = 0x4C58424C
"""SQLite's own field for telling one program's files from another's; "LXBL" in ASCII."""
FORMAT = 1
_PAGE_ROWS = 500
_OCCUPIED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_KEPT = "id, number, fingerprint, state, attempt, fence, deaths, note"
_SETUP = (
    """CREATE TABLE rows (
        key TEXT PRIMARY KEY, id TEXT NOT NULL, number INTEGER NOT NULL, fingerprint TEXT NOT NULL,
        seen INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', attempt INTEGER NOT NULL DEFAULT 0,
        fence INTEGER NOT NULL DEFAULT 0, deaths INTEGER NOT NULL DEFAULT 0, worker TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID""",
    "CREATE INDEX by_state ON rows (state, number, key)",
    "CREATE TABLE readings (number INTEGER PRIMARY KEY)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT}",
)


class SqliteLedger:
    """See `Ledger`. A commit survives the end of its process; a power cut may undo the last, which are redone.

    Args:
        path: The file; it is created where it is missing. `None`: a temporary one that ends with this object.

    Raises:
        ResourceMissingError: It cannot be used.
    """

    def __init__(self, path: Path | None) -> None:
        self._name = str(path or "")
        with self._told():
            # "" is SQLite's name for a file without a name, which it deletes itself.
            self._sql = sqlite3.connect(self._name, timeout=5, isolation_level=None)
            try:
                self._set_up()
            except BaseException:
                self._sql.close()
                raise

    def begin(self) -> int:
        """Begin a reading."""
        with self._told():
            return int(self._sql.execute("INSERT INTO readings VALUES (NULL)").lastrowid or 0)

    def register(self, reading: int, entries: Sequence[Entry]) -> list[Registered]:
        """Enter rows, all in one transaction."""
        with self._transaction():
            return [self._register(reading, entry) for entry in entries]

    def _register(self, reading: int, entry: Entry) -> Registered:
        key = entry.id.casefold()
        query = "SELECT id, number, fingerprint, seen, state FROM rows WHERE key = ?"
        known = self._sql.execute(query, (key,)).fetchone()
        if known is None:
            self._sql.execute(
                "INSERT INTO rows (key, id, number, fingerprint, seen) VALUES (?, ?, ?, ?, ?)",
                (key, entry.id, entry.number, entry.fingerprint, reading),
            )
            return Registered("new", "waiting", entry.number)
        row_id, number, fingerprint, seen, state = known
        if seen == reading:
            return Registered("duplicate", state, number)
        if (row_id, fingerprint) == (entry.id, entry.fingerprint):
            self._sql.execute(
                "UPDATE rows SET number = ?, seen = ? WHERE key = ?", (entry.number, reading, key)
            )
            return Registered("known", state, entry.number)
        self._sql.execute(
            """UPDATE rows SET id = ?, number = ?, fingerprint = ?, seen = ?, state = 'waiting', attempt = 0,
                fence = fence + 1, deaths = 0, worker = '', note = '' WHERE key = ?""",
            (entry.id, entry.number, entry.fingerprint, reading, key),
        )
        return Registered("changed", "waiting", entry.number)

    def forget_unseen(self, reading: int) -> int:
        """Drop unfinished rows that this reading did not hold."""
        return self._changed("DELETE FROM rows WHERE seen <> ? AND state <> 'done'", reading)

    def claim(self, row_id: str, fingerprint: str, worker: str) -> Claim | None:
        """Take a waiting or parked row."""
        found = self._all(
            """UPDATE rows SET state = 'claimed', attempt = attempt + 1, fence = fence + 1, worker = ?, note = ''
                WHERE key = ? AND fingerprint = ? AND state IN ('waiting', 'parked')
                RETURNING id, fingerprint, worker, attempt, fence, deaths""",
            worker,
            row_id.casefold(),
            fingerprint,
        )
        return Claim(*found[0]) if found else None

    def holds(self, claim: Claim) -> bool:
        """Tell whether a claim still stands."""
        return self._stands(claim, "claimed", "")

    def commit(self, claim: Claim, result: str) -> bool:
        """Note that the documents are in place."""
        return self._settle(claim, "done", result)

    def fail(self, claim: Claim, reason: str) -> bool:
        """Note that the row cannot be drafted."""
        return self._settle(claim, "failed", reason)

    def park(self, claim: Claim, reason: str) -> bool:
        """Lay the row aside."""
        return self._settle(claim, "parked", reason)

    def worker_died(self, worker: str) -> Lost:
        """End a dead worker's claims."""
        found = self._all(
            f"""UPDATE rows SET deaths = deaths + 1, fence = fence + 1, worker = '',
                state = iif(deaths + 1 >= {MOST_DEATHS}, 'failed', 'waiting'),
                note = iif(deaths + 1 >= {MOST_DEATHS}, ?, '')
                WHERE state = 'claimed' AND worker = ? RETURNING id, state""",  # noqa: S608 (a number of ours)
            DEADLY,
            worker,
        )
        again, failed = (
            tuple(row_id for row_id, now in found if now == state) for state in ("waiting", "failed")
        )
        return Lost(again, failed)

    def release_claims(self) -> int:
        """End all claims without blame."""
        return self._changed(
            "UPDATE rows SET state = 'waiting', fence = fence + 1, worker = '' WHERE state = 'claimed'"
        )

    def retry_failed(self) -> int:
        """Let failed rows wait again."""
        return self._changed(
            "UPDATE rows SET state = 'waiting', deaths = 0, note = '' WHERE state = 'failed'"
        )

    def find(self, row_id: str) -> Kept | None:
        """Return a row."""
        found = self._all(f"SELECT {_KEPT} FROM rows WHERE key = ?", row_id.casefold())  # noqa: S608 (our columns)
        return _kept(found[0]) if found else None

    def counts(self) -> dict[State, int]:
        """Return the number of rows in each state."""
        found: dict[State, int] = dict(self._all("SELECT state, count(*) FROM rows GROUP BY state"))
        return {state: found.get(state, 0) for state in STATES}

    def rows(self, *states: State) -> Iterator[Kept]:
        """Yield the rows in these states."""
        # In pages: a cursor left open would keep the others' writes out of reach of SQLite's checkpoints.
        query = f"""SELECT {_KEPT}, key FROM rows WHERE state = ? AND (number, key) > (?, ?)
            ORDER BY number, key LIMIT {_PAGE_ROWS}"""  # noqa: S608 (our columns)
        for state in states:
            number, key = 0, ""
            while page := self._all(query, state, number, key):
                yield from (_kept(found) for found in page)
                number, key = page[-1][1], page[-1][-1]

    def close(self) -> None:
        """Close the connection."""
        self._sql.close()

    def _settle(self, claim: Claim, state: State, note: str) -> bool:
        changed = self._changed(
            """UPDATE rows SET state = ?, note = ?, worker = ''
                WHERE key = ? AND state = 'claimed' AND fence = ?""",
            state,
            note,
            claim.id.casefold(),
            claim.fence,
        )
        return changed == 1 or self._stands(claim, state, note)

    def _stands(self, claim: Claim, state: State, note: str) -> bool:
        kept = self.find(claim.id)
        return kept is not None and (kept.state, kept.fence, kept.note) == (state, claim.fence, note)

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._told():
            return self._sql.execute(statement, values).fetchall()

    def _changed(self, statement: str, *values: object) -> int:
        with self._told():
            return self._sql.execute(statement, values).rowcount

    def _set_up(self) -> None:
        with self._transaction():
            if not self._sql.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _SETUP:
                    self._sql.execute(statement)
            marks = [
                self._sql.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("application_id", "user_version")
            ]
        if marks != [APPLICATION_ID, FORMAT]:
            raise ResourceMissingError(f"{self._name} is no ledger of this version", "name another folder")
        self._sql.execute("PRAGMA journal_mode = WAL")
        self._sql.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._told():
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._sql.execute("COMMIT")
            except BaseException:
                if self._sql.in_transaction:
                    self._sql.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            # The low byte is the plain code, the rest its variant.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OCCUPIED:
                raise AgentUnavailableError("ledger", f"{self._name} is locked by another process") from error
            what = f"the ledger {self._name} cannot be used ({error})"
            raise ResourceMissingError(what, "check the file, its folder and the room on the disk") from error


def _kept(found: Sequence[Any]) -> Kept:
    row_id, number, fingerprint, state, attempt, fence, deaths, note = found[:8]
    return Kept(Entry(row_id, number, fingerprint), state, attempt, fence, deaths, note)
