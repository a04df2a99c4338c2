"""The journal's SQLite file. Every call here blocks: one thread owns it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from actors.errors import AgentUnavailableError, InvalidInputError, LexrayError, ResourceMissingError

APPLICATION_ID = 0x4C585259
"""SQLite's own field for telling one program's files from another's; "LXRY" in ASCII."""
FORMAT = 1

SETUP = (
    "CREATE TABLE drafts (started INTEGER PRIMARY KEY AUTOINCREMENT, draft_id TEXT NOT NULL UNIQUE)",
    """CREATE TABLE events (
        draft_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT NOT NULL, PRIMARY KEY (draft_id, seq)
    ) WITHOUT ROWID""",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT}",
)

DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
OCCUPIED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_ELSEWHERE = "move it away, or keep the journal in another folder"


@dataclass(frozen=True, slots=True)
class Append:
    """Events of one draft that are to be written together or not at all."""

    draft_id: str
    events: Sequence[tuple[int, str]]


def conflict(draft_id: str, seq: int) -> InvalidInputError:
    """Return the error for an event whose place is taken by a different one."""
    return InvalidInputError("seq", f"draft {draft_id} already has another event {seq}")


class JournalFile:
    """Opened at the first call, so that whoever constructs it does not wait for a disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: sqlite3.Connection | None = None

    def write(self, appends: Iterable[Append]) -> list[LexrayError | None]:
        """Write all in one transaction.

        Returns:
            For each append, `None` or why it was left out; the others are written all the same.
        """
        with self._connection() as connection, _transaction(connection):
            return [_write_one(connection, append) for append in appends]

    def read(self, draft_id: str, after_seq: int) -> list[tuple[int, str]]:
        """Return a draft's events after `after_seq`, in order."""
        query = "SELECT seq, event_json FROM events WHERE draft_id = ? AND seq > ? ORDER BY seq"
        with self._connection() as connection:
            return connection.execute(query, (draft_id, after_seq)).fetchall()

    def drafts(self, limit: int, prefix: str) -> list[str]:
        """Return the ids, if they begin with `prefix`, of the drafts that began last, the latest first."""
        query = """SELECT draft_id FROM drafts WHERE substr(draft_id, 1, length(?1)) = ?1
            ORDER BY started DESC LIMIT ?2"""
        with self._connection() as connection:
            return [draft_id for (draft_id,) in connection.execute(query, (prefix, limit))]

    def close(self) -> None:
        """Close the file; what was written is in it."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._open is None:
                self._open = _open(self._path)
            yield self._open
        except (sqlite3.Error, OSError) as error:
            raise _translated(self._path, error) from error


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path):
        _create_private(path)
        connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        try:
            _set_up(path, connection)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process open the file at a time: switching a new file to WAL fails where another is in it."""
    lock = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _create_private(path: Path) -> None:
    """Create the file before SQLite would, so that at no moment others may read it; side files copy its mode."""
    # Only where it is new: closing a second handle of an open database drops the locks that SQLite holds on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _set_up(path: Path, connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        if _is_new(path, connection):
            for statement in SETUP:
                connection.execute(statement)
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _is_new(path: Path, connection: sqlite3.Connection) -> bool:
    """Tell an empty file from a journal, and refuse anything else before it is changed."""
    identity = _pragma(connection, "application_id")
    if identity == 0 and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return True
    if identity != APPLICATION_ID:
        raise ResourceMissingError(f"{path} is a database of another program", _ELSEWHERE)
    if (found := _pragma(connection, "user_version")) > FORMAT:
        raise ResourceMissingError(
            f"the journal {path} has format {found}, this version of lexray reads {FORMAT}",
            "use the version that wrote it, or another folder",
        )
    return False


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _write_one(connection: sqlite3.Connection, append: Append) -> LexrayError | None:
    connection.execute("SAVEPOINT one")
    connection.execute("INSERT OR IGNORE INTO drafts (draft_id) VALUES (?)", (append.draft_id,))
    for seq, event_json in append.events:
        row = (append.draft_id, seq, event_json)
        is_new = connection.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", row).rowcount
        if not is_new and _event_at(connection, append.draft_id, seq) != event_json:
            connection.execute("ROLLBACK TO one")
            return conflict(append.draft_id, seq)
    connection.execute("RELEASE one")
    return None


def _event_at(connection: sqlite3.Connection, draft_id: str, seq: int) -> str:
    query = "SELECT event_json FROM events WHERE draft_id = ? AND seq = ?"
    event_json: str = connection.execute(query, (draft_id, seq)).fetchone()[0]
    return event_json


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _translated(path: Path, error: sqlite3.Error | OSError) -> LexrayError:
    code = (
        getattr(error, "sqlite_errorcode", 0) & 0xFF
    )  # the low byte is the plain code, the rest its variant
    reason = (
        getattr(error, "sqlite_errorname", None) or getattr(error, "strerror", None) or type(error).__name__
    )
    if code in OCCUPIED:
        return AgentUnavailableError("journal", f"{path} is locked by another process")
    if code in DAMAGED:
        return ResourceMissingError(f"{path} is damaged, or is no journal", _ELSEWHERE)
    return ResourceMissingError(
        f"the journal {path} cannot be used ({reason})",
        "check that the folder is writable and the disk has room",
    )
