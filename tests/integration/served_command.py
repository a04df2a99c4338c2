"""A `lexray serve` of a test's own, as a process."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.integration.lexray_command import start

START_S = 180.0
STOP_S = 120.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    url: str
    process: "subprocess.Popen[str]"
    folder: Path

    @property
    def out(self) -> str:
        """What it said to its reader."""
        return (self.folder / "serve.out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it said beside."""
        return (self.folder / "serve.err").read_text(encoding="utf-8")

    def stop(self) -> int:
        """Press Ctrl-C, and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_S)


@contextmanager
def served(folder: Path, *options: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Start the command, and end it if the test has not."""
    variables = {"LEXRAY_HOME": str(folder / "home"), "LEXRAY_SERVE_PORT": "0", **(env or {})}
    with (folder / "serve.out").open("w") as out, (folder / "serve.err").open("w") as err:
        process = start("serve", *options, cwd=folder, env=variables, stdout=out, stderr=err)
    server = Served("", process, folder)
    try:
        deadline = time.monotonic() + START_S
        while not (found := re.search(r"serving at (http://\S+) ", server.out)):
            assert process.poll() is None, server.err
            assert time.monotonic() < deadline, server.err
            time.sleep(0.2)
        yield Served(found[1], process, folder)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
