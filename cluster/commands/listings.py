"""How the answers of the short commands read on a terminal: a line an item, made for eyes and for `grep` alike."""

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from actors.monitor import PerformanceStats, format_summary

INDENT = "    "
COLUMN = " " * len("warning  ")
"""Where the text of a finding starts, also in the lines below its first."""


def list_types(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the document types with the parties, facts and options of each."""
    return "\n\n".join(_type(entry) for entry in found)


def _type(entry: Mapping[str, Any]) -> str:
    parts = (
        ("parties", ", ".join(f"{role['id']} ({role['label']})" for role in entry["roles"])),
        ("facts", ", ".join(f"{fact['id']} ({_kind(fact)})" for fact in entry["facts"])),
        ("options", ", ".join(option["id"] for option in entry["options"])),
    )
    lines = [f"{entry['id']}: {entry['title']}", wrapped(entry["summary"], INDENT)]
    return "\n".join([*lines, *(wrapped(f"{name}: {told}", INDENT) for name, told in parts if told)])


def _kind(fact: Mapping[str, Any]) -> str:
    return " | ".join(fact.get("choices", [])) or str(fact["kind"])


def list_findings(text: str, report: Mapping[str, Any]) -> str:
    """Return the findings of `lexray review`, then what is left to a lawyer."""
    validation = report.get("validation", {})
    findings = [*report["review"]["findings"], *validation.get("findings", [])]
    lines = [_finding(text, finding) for finding in findings] or ["no findings"]
    lines += [
        wrapped(f"lawyer   {item['citation']}: {item['statement']} ({item['authority_id']})", "", COLUMN)
        for item in validation.get("for_lawyer", [])
    ]
    return "\n".join(lines)


def _finding(text: str, finding: Mapping[str, Any]) -> str:
    law = f" [{finding['authority']}, as of {finding['as_of']}]" if finding["authority"] else ""
    place = _line(text, finding)
    line = f"{finding['severity']:<{len(COLUMN)}}{place}{finding['message']}{law} ({finding['check']})"
    return wrapped(line, "", COLUMN)


def list_citations(text: str, report: Mapping[str, Any]) -> str:
    """Return the citations of `lexray cite`."""
    return "\n".join(_citation(text, found) for found in report["citations"]) or "no citations"


def _citation(text: str, citation: Mapping[str, Any]) -> str:
    detail = f"  ({citation['detail']})" if citation["detail"] else ""
    return f"{citation['state']:<14}{_line(text, citation)}{citation['normalized']}{detail}"


def list_hits(hits: Sequence[Mapping[str, Any]]) -> str:
    """Return the authorities that a search found, best first."""
    return "\n".join(_hit(hit) for hit in hits) or "nothing found"


def _hit(hit: Mapping[str, Any]) -> str:
    source = hit["citation"] or (hit["id"] if hit["kind"] == "clause" else "drafting practice")
    head = f"{hit['score']:6.3f}  {hit['jurisdiction']:<8} {source} (as of {hit['as_of']})"
    return f"{head}\n{wrapped(hit['statement'], ' ' * 8)}"


def list_corpus(stats: Mapping[str, Any]) -> str:
    """Return the corpus's version and size."""
    places = [f"{place:<10}{count:>4}" for place, count in stats["by_jurisdiction"].items()]
    from cluster.commands.corpus_listings import describe_source

    imported = [f"imported  {describe_source(source)}" for source in stats["imported"]]
    head = f"version {stats['version']}, {stats['authorities']} authorities"
    return "\n".join([head, *places, *imported, f"retrieval {stats['retrieval']}"])


def list_status(told: Mapping[str, Any]) -> str:
    """Return what the running cluster says of itself."""
    stats: PerformanceStats = told["performance_stats"]
    head = [
        f"cluster    {told['address']}",
        f"dashboard  {told['dashboard']}",
        f"in flight  {told['drafts_in_flight']} drafts",
    ]
    return "\n".join([*head, format_summary(stats), "cache", list_figures(told["cache_stats"], INDENT)])


def list_figures(figures: Mapping[str, Any], indent: str = "") -> str:
    """Return named figures, a line each."""
    widest = max(map(len, figures), default=0)
    return "\n".join(f"{indent}{name:<{widest}}  {value}" for name, value in figures.items())


def wrapped(text: str, indent: str, below: str | None = None) -> str:
    """Return a paragraph at the width of the terminal; on one line where stdout is none, for `grep`.

    Args:
        text: Without line breaks.
        indent: Before its first line.
        below: Before the others, where that differs.
    """
    if not sys.stdout.isatty():
        return indent + text
    width = max(40, shutil.get_terminal_size().columns)
    return textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent if below is None else below,
        break_on_hyphens=False,
    )


def _line(text: str, place: Mapping[str, Any]) -> str:
    return f"line {text.count(chr(10), 0, place['start']) + 1}: " if place["end"] else ""
