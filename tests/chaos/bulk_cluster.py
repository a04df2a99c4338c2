"""A cluster of several nodes in a process of its own, and bulk runs on it that a test disturbs.

`python -m tests.chaos.bulk_cluster 2` prints its address; then it takes `join` and `kill NODE`, line by line, until
stdin is closed.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from actors.config import Settings
from cluster.chaos.nodes import running_nodes
from tests.integration.lexray_command import ROOT, environment, start

LIMIT_S = 600.0


@dataclass(frozen=True, slots=True)
class ClusterProcess:
    """A running cluster."""

    address: str
    _commands: IO[str]
    _answers: IO[str]

    def join(self) -> str:
        """Add a node of one core; return its name."""
        return str(self._ask("join"))

    def kill(self, name: str) -> None:
        """Kill all that runs on a node."""
        self._ask(f"kill {name}")

    def _ask(self, command: str) -> Any:
        self._commands.write(f"{command}\n")
        self._commands.flush()
        return json.loads(self._answers.readline())


@contextmanager
def running_cluster(nodes: int) -> Iterator[ClusterProcess]:
    """Run a cluster, and end just that one; drivers with this process's `LEXRAY_HOME` may join it."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.bulk_cluster", str(nodes)],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        try:
            yield ClusterProcess(json.loads(process.stdout.readline()), process.stdin, process.stdout)
        finally:
            process.stdin.close()
            process.wait(LIMIT_S)
            process.stdout.close()


def finished(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a command; return its exit code and what it said on stderr."""
    _, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, err


def chaos(*arguments: str, cwd: Path) -> dict[str, Any]:
    """Run `lexray chaos`, and return its verdict; the lines in between go to the test's own output."""
    path = os.pathsep.join([*_folder_of_redis(), os.environ["PATH"]])
    process = start("chaos", "--json", *arguments, cwd=cwd, env={"PATH": path})
    out, err = process.communicate(timeout=LIMIT_S)
    print(err, out)  # noqa: T201 (shown where the test fails)
    verdict: dict[str, Any] = json.loads(out)
    assert process.returncode == (0 if verdict["held"] else 1)
    return verdict


def drafted(out: Path) -> int:
    """Return how many documents are there."""
    folder = out / "documents"
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def workers(out: Path) -> set[str]:
    """Return who has rows in hand, as "cell/block"; the cells of a run are numbered as they are made."""
    with closing(sqlite3.connect(f"file:{out / '.lexray/ledger.sqlite'}?mode=ro", uri=True)) as ledger:
        found = ledger.execute("SELECT DISTINCT worker FROM rows WHERE state = 'claimed'").fetchall()
    return {name for (name,) in found}


def drafted_again(out: Path) -> int:
    """Return how many rows of a run were taken up more than once."""
    with closing(sqlite3.connect(f"file:{out / '.lexray/ledger.sqlite'}?mode=ro", uri=True)) as ledger:
        return int(ledger.execute("SELECT count(*) FROM rows WHERE attempt > 1").fetchone()[0])


def wait_for(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait for something that comes while a command runs."""
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _folder_of_redis() -> list[str]:
    binary = os.environ.get("LEXRAY_TEST_REDIS_SERVER")
    return [str(Path(binary).parent)] if binary else []


def main() -> None:
    """Run a cluster until stdin is closed."""
    with (
        tempfile.TemporaryDirectory(prefix="lexray-", ignore_cleanup_errors=True) as folder,
        running_nodes(int(sys.argv[1]), Path(folder), Settings()) as nodes,
    ):
        _answer(nodes.address)
        for line in sys.stdin:
            command, _, name = line.strip().partition(" ")
            _answer(nodes.join() if command == "join" else nodes.kill(name))


def _answer(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201 (to the test)


if __name__ == "__main__":
    main()
