"""What a person sees of a bulk run, on stderr: on a terminal two live lines, elsewhere a plain line now and then."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cluster.bulk.figures import Figures
from cluster.bulk.folder import DOCUMENTS, FAILURES, MANIFEST, RESULTS
from cluster.bulk.run import End
from cluster.commands.summary import plain_row
from cluster.live_screen import LiveScreen

PLAIN_EVERY_S = 10.0
LIVE_EVERY_S = 0.25
_BAR = 40


class BulkView(LiveScreen):
    """Shows the figures of a run while it goes on."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._begun_s = time.monotonic()
        self._shown_s = self._begun_s
        self._note = ""

    def say(self, text: str) -> None:
        """Tell something in a sentence."""
        self._note = text
        super().say(text)

    def show(self, figures: Figures) -> None:
        """Show how far it is, unless that was shown a moment ago."""
        now_s = time.monotonic()
        if now_s - self._shown_s < (LIVE_EVERY_S if self.is_live else PLAIN_EVERY_S):
            return
        self._shown_s = now_s
        line = figures_line(figures)
        if not self.is_live:
            self.print(line)
            return
        total = figures.total or 0
        bar = Table.grid()  # a bar alone does not end its line
        bar.add_row(ProgressBar(total or None, figures.settled, width=_BAR, pulse=not total))
        note = [Text(self._note, style="dim")] if self._note.startswith("stopping") else []
        self.draw(Group(bar, Text(line), *note))

    def close(self, manifest: Mapping[str, Any], end: End, notices: Sequence[str]) -> None:
        """Say what was made, and how to go on."""
        rows = summary_rows(manifest, end, notices, self._folder, time.monotonic() - self._begun_s)
        if not self.console.is_terminal:
            for label, told in rows:
                self.print(plain_row(label, told))
            return
        table = Table.grid(padding=(0, 2))
        for label, told in rows:
            table.add_row(Text(label, style="dim", no_wrap=True), Text(told, overflow="fold"))
        self.console.print(table)


def figures_line(figures: Figures) -> str:
    """Return the figures of this moment in one line."""
    rate, left_s = figures.rate(), figures.left_s()
    of_all = f" of {figures.total:,}" if figures.total is not None else ""
    cells = f"{figures.cells} cell{'' if figures.cells == 1 else 's'}"
    parts = [
        f"{figures.settled:,}{of_all} rows",
        f"{figures.finished:,} done",
        f"{figures.degraded:,} degraded",
        f"{figures.failed:,} failed",
        f"{figures.in_flight} in flight",
        *([f"{figures.parked} waiting for their provider"] if figures.parked else []),
        cells if figures.cells else "cells are starting",
        *([] if rate is None else [f"{rate:.1f}/s"]),
        *([] if left_s is None else [f"{duration(left_s)} left"]),
        *([f"cache {figures.cached / figures.research:.0%}"] if figures.research else []),
        *([f"cost {figures.cost:.2f}"] if figures.cost else []),
    ]
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Return a duration as a person says it: "8 min", "1 h 20 min"."""
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004


def summary_rows(
    manifest: Mapping[str, Any], end: End, notices: Sequence[str], folder: Path, seconds: float
) -> list[tuple[str, str]]:
    """Return the last words of a run as label and text, from the top."""
    counts = manifest["counts"]
    documents = counts["finished"] + counts["degraded"]
    shown = _near(folder)
    rows = [
        ("documents", f"{documents:,} in {shown / DOCUMENTS}"),
        ("degraded", f"{counts['degraded']:,}, each says how" if counts["degraded"] else ""),
        (
            "failed",
            f"{counts['failed']:,}, with the reasons in {shown / FAILURES}" if counts["failed"] else "",
        ),
        ("time", duration(seconds)),
        ("cost", f"{manifest['cost']:.4f}" if manifest["cost"] else ""),
        ("lists", f"{shown / RESULTS}\n{shown / MANIFEST}"),
        *(("notice", notice) for notice in notices),
        ("status", _status(end, shown)),
    ]
    return [(label, told) for label, told in rows if told]


def _status(end: End, folder: Path) -> str:
    why = {
        "finished": "finished",
        "stopped": "stopped",
        "max_failures": "stopped by --max-failures",
        "max_cost": "stopped by --max-cost",
    }[end]
    if end == "finished":
        return why
    return f"{why}; go on with `lexray bulk --resume {folder}`"


def _near(folder: Path) -> Path:
    """Return the folder as seen from here, where it lies below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
