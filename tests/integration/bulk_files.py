"""Rows for bulk runs, and what a run left."""

import json
from pathlib import Path
from typing import Any

from tests.integration.lexray_command import Outcome, run

MESSAGE = "Mutual NDA between Acme {} Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"


def write_rows(path: Path, count: int, **changed: dict[str, Any]) -> Path:
    """Write rows r1, r2, …; `changed` gives some of them other fields."""
    rows = [
        {"id": f"r{n}", "message": MESSAGE.format(n)} | changed.get(f"r{n}", {}) for n in range(1, count + 1)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def documents(out: Path) -> dict[str, bytes]:
    """Return the documents by name."""
    return {path.name: path.read_bytes() for path in sorted((out / "documents").iterdir())}


def bulk(*arguments: str, cwd: Path, **options: Any) -> Outcome:
    """Run `lexray bulk` in this process's kind, without Ray."""
    return run("bulk", *arguments, "--inline", cwd=cwd, **options)
