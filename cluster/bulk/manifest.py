"""The manifest of a run: which input, which code and data, how many rows, how long it took."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.bulk.figures import Figures
from cluster.bulk.folder import MANIFEST, RunFolder
from cluster.bulk.ledger import State
from cluster.bulk.lists import FORMAT
from cluster.bulk.plan import BulkPlan

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a run."""

    begun: datetime.datetime
    versions: Mapping[str, str]
    input_sha256: str
    input_bytes: int


def input_hash(path: Path) -> tuple[str, int]:
    """Return the SHA-256 of a file and its length in bytes; a second a gigabyte."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def read_manifest(folder: RunFolder) -> dict[str, Any]:
    """Return the manifest that stands there; empty where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((folder.path / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return manifest


def manifest_of(
    plan: BulkPlan,
    start: Start,
    status: str,
    counts: Mapping[State, int],
    figures: Figures,
    before: Sequence[Mapping[str, Any]],
    phases_s: Mapping[str, float],
) -> dict[str, Any]:
    """Return the manifest.

    Args:
        plan: What was asked for.
        start: The present start of the run.
        status: `running`, or how it ended.
        counts: The ledger's.
        figures: Of this start, and the rows over all starts.
        before: What earlier starts left of themselves.
        phases_s: Seconds of this start's phases, by name.
    """
    now = {
        "begun": start.begun.isoformat(timespec="seconds"),
        "status": status,
        "versions": dict(start.versions),
        "input_sha256": start.input_sha256,
        "settled": figures.drafted_now,
        "failed": figures.failed_now,
        "cells_died": figures.died,
        "timings_s": {name: round(seconds, 2) for name, seconds in phases_s.items()},
    }
    settled, research = figures.drafted_now, figures.research
    return {
        "format": FORMAT,
        "run": plan.run_id,
        "status": status,
        "input": {
            "file": Path(plan.file).name,
            "sha256": start.input_sha256,
            "bytes": start.input_bytes,
            "rows": figures.total,
        },
        "options": plan.model_dump(mode="json", exclude={"run_id", "file"}),
        "versions": dict(start.versions),
        "counts": {
            "finished": figures.finished,
            "degraded": figures.degraded,
            "failed": counts["failed"],
            "unfinished": counts["waiting"] + counts["claimed"] + counts["parked"],
        },
        "cost": round(figures.cost, 6),
        "research": {"asked": research, "from_cache": figures.cached},
        "cpu_ms_per_document": round(1e3 * figures.cpu_s / settled, 2) if settled else None,
        "cells": figures.cells,
        "starts": [*before, now],
    }


def write_manifest(folder: RunFolder, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all.

    Raises:
        OSError: It could not be written.
    """
    folder.write({MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"})
