"""The `lexray` command as tests run it: whole, with a folder and an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NDA = (
    "Create a mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term, "
    "effective January 5, 2027"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return stdout as the one JSON value that it must be."""
        return json.loads(self.out)


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the test's environment, without what would colour a command's output."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"FORCE_COLOR", "COLUMNS"} and not name.startswith("RAY_")
    }
    return {**kept, "PYTHONPATH": str(ROOT), **(changes or {})}


def run(
    *arguments: str,
    cwd: Path,
    stdin: bytes | str = b"",
    env: Mapping[str, str] | None = None,
    rig: str = "",
    limit_s: int = 60,
) -> Outcome:
    """Run a command to its end.

    Args:
        arguments: After `lexray`; lone surrogates stand for bytes that are no UTF-8.
        cwd: The folder in which it runs.
        stdin: Its content, or the path to open in its place.
        env: Variables that differ from the test's own.
        rig: Name of a rig of `rigged_command`.
        limit_s: After that it is killed: the exit code is then that of SIGALRM.
    """
    streams = cwd.parent / f"{cwd.name}-streams"
    streams.mkdir(exist_ok=True)
    if isinstance(stdin, bytes):
        (streams / "in").write_bytes(stdin)
    code = _server().ask(
        {
            "arguments": arguments,
            "cwd": str(cwd),
            "environment": environment(env),
            "rig": rig,
            "limit_s": limit_s,
            "stdin": stdin if isinstance(stdin, str) else str(streams / "in"),
            "stdout": str(streams / "out"),
            "stderr": str(streams / "err"),
        }
    )
    out, err = ((streams / name).read_bytes().decode(errors="replace") for name in ("out", "err"))
    return Outcome(code, out, err)


def start(*arguments: str, cwd: Path, rig: str = "", **options: Any) -> subprocess.Popen[str]:
    """Start a command as a process of its own, for signals, pipes and terminals."""
    module = ["tests.integration.rigged_command", rig] if rig else ["cluster.command_line"]
    return subprocess.Popen(
        [sys.executable, "-m", *module, *arguments],
        cwd=cwd,
        env=environment(options.pop("env", None)),
        stdin=options.pop("stdin", subprocess.DEVNULL),
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=options.pop("stderr", subprocess.PIPE),
        text=True,
        encoding="utf-8",
        **options,
    )


class CommandServer:
    """One `command_server` process; it ends with the process that started it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.command_server"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, command: dict[str, Any]) -> int:
        """Run one command; return its exit code, negative for a signal."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@cache
def _server() -> CommandServer:
    return CommandServer()
