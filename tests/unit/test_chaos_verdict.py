"""A run under kills is told apart from a quiet one by whatever it lost, doubled, changed or left behind."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cluster.bulk.ledger import Entry
from cluster.bulk.ledger_sqlite import SqliteLedger
from cluster.chaos.verdict import Tally, complaints, tally

ROWS = 3
WELL = Tally(done=2, failed=1, unfinished=0, again=1, deaths=1)


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    """Two documents and a failure."""
    folder = tmp_path / "quiet"
    (folder / "documents").mkdir(parents=True)
    (folder / ".lexray/staged").mkdir(parents=True)
    for name in ("a", "b"):
        (folder / f"documents/{name}.md").write_text(f"the text of {name}")
    write(folder / "results.jsonl", *({"id": name, "status": "finished", "seconds": 0.1} for name in "ab"))
    write(folder / "failures.jsonl", {"id": "c", "reason": "no document", "attempts": 1})
    return folder


@pytest.fixture
def shaken(quiet: Path, tmp_path: Path) -> Path:
    """The same, in other seconds and with more attempts."""
    folder = tmp_path / "shaken"
    shutil.copytree(quiet, folder)
    write(folder / "results.jsonl", *({"id": name, "status": "finished", "seconds": 9.9} for name in "ab"))
    write(folder / "failures.jsonl", {"id": "c", "reason": "no document", "attempts": 4})
    return folder


def write(path: Path, *values: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")


def test_the_same_in_other_seconds_has_held(quiet: Path, shaken: Path) -> None:
    assert complaints(quiet, shaken, ROWS, WELL) == []


DAMAGES: dict[str, Callable[[Path], object]] = {
    "documents are missing: b.md": lambda out: (out / "documents/b.md").unlink(),
    "documents are there that nobody asked for: d.md": lambda out: (out / "documents/d.md").write_text(""),
    "documents differ from those of the quiet run: a.md": lambda out: (out / "documents/a.md").write_text(
        "the text of a "
    ),
    "results.jsonl has rows twice: a": lambda out: write(
        out / "results.jsonl", *({"id": name, "status": "finished"} for name in "aab")
    ),
    "results.jsonl says something else of b": lambda out: write(
        out / "results.jsonl", {"id": "a", "status": "finished"}, {"id": "b", "status": "degraded"}
    ),
    "results.jsonl was not written": lambda out: (out / "results.jsonl").unlink(),
    "failures.jsonl has other rows than that of the quiet run, or in another order": lambda out: write(
        out / "failures.jsonl"
    ),
    "unfinished files are left: 3-a.md": lambda out: (out / ".lexray/staged/3-a.md").write_text("half"),
}


@pytest.mark.parametrize("complaint", DAMAGES)
def test_a_damage_is_told_by_name(complaint: str, quiet: Path, shaken: Path) -> None:
    DAMAGES[complaint](shaken)
    assert complaints(quiet, shaken, ROWS, WELL) == [complaint]


def test_rows_without_an_end_are_told(quiet: Path, shaken: Path) -> None:
    found = complaints(quiet, shaken, ROWS, Tally(done=1, failed=1, unfinished=1, again=0, deaths=0))
    assert found == ["1 rows are not settled", "the ledger settled 2 rows of 3"]


def test_the_tally_counts_what_was_done_again() -> None:
    ledger = SqliteLedger(None)
    reading = ledger.begin()
    ledger.register(reading, [Entry(name, at, "as it is") for at, name in enumerate("abc", start=1)])
    ledger.claim("a", "as it is", "worker")
    ledger.worker_died("worker")
    again = ledger.claim("a", "as it is", "other")
    assert again
    ledger.commit(again, "{}")
    ledger.claim("b", "as it is", "third")
    assert tally(ledger) == Tally(done=1, failed=0, unfinished=2, again=1, deaths=1)
    ledger.close()
