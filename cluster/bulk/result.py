"""What a run keeps of a document: one line of `results.jsonl`, which is also its note in the ledger."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_FINDING = ("id", "check", "severity", "message", "section", "authority")
_POINT = ("id", "label", "question")


def result_of(report: Mapping[str, Any], files: Sequence[str]) -> dict[str, Any]:
    """Return a document's line, without its id and row number, which the ledger knows.

    Args:
        report: Of `report_of`.
        files: Where the document stands, from the run's folder.
    """
    matter = report["matter"]
    degraded = [f"{step['step']}: {step['instead']}" for step in report["degraded_steps"]]
    costs = [use["cost"] for use in report["models"] if use["cost"] is not None]
    return {
        "status": report["status"],
        "files": list(files),
        "title": report["document"]["title"],
        "type": matter["task_type"],
        "jurisdiction": matter["jurisdiction"],
        "open_points": [_part(point, _POINT) for point in report["open_points"]],
        "findings": [
            {"layer": layer, **_part(finding, _FINDING)}
            for layer in ("review", "validation")
            for finding in report[layer]["findings"]
        ],
        "citations": _states(report["citations"]),
        "for_lawyer": [rule["citation"] for rule in report["validation"]["for_lawyer"]],
        "degraded": degraded,
        "seconds": report["timings_s"]["total"],
        **({"cost": sum(costs)} if costs else {}),
    }


def as_note(result: Mapping[str, Any]) -> str:
    """Return a result as the ledger keeps it."""
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def _part(value: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value[name] for name in names if value.get(name)}


def _states(citations: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    states = [str(citation["state"]) for citation in citations]
    return {state: states.count(state) for state in sorted(set(states))}
