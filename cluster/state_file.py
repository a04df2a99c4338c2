"""What `lexray up` leaves for `draft`, `status` and `down`: where its cluster is, and which process holds it."""

import os
from pathlib import Path

from pydantic import ValidationError

from actors.messages import Message


class UpState(Message):
    """A cluster that `lexray up` holds."""

    pid: int
    started: float
    """The process's start time as the kernel counts it: a reused pid is not taken for ours."""
    address: str
    namespace: str
    dashboard_url: str


def state_path(folder: Path) -> Path:
    """Return the file's place."""
    return folder / "up.json"


def read_state(folder: Path) -> UpState | None:
    """Return the running cluster, or `None` where there is none (a leftover file is no cluster)."""
    try:
        state = UpState.model_validate_json(state_path(folder).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return state if process_start(state.pid) == state.started else None


def write_state(folder: Path, state: UpState) -> None:
    """Write the file in one step."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = state_path(folder).with_suffix(".tmp")
    fresh.write_text(state.model_dump_json(), encoding="utf-8")
    fresh.replace(state_path(folder))


def process_start(pid: int) -> float:
    """Return when a process started, in ticks since boot; 0 where it is gone or cannot be asked."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return _alive(pid)
    return 0.0 if fields[0] == "Z" else float(fields[19])


def _alive(pid: int) -> float:
    # Without /proc (macOS) only the pid itself can be asked.
    if Path("/proc/self").exists():
        return 0.0
    try:
        os.kill(pid, 0)
    except OSError:
        return 0.0
    return 1.0
