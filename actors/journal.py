"""The journal: the events of every draft, in order, so that a draft survives the process that ran it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from actors.errors import AgentUnavailableError, InvalidInputError, LexrayError
from actors.journal_file import Append, JournalFile, conflict

T = TypeVar("T")

FROM_THE_START = -1
SEQ_LIMIT = 2**63


class Journal(Protocol):
    """Events by draft and sequence number. What `append` returned from is kept.

    Writing the same event again changes nothing, so a writer that does not know whether it was heard may repeat.
    """

    async def append(self, draft_id: str, seq: int, event_json: str) -> None:
        """Write one event.

        Raises:
            InvalidInputError: The draft already has a different event of this number.
            AgentUnavailableError: The journal is closed, or another process holds it.
            ResourceMissingError: The file is damaged or of another program, or the disk refuses.
        """

    async def append_many(self, draft_id: str, events: Iterable[tuple[int, str]]) -> None:
        """Write several events of one draft, all or none. Errors as for `append`."""

    async def read(self, draft_id: str, after_seq: int = FROM_THE_START) -> list[tuple[int, str]]:
        """Return a draft's events after `after_seq`, in order; empty for an unknown draft."""

    async def drafts(self, limit: int, prefix: str = "") -> list[str]:
        """Return the ids, if they begin with `prefix`, of the drafts that began last, the latest first."""

    async def close(self) -> None:
        """Write what is under way, then let go of the file."""


class MemoryJournal:
    """For tests and for drafts that need not outlive their process. Grows for as long as it lives."""

    def __init__(self) -> None:
        self._events: dict[str, dict[int, str]] = {}
        self._closed = False

    async def append(self, draft_id: str, seq: int, event_json: str) -> None:
        """Keep one event."""
        await self.append_many(draft_id, [(seq, event_json)])

    async def append_many(self, draft_id: str, events: Iterable[tuple[int, str]]) -> None:
        """Keep several events, all or none."""
        self._check_open()
        kept = dict(self._events.get(draft_id, {}))
        for seq, event_json in _checked(draft_id, events).events:
            if kept.setdefault(seq, event_json) != event_json:
                raise conflict(draft_id, seq)
        if kept:
            self._events[draft_id] = kept

    async def read(self, draft_id: str, after_seq: int = FROM_THE_START) -> list[tuple[int, str]]:
        """Return a draft's events after `after_seq`, in order."""
        self._check_open()
        return sorted(event for event in self._events.get(draft_id, {}).items() if event[0] > after_seq)

    async def drafts(self, limit: int, prefix: str = "") -> list[str]:
        """Return the ids of the drafts that began last, the latest first."""
        self._check_open()
        return [draft_id for draft_id in reversed(self._events) if draft_id.startswith(prefix)][:limit]

    async def close(self) -> None:
        """Refuse whatever comes after."""
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise _closed_error()


class SqliteJournal:
    """A file that survives its process. Written by one thread of its own, so that the event loop never waits.

    Events that arrive while a transaction is written go into the next one together. A crash of the machine may
    lose the last moments (synchronous=NORMAL), a crash of the process loses nothing. For one event loop; several
    processes may share the file.

    Args:
        path: Created at the first call with mode 0600; a missing folder with mode 0700.
    """

    def __init__(self, path: Path) -> None:
        self._file = JournalFile(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._waiting: list[tuple[Append, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._closed = False

    async def append(self, draft_id: str, seq: int, event_json: str) -> None:
        """Write one event."""
        await self.append_many(draft_id, [(seq, event_json)])

    async def append_many(self, draft_id: str, events: Iterable[tuple[int, str]]) -> None:
        """Write several events, all or none."""
        self._check_open()
        append = _checked(draft_id, events)
        if not append.events:
            return
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((append, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await written

    async def read(self, draft_id: str, after_seq: int = FROM_THE_START) -> list[tuple[int, str]]:
        """Return a draft's events after `after_seq`, in order."""
        self._check_open()
        return await self._in_thread(lambda: self._file.read(draft_id, after_seq))

    async def drafts(self, limit: int, prefix: str = "") -> list[str]:
        """Return the ids of the drafts that began last, the latest first."""
        self._check_open()
        return await self._in_thread(lambda: self._file.drafts(limit, prefix))

    async def close(self) -> None:
        """Write what is under way, then let go of the file and the thread."""
        if self._closed:
            return
        self._closed = True
        if self._writer is not None:
            await self._writer
        await self._in_thread(self._file.close)
        self._thread.shutdown(wait=False)

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            for (_, written), error in zip(batch, await self._outcomes(batch), strict=True):
                _settle(written, error)

    async def _outcomes(self, batch: Sequence[tuple[Append, object]]) -> Sequence[Exception | None]:
        try:
            return await self._in_thread(lambda: self._file.write([append for append, _ in batch]))
        except Exception as error:  # noqa: BLE001 - not swallowed: raised in everyone whose events were in the batch
            return [error] * len(batch)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _check_open(self) -> None:
        if self._closed:
            raise _closed_error()


def _checked(draft_id: str, events: Iterable[tuple[int, str]]) -> Append:
    """Return the events as one append; refuse what no file can hold before it spoils a whole transaction."""
    append = Append(draft_id, tuple(events))
    for seq, event_json in append.events:
        if not 0 <= seq < SEQ_LIMIT:
            raise InvalidInputError("seq", f"must be from 0 to {SEQ_LIMIT - 1}")
        _check_encodable("event_json", event_json)
    _check_encodable("draft_id", draft_id)
    return append


def _check_encodable(field: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(field, "holds half of a surrogate pair, which no file can store") from error


def _settle(written: asyncio.Future[None], error: Exception | None) -> None:
    if written.done():  # its caller was cancelled; the event is in the file all the same
        return
    if error is None:
        written.set_result(None)
    else:
        written.set_exception(error)


def _closed_error() -> LexrayError:
    return AgentUnavailableError("journal", "closed")
