"""Opening a bulk file by its name."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from actors.errors import InvalidInputError
from cluster.bulk.rows import Reading
from cluster.bulk.rows_csv import read_csv
from cluster.bulk.rows_jsonl import read_jsonl
from cluster.bulk.rows_lines import Encoding, read_lines

STDIN = "-"
_FORMS = ".csv, .tsv, .jsonl, .ndjson, .parquet or .xlsx"


@contextmanager
def open_rows(name: str, encoding: Encoding = "utf-8") -> Iterator[Reading]:
    """Open a file of rows, or for `-` JSON Lines on stdin.

    Args:
        name: Its ending says the form.
        encoding: Of CSV and JSON Lines. There is no guessing: Latin-1 that is taken for something else would draft
            wrong names.

    Raises:
        InvalidInputError: It is a folder, cannot be opened, is empty, or not of the form that its name says.
    """
    if name == STDIN:
        if sys.stdin is None:
            raise InvalidInputError("file", "stdin is closed")
        yield read_jsonl(read_lines(sys.stdin.buffer, encoding))
        return
    path = Path(name)
    _refuse(path)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InvalidInputError("file", f"{path} cannot be read ({error.strerror})") from error
    with stream:
        yield _reading(path, stream, encoding)


def _reading(path: Path, stream: BinaryIO, encoding: Encoding) -> Reading:
    match path.suffix.lower():
        case ".csv" | ".tsv":
            return read_csv(read_lines(stream, encoding))
        case ".jsonl" | ".ndjson":
            return read_jsonl(read_lines(stream, encoding))
        case ".parquet":
            return _parquet(path)
        case _:
            return _xlsx(path)


def _refuse(path: Path) -> None:
    if path.is_dir():
        raise InvalidInputError("file", f"{path} is a folder; name one file")
    if path.suffix.lower() not in {".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xlsx"}:
        raise InvalidInputError("file", f"{path} must end in {_FORMS}, or be - for JSON Lines on stdin")
    if path.is_file() and not path.stat().st_size:
        raise InvalidInputError("file", f"{path} is empty")


def _parquet(path: Path) -> Reading:
    from cluster.bulk.rows_parquet import read_parquet  # takes long to import

    return read_parquet(path)


def _xlsx(path: Path) -> Reading:
    from cluster.bulk.rows_xlsx import read_xlsx  # likewise

    return read_xlsx(path)
