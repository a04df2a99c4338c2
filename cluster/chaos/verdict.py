"""What a run under kills must have in common with a quiet one: everything but its seconds."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.bulk.folder import DOCUMENTS, FAILURES, RESULTS
from cluster.bulk.ledger import UNFINISHED, Ledger

_SHOWN = 3
_OWN_TO_A_RUN = {"seconds", "attempts"}


@dataclass(frozen=True, slots=True)
class Tally:
    """What the ledger says at the end."""

    done: int
    failed: int
    unfinished: int
    again: int
    """How often a row was drafted once more."""
    deaths: int
    """How often a worker died with a row in hand that was blamed for it."""


def tally(ledger: Ledger) -> Tally:
    """Count what became of the rows."""
    counts = ledger.counts()
    settled = list(ledger.rows("done", "failed"))
    return Tally(
        done=counts["done"],
        failed=counts["failed"],
        unfinished=sum(counts[state] for state in UNFINISHED),
        again=sum(max(0, kept.attempt - 1) for kept in settled),
        deaths=sum(kept.deaths for kept in settled),
    )


def complaints(quiet: Path, shaken: Path, rows: int, told: Tally) -> list[str]:
    """Return what is wrong with a run under kills, as sentences; nothing where it held.

    Args:
        quiet: Folder of the run that nobody disturbed.
        shaken: Folder of the other one.
        rows: How many rows both were given.
        told: What the ledger of the other one says.
    """
    return [
        *_of_ledger(rows, told),
        *_of_documents(_documents(quiet), _documents(shaken)),
        *_of_list(quiet / RESULTS, shaken / RESULTS),
        *_of_list(quiet / FAILURES, shaken / FAILURES),
        *_of_rest(shaken),
    ]


def _of_ledger(rows: int, told: Tally) -> Iterator[str]:
    if told.unfinished:
        yield f"{told.unfinished} rows are not settled"
    if told.done + told.failed != rows:
        yield f"the ledger settled {told.done + told.failed} rows of {rows}"


def _of_documents(quiet: Mapping[str, bytes], shaken: Mapping[str, bytes]) -> Iterator[str]:
    if lost := quiet.keys() - shaken.keys():
        yield f"documents are missing: {_few(lost)}"
    if strange := shaken.keys() - quiet.keys():
        yield f"documents are there that nobody asked for: {_few(strange)}"
    if other := {name for name in quiet.keys() & shaken.keys() if quiet[name] != shaken[name]}:
        yield f"documents differ from those of the quiet run: {_few(other)}"


def _of_list(quiet: Path, shaken: Path) -> Iterator[str]:
    if not shaken.exists():
        yield f"{shaken.name} was not written"
        return
    wanted, found = _lines(quiet), _lines(shaken)
    names = [one["id"] for one in found]
    if twice := {name for name in names if names.count(name) > 1}:
        yield f"{shaken.name} has rows twice: {_few(twice)}"
    elif names != [one["id"] for one in wanted]:
        yield f"{shaken.name} has other rows than that of the quiet run, or in another order"
    elif other := {one["id"] for one, as_before in zip(found, wanted, strict=True) if one != as_before}:
        yield f"{shaken.name} says something else of {_few(other)}"


def _of_rest(shaken: Path) -> Iterator[str]:
    if left := {path.name for path in (shaken / ".lexray/staged").iterdir()}:
        yield f"unfinished files are left: {_few(left)}"
    if left := {path.name for path in shaken.iterdir() if path.name.endswith(".tmp")}:
        yield f"temporary files are left: {_few(left)}"


def _documents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / DOCUMENTS).iterdir()}


def _lines(path: Path) -> list[dict[str, Any]]:
    found = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [{name: value for name, value in one.items() if name not in _OWN_TO_A_RUN} for one in found]


def _few(names: Collection[str]) -> str:
    first = ", ".join(sorted(names)[:_SHOWN])
    return f"{first} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else first
