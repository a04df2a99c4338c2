"""Rows of Parquet, some hundred at a time."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from actors.errors import InvalidInputError
from cluster.bulk.rows import MOST_RECORD_CHARS, BadRow, Reading, Record

_BATCH_ROWS = 256


def read_parquet(path: Path) -> Reading:
    """Return the rows of a Parquet file.

    Raises:
        InvalidInputError: It is none.
    """
    try:
        file = parquet.ParquetFile(path, memory_map=True, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise InvalidInputError("file", f"{path} is no Parquet file, or damaged") from error
    columns = tuple(file.schema_arrow.names)
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise InvalidInputError("file", f"it has two columns {twice[:80]!r}")
    return Reading(columns, _records(file))


def _records(file: parquet.ParquetFile) -> Iterator[Record | BadRow]:
    done = 0
    try:
        for batch in file.iter_batches(_BATCH_ROWS):
            for position in range(batch.num_rows):
                yield _record(done + position + 1, batch, position)
            done += batch.num_rows
    except (pa.ArrowException, OSError):
        reason = f"the file is damaged from here on: rows {done + 1} to {file.metadata.num_rows} are lost"
        yield BadRow(done + 1, "", "", reason)
    finally:
        file.close()


def _record(number: int, batch: pa.RecordBatch, position: int) -> Record:
    values: dict[str, object] = {}
    wrong = ""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            value = column[position].as_py()
        except (UnicodeDecodeError, ValueError, OverflowError):
            wrong = wrong or f"column {name} holds a value that cannot be read"
            continue
        if isinstance(value, str | bytes) and len(value) > MOST_RECORD_CHARS:
            wrong = wrong or f"column {name} is longer than a row may be"
            continue
        # Not equal to itself: NaN, by which many writers say that a number is missing.
        if value is not None and value != "" and value == value:  # noqa: PLR0124
            values[name] = value
    return Record(number, "", values, wrong)
