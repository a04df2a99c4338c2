"""What a batch has made so far, read beside the run that may still be making more."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

from actors.batches import BatchDocument
from actors.document_files import Format
from actors.errors import InvalidInputError, RowNotFoundError, RowUnfinishedError
from cluster.bulk.folder import RunFolder, file_name
from cluster.bulk.ledger import Kept, Ledger
from cluster.bulk.ledger_sqlite import SqliteLedger
from cluster.bulk.lists import failures

CHUNK_BYTES = 64_000
Lines = Generator[dict[str, Any], None, None]


def results_of(folder: RunFolder, place: str) -> Lines:
    """Yield what `results.jsonl` says of each document.

    Args:
        folder: The run's.
        place: Address of the batch: where its documents are asked for.
    """
    with _ledger(folder) as ledger:
        for kept in ledger.rows("done") if ledger else ():
            result = json.loads(kept.note)
            files = [_address(place, file) for file in result["files"]]
            yield {"id": kept.entry.id, "number": kept.entry.number, **result, "files": files}


def failures_of(folder: RunFolder) -> Lines:
    """Yield what `failures.jsonl` says of each failed row, its own content included."""
    with _ledger(folder) as ledger:
        if ledger is not None:
            yield from failures(ledger, folder.plan())


def document_of(folder: RunFolder, row_id: str, form: Format) -> BatchDocument:
    """Return a row's document.

    Raises:
        InvalidInputError: The batch has no documents of this form.
        RowNotFoundError: There is no such row.
        RowUnfinishedError: It has no document.
    """
    formats = folder.plan().formats
    if form not in formats:
        raise InvalidInputError("format", f"the documents of this batch are {', '.join(formats)}")
    with _ledger(folder) as ledger:
        kept = ledger.find(row_id) if ledger else None
    # A row without a usable id stands in the ledger under a name that no id can have.
    if kept is None or kept.entry.id.startswith("#"):
        raise RowNotFoundError(row_id)
    if kept.state != "done":
        raise RowUnfinishedError(row_id, _as_told(kept))
    content = (folder.path / file_name(kept.entry.id, form)).read_bytes()
    return BatchDocument(content=content, title=str(json.loads(kept.note)["title"]))


async def in_pieces(lines: Callable[[], Lines]) -> AsyncGenerator[bytes, None]:
    """Yield lines as JSON Lines, some dozens of kilobytes at a time, read in a thread of their own."""
    loop = asyncio.get_running_loop()
    # One thread from first to last: a connection of SQLite stays where it was opened.
    pool = ThreadPoolExecutor(1, "batch-reading")
    pieces = _pieces(lines)
    try:
        while piece := await loop.run_in_executor(pool, next, pieces, b""):
            yield piece
    finally:
        pool.submit(pieces.close)
        pool.shutdown(wait=False)


def _pieces(lines: Callable[[], Lines]) -> Generator[bytes, None, None]:
    piece = bytearray()
    with closing(lines()) as found:
        for line in found:
            piece += json.dumps(line, ensure_ascii=False).encode() + b"\n"
            if len(piece) > CHUNK_BYTES:
                yield bytes(piece)
                piece.clear()
    if piece:
        yield bytes(piece)


@contextmanager
def _ledger(folder: RunFolder) -> Iterator[Ledger | None]:
    if not folder.ledger.exists():
        yield None  # its turn has not come yet
        return
    with closing(SqliteLedger(folder.ledger)) as ledger:
        yield ledger


def _address(place: str, file: str) -> str:
    row_id, _, form = file.partition("/")[2].rpartition(".")
    return f"{place}/documents/{row_id}?format={form}"


def _as_told(kept: Kept) -> str:
    return "failed" if kept.state == "failed" else "not drafted yet"
