"""Processes of this machine, as the kernel shows them: which run below one of ours, and what they call themselves."""

import os
import signal
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")


def can_look() -> bool:
    """Tell whether this system shows its processes in this way: Linux does."""
    return (_PROC / "self/stat").exists()


def titles_below(root: int) -> dict[int, str]:
    """Return what a process's descendants call themselves, by their ids."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (parent := _parent(int(entry.name))):
            children[parent].append(int(entry.name))
    found, waiting = {}, [root]
    while waiting:
        for pid in children[waiting.pop()]:
            found[pid] = _title(pid)
            waiting.append(pid)
    return found


def kill(pid: int) -> bool:
    """End a process without a word to it; False where it was gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_all(pids: Iterable[int]) -> None:
    """End several processes."""
    for pid in pids:
        kill(pid)


def _parent(pid: int) -> int:
    try:
        state, parent = (_PROC / f"{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
    except (OSError, ValueError):
        return 0  # it ended while it was looked at
    return 0 if state == "Z" else int(parent)


def _title(pid: int) -> str:
    try:
        return (_PROC / f"{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
