"""CPU and memory of a process and everything below it, from /proc."""

import os
from collections import defaultdict
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """Return a process and all its descendants: Ray's servers and workers are children of whoever started Ray."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents[int(entry.name)] = int(fields[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def cpu_s(root: int) -> dict[int, float]:
    """Return the user and system seconds so far, by process."""
    return {
        pid: (int(fields[11]) + int(fields[12])) / TICKS for pid in family(root) if (fields := _stat(pid))
    }


def spent_s(before: dict[int, float], after: dict[int, float]) -> dict[str, float]:
    """Return the seconds spent between two readings, by the name of the process."""
    spent: dict[str, float] = defaultdict(float)
    for pid, total in after.items():
        spent[title(pid)] += total - before.get(pid, 0.0)
    return dict(spent)


def pss_bytes(root: int) -> dict[str, int]:
    """Return the proportional share of memory, by the name of the process: shared pages count once in all."""
    held: dict[str, int] = defaultdict(int)
    for pid in family(root):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue  # it has ended
        held[title(pid)] += 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return dict(held)


def title(pid: int) -> str:
    """Return what a process calls itself: Ray's workers by their actor."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "ended"
    name = Path(words[0].split(".")[0]).name if words[0].startswith("ray::") else Path(words[0]).name
    if name.startswith("python"):
        scripts = (Path(word).stem for word in words[1:] if word.endswith(".py"))
        return next(scripts, name)
    return name


def _stat(pid: int) -> list[str]:
    """Return the fields behind the name, the state first; nothing for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []
