"""What a run leaves for people: results, failures, and a manifest, written from the ledger at each of its ends.

Each appears whole or not at all, and says what the ledger says: also after a run that was killed and went on.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cluster.bulk.folder import FAILURES, RESULTS, RunFolder
from cluster.bulk.ledger import Kept, Ledger
from cluster.bulk.plan import BulkPlan
from cluster.bulk.rows import BadRow, Record
from cluster.bulk.rows_file import open_rows
from cluster.bulk.values import plain_value

FORMAT = 1
"""Of the three files, in the manifest: raised when a reader of the old ones would be misled."""


def write_lists(folder: RunFolder, ledger: Ledger, plan: BulkPlan) -> None:
    """Write `results.jsonl` and `failures.jsonl`, in the order of the input.

    Raises:
        OSError: They could not be written; those that stood there before still do.
    """
    _write_lines(folder.path / RESULTS, (_result(kept) for kept in ledger.rows("done")))
    _write_lines(folder.path / FAILURES, failures(ledger, plan))


def _result(kept: Kept) -> dict[str, Any]:
    return {"id": kept.entry.id, "number": kept.entry.number, **json.loads(kept.note)}


def failures(ledger: Ledger, plan: BulkPlan) -> Iterator[dict[str, Any]]:
    """Yield the failed rows with their content, for which the input is read once more, beside the ledger."""
    failed = ledger.rows("failed")
    kept = next(failed, None)
    if kept is None:
        return
    with open_rows(plan.file, plan.encoding) as reading:
        for record in reading.records:
            while kept is not None and kept.entry.number <= record.number:
                yield _failure(kept, record if kept.entry.number == record.number else None)
                kept = next(failed, None)
            if kept is None:
                return
    # The input is shorter than it was.
    while kept is not None:
        yield _failure(kept, None)
        kept = next(failed, None)


def _failure(kept: Kept, record: Record | BadRow | None) -> dict[str, Any]:
    named = kept.entry.id if not kept.entry.id.startswith("#") else _given_id(record)
    values = record.values if isinstance(record, Record) else None
    return {
        "id": named,
        "number": kept.entry.number,
        "place": record.place if record else "",
        "reason": kept.note,
        "attempts": kept.attempt,
        "row": None if values is None else {name: plain_value(value) for name, value in values.items()},
    }


def _given_id(record: Record | BadRow | None) -> str:
    """Return what a row without a usable id of its own has in its place."""
    if record is None or isinstance(record, BadRow):
        return "" if record is None else record.id
    return str(next((value for name, value in record.values.items() if name.strip().casefold() == "id"), ""))


def _write_lines(path: Path, values: Iterable[Mapping[str, Any]]) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            for value in values:
                file.write(json.dumps(value, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
