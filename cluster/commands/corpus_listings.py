"""How an import and its versions read on a terminal."""

from collections.abc import Mapping
from typing import Any

from cluster.commands.listings import INDENT, wrapped

SHOWN_SKIPPED = 50
_LABEL = 10


def list_import(told: Mapping[str, Any]) -> str:
    """Return what an import brought, and every file and line that it skipped."""
    source = told["source"]
    state = "as before" if told["unchanged"] else "new"
    others = f" in {len(told['sources'])} sources" if len(told["sources"]) > 1 else ""
    lines = [
        _row("source", describe_source(source)),
        _row("version", f"{told['version']} ({state}), {told['passages']} passages{others}"),
        _row("vectors", _vectors(told["vectors"])),
        *(_row("remark", remark) for remark in source["remarks"]),
    ]
    if source["skipped_total"]:
        lines.append(_row("skipped", str(source["skipped_total"])))
        lines += [_skipped(one) for one in source["skipped"][:SHOWN_SKIPPED]]
        more = source["skipped_total"] - SHOWN_SKIPPED
        lines += [f"{INDENT}and {more} more; --json tells them"] if more > 0 else []
    return "\n".join(lines)


def list_versions(told: Mapping[str, Any]) -> str:
    """Return the versions on disk, the latest first."""
    lines = [_version(one, told["computing_vectors"]) for one in told["versions"]] or ["nothing was imported"]
    return "\n".join([*lines, *(f"deleted {version}" for version in told["pruned"])])


def describe_source(source: Mapping[str, Any]) -> str:
    """Return one source in one line: its name, what it brought, and as of when."""
    first, last = source["as_of_first"], source["as_of_last"]
    days = first if first == last else f"{first} to {last}"
    brought = ", ".join(
        f"{source[kind]} {word}"
        for kind, word in (("statutes", "sections"), ("clauses", "clauses"))
        if source[kind]
    )
    files = "1 file" if source["files"] == 1 else f"{source['files']} files"
    return f"{source['name']}: {brought} from {files}, as of {days}"


def _row(label: str, told: str) -> str:
    return f"{label:<{_LABEL}}{told}"


def _skipped(one: Mapping[str, Any]) -> str:
    where = " ".join(part for part in (one["file"], one.get("place", "")) if part)
    return wrapped(f"{where}: {one['reason']}", INDENT)


def _version(one: Mapping[str, Any], computing: bool) -> str:
    marks = ", ".join(word for word in ("current", "held") if one[word])
    pending = "vectors are being computed" if computing and one["current"] else "no vectors"
    vectors = "with vectors" if one["vectors"] else pending
    told = f"{one['passages']} passages, {one['bytes'] / 1e6:.1f} MB, {vectors}: {', '.join(one['sources'])}"
    return f"{one['version']}  {marks:<14}{told}"


def _vectors(told: Mapping[str, str]) -> str:
    """Tell how far search by meaning is, and where to follow it."""
    return {
        "started": f"being computed; search stands on words until `lexray corpus versions` shows them "
        f"(progress: {told.get('log')})",
        "there": "there: search is by words and by meaning",
        "left out": "none: search stands on words; `lexray corpus embed` computes them",
        "absent": f"none: {told.get('reason')}",
    }[told["state"]]
