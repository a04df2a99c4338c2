"""The last thing that `lexray draft` says: what was made, and what a person must look at."""

import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

LABEL_WIDTH = 14
SHOWN_POINTS = 3
NOT_CHECKED = "not checked"


def show_summary(report: dict[str, Any], files: Sequence[Path]) -> None:
    """Print the summary to stderr."""
    console = Console(stderr=True, highlight=False)
    rows = summary_rows(report, files)
    if not console.is_terminal:
        for label, told in rows:
            console.print(plain_row(label, told), markup=False, soft_wrap=True)
        return
    table = Table.grid(padding=(0, 2))
    for label, told in rows:
        table.add_row(Text(label, style="dim", no_wrap=True), Text(told, overflow="fold"))
    console.print()
    console.print(table)


def plain_row(label: str, told: str) -> str:
    """Return a row as it stands in a log: aligned, and never broken."""
    return textwrap.indent(f"{label:<{LABEL_WIDTH}}{told}", " " * LABEL_WIDTH).removeprefix(" " * LABEL_WIDTH)


def summary_rows(report: dict[str, Any], files: Sequence[Path]) -> list[tuple[str, str]]:
    """Return the summary as label and text, from the top."""
    degraded = {step["step"]: step["instead"] for step in report["degraded_steps"]}
    rows = [
        ("document", report["document"]["title"]),
        ("status", "\n".join([report["status"], *degraded.values()])),
        ("open points", _points(report["open_points"])),
        ("findings", _findings(report)),
        ("citations", NOT_CHECKED if "citations" in degraded else _citations(report["citations"])),
        ("for a lawyer", NOT_CHECKED if "validation" in degraded else _for_lawyer(report["validation"])),
        ("files", "\n".join(str(file) for file in files)),
    ]
    return [(label, told) for label, told in rows if told]


def _points(points: Sequence[dict[str, Any]]) -> str:
    labels = [point["label"] for point in points]
    more = f" and {len(labels) - SHOWN_POINTS} more" if len(labels) > SHOWN_POINTS else ""
    return f"{len(labels)}: {', '.join(labels[:SHOWN_POINTS])}{more}" if labels else "none"


def _findings(report: dict[str, Any]) -> str:
    found = [*report["review"]["findings"], *report["validation"]["findings"]]
    count = Counter(finding["severity"] for finding in found)
    return ", ".join(
        f"{count[severity] or 'no'} {name}{'' if count[severity] == 1 else 's'}"
        for severity, name in (("error", "error"), ("warning", "warning"), ("info", "remark"))
    )


def _citations(citations: Sequence[dict[str, Any]]) -> str:
    states = Counter(citation["state"].replace("_", " ") for citation in citations)
    return ", ".join(f"{number} {state}" for state, number in states.items()) or "none"


def _for_lawyer(validation: dict[str, Any]) -> str:
    number = len(validation["for_lawyer"])
    return f"{number or 'no'} rule{'' if number == 1 else 's'} that code cannot decide"
