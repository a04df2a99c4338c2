"""Bulk runs as the benchmark needs them: begun in a folder, driven from Python, and watched."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bulk_plain

from actors.config import Settings
from cluster.bulk.crew import Pace
from cluster.bulk.figures import Figures
from cluster.bulk.folder import RunFolder
from cluster.bulk.plan import BulkPlan
from cluster.bulk.run import End, Limits
from cluster.bulk.session import BulkSession
from cluster.commands.bulk_where import joined_crew, pace_of


@dataclass(slots=True)
class Watched:
    """What was seen of a run."""

    end: End
    figures: Figures
    marks: list[tuple[float, int]] = field(default_factory=list)
    """When so many rows were settled; seconds of the monotonic clock."""
    begun_s: float = 0.0

    def rate(self) -> float:
        """Return rows a second, without the first tenth, in which cells still warm up."""
        count = self.marks[-1][1]
        warm = next(mark for mark in self.marks if mark[1] >= count / 10)
        return (count - warm[1]) / (self.marks[-1][0] - warm[0])

    def first_to_last_s(self) -> float:
        """Return the seconds from the moment when the first cell could draft to the last document."""
        return self.marks[-1][0] - self.begun_s


def write_rows(path: Path, count: int, message: Callable[[int], str] = bulk_plain.message) -> Path:
    """Write rows that differ in names alone."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({"id": f"r{number}", "message": message(number)}) + "\n")
    return path


def begun(folder: Path, rows: Path, engine: str = "library", **changed: Any) -> RunFolder:
    """Begin a run in a fresh folder."""
    made = RunFolder(folder)
    made.create()
    plan = {
        "run_id": uuid.uuid4().hex,
        "file": str(rows.absolute()),
        "encoding": "utf-8",
        "columns": (),
        "task_type": None,
        "jurisdiction": None,
        "as_of": bulk_plain.AS_OF,
        "engine": engine,
        "formats": ("md",),
        "budget_s": 3600.0,
        "ledger": "sqlite",
        **changed,
    }
    made.save(BulkPlan.model_validate(plan))
    return made


async def driven(
    folder: RunFolder, settings: Settings, pace: Pace | None = None, limits: Limits | None = None
) -> Watched:
    """Drive a run to its end, on the Ray that this process has joined."""
    watched = Watched("finished", Figures())

    def told(figures: Figures) -> None:
        now_s = time.perf_counter()
        if figures.cells and not watched.begun_s:
            watched.begun_s = now_s
        if not watched.marks or watched.marks[-1][1] != figures.settled:
            watched.marks.append((now_s, figures.settled))

    session = BulkSession(folder, settings, told=told)
    pace = pace or pace_of(session.plan, settings)
    async with joined_crew(session.plan, folder, pace, settings) as make_crew:
        watched.end = await session.run(make_crew, pace, limits or Limits())
    watched.figures = session.figures
    return watched


def documents(folder: RunFolder) -> Iterator[Path]:
    """Yield the documents that are there."""
    return (folder.path / "documents").iterdir()
