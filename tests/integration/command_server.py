"""Runs `lexray` commands as forks of one process that has imported everything: a second less for each of many.

Each line on stdin is a JSON object, each answer on stdout an exit code. A fork has arguments, environment, folder and
streams of its own, and ends as a process ends.
"""

import importlib
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any

PRELOADED = (
    *("cluster.command_line", "cluster.commands.draft", "cluster.commands.files", "cluster.commands.law"),
    *("cluster.inline", "actors.coordinator", "actors.cache_agent", "actors.monitor_agent", "actors.intake"),
    *("actors.research", "actors.draft", "actors.review", "actors.validation", "actors.citations"),
)


def serve() -> None:
    """Answer until stdin ends."""
    for module in PRELOADED:
        importlib.import_module(module)
    with os.fdopen(os.dup(1), "w") as answers:
        for line in sys.stdin:
            asked = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _become(asked)
            answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
            answers.flush()


def _become(asked: dict[str, Any]) -> None:
    code = 1
    try:
        signal.alarm(asked["limit_s"])
        for number, path, flags in (
            (0, asked["stdin"], os.O_RDONLY),
            (1, asked["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            (2, asked["stderr"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        ):
            os.dup2(os.open(path, flags), number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = ["lexray", *asked["arguments"]]
        code = _run(asked["rig"])
    except BaseException:  # noqa: BLE001 (what Python does at the end of a process)
        traceback.print_exc()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _run(rig: str) -> int:
    from cluster.command_line import main
    from tests.integration import rigged_command

    if rig:
        rigged_command.rig(rig)
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


if __name__ == "__main__":
    serve()
