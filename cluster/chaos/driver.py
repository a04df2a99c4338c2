"""The driver of a chaos run: the very command that people use, in a process of its own that can be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from actors.errors import AgentUnavailableError
from cluster.versions import ROOT

GOOD = {0, 3}
"""Exit codes of a run that settled all its rows: some of them are meant to fail."""


class Driver:
    """`lexray bulk` over one folder.

    Args:
        folder: Rows, documents and the log lie here.
        environment: Variables of its own; of this process's it gets those that neither Ray nor lexray reads, and the
            key to the cluster.
        where: Options that say where it drafts.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], where: tuple[str, ...]) -> None:
        self._folder, self._where = folder, where
        kept = {name: value for name, value in os.environ.items() if _is_kept(name)}
        self._environment = {**kept, **environment, "PYTHONPATH": str(ROOT)}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it said."""
        return self._folder / "driver.log"

    def begin(self, rows: Path, out: Path, day: str) -> None:
        """Start a run."""
        self._start(str(rows), "--out", str(out), "--as-of", day, "--format", "md", "--engine", "library")

    def resume(self, out: Path) -> None:
        """Go on with it."""
        self._start("--resume", str(out))

    def ended(self) -> bool:
        """Tell whether it is over.

        Raises:
            AgentUnavailableError: It gave up.
        """
        code = None if self._process is None else self._process.poll()
        if code is not None and code not in GOOD:
            raise AgentUnavailableError("driver", f"it ended with code {code}: {self._last_words()}")
        return code is not None

    def wait(self) -> None:
        """Wait for its end."""
        while not self.ended():
            time.sleep(0.05)

    def kill(self) -> int:
        """Kill it; return its process's id. It must have been started."""
        process = self._running()
        process.kill()
        process.wait()
        return process.pid

    def stop(self) -> None:
        """End it, if it is still there."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise AgentUnavailableError("driver", "it was not started")
        return self._process

    def _start(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "cluster.command_line", "bulk", *arguments, *self._where]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (ours)
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever runs the chaos: it ends this one itself
            )

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[-1] if lines else "without a word"


def _is_kept(name: str) -> bool:
    return name.startswith("RAY_AUTH_") or not name.startswith(("LEXRAY_", "RAY_"))
