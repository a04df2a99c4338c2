"""Starts contestants, has them draft, and measures them from outside."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline_costs import cpu_s, spent_s

CONTESTANT = Path(__file__).with_name("pipeline_contestant.py")


@dataclass(slots=True)
class Seat:
    """One contestant's process."""

    name: str
    process: subprocess.Popen[str]

    def ask(self, **asked: Any) -> dict[str, Any]:
        """Have documents drafted; return the times, and the CPU of all its processes by name.

        Raises:
            RuntimeError: The contestant ended.
        """
        before = cpu_s(self.process.pid)
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        told = self.answer()
        return {**told, "cpu_s": spent_s(before, cpu_s(self.process.pid))}

    def answer(self) -> dict[str, Any]:
        """Return the next line."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended: see its messages above")
        return json.loads(line)


@contextmanager
def seat(name: str, environment: Mapping[str, str]) -> Iterator[Seat]:
    """Start a contestant, wait until it is ready, and end it."""
    process = subprocess.Popen(
        [sys.executable, str(CONTESTANT), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(environment),
    )
    try:
        taken = Seat(name, process)
        taken.answer()
        yield taken
    finally:
        process.stdin.close()  # its end of work; Ray takes some seconds to stop
        process.wait(60)
        process.stdout.close()


@dataclass(frozen=True, slots=True)
class Entrant:
    """One row of the table: a contestant and how it is asked to work."""

    label: str
    seat: str
    parallel: bool = True


@dataclass(slots=True)
class Sample:
    """What one entrant did in one round."""

    entrant: str
    documents: int
    cold: bool
    walls_s: list[float]
    all_s: float
    ideal_s: float
    plan_s: float
    first_text_s: list[float]
    first_event_s: list[float]
    cpu_s: dict[str, float]
    calls: dict[str, int]
    layers_s: dict[str, list[float]] = field(default_factory=dict)
    begun_s: dict[str, list[float]] = field(default_factory=dict)
