"""A draft on a warm cluster, in milliseconds by layer, CPU and bytes; and the same pipeline without Ray."""

import argparse
import asyncio
import datetime
import json
import os
import pickle
import statistics
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

from actors.config import Settings
from actors.draft_reader import drafted
from actors.messages import LAYERS, DraftRequest
from actors.ports import AgentPort, LocalAgent, Opened, Parcel
from actors.progress import DraftProgress
from cluster.inline import InlineFleet
from cluster.launch import ready, start_fleet
from cluster.ray_session import own_ray

MESSAGE = (
    "Create a mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
)
TICKS = os.sysconf("SC_CLK_TCK")
REFERENCE_BYTES = 150
"""A pickled object reference, rounded up."""


class CountingPort:
    """Counts the messages of one agent and the bytes of state in them, beside what the full state would weigh."""

    def __init__(self, inner: AgentPort, traffic: dict[str, list[int]], carried: list[object]) -> None:
        self._inner, self._traffic, self._carried = inner, traffic, carried

    async def call(self, method: str, *args: object) -> Any:
        return await self._inner.call(method, *args)

    async def ask(self, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        self._count(args)
        result = await self._inner.ask(method, *args, parts=parts)
        self._carried.extend([await part.open() for part in result[1:]])
        return result

    async def stream(self, method: str, *args: object) -> AsyncGenerator[Parcel, None]:
        self._count(args)
        async for parcel in self._inner.stream(method, *args):
            self._carried.append(await parcel.open())
            yield parcel

    def _count(self, args: tuple[object, ...]) -> None:
        sent = sum(REFERENCE_BYTES if isinstance(arg, Opened) else len(pickle.dumps(arg)) for arg in args)
        self._traffic["state"].append(sent)
        self._traffic["full"].append(len(pickle.dumps((args[0], self._carried))))


def request(message: str) -> DraftRequest:
    """Return the benchmark's request under a fresh id."""
    return DraftRequest(draft_id=uuid.uuid4().hex, message=message, as_of=datetime.date(2026, 11, 22))


def cpu_s(pids: list[int]) -> float:
    """Return the user and system seconds of processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


async def measure(port: AgentPort, count: int, pids: Callable[[], list[int]]) -> dict[str, Any]:
    """Draft one after the other; return milliseconds by layer and in all, and CPU."""
    for _ in range(5):
        await drafted(port, request(MESSAGE))
    before, walls, layers = cpu_s(pids()), [], {layer: [] for layer in LAYERS}
    for _ in range(count):
        begun = time.perf_counter()
        progress: DraftProgress = await drafted(port, request(MESSAGE))
        walls.append((time.perf_counter() - begun) * 1e3)
        assert progress.status == "finished", progress.status
        for layer, done in progress.completed.items():
            layers[layer].append(done.seconds * 1e3)
    return {
        "wall_ms": walls,
        "layers_ms": layers,
        "cpu_ms_per_draft": (cpu_s(pids()) - before) * 1e3 / count,
    }


async def traffic() -> dict[str, list[int]]:
    """Count what the coordinator sends in one draft."""
    counted: dict[str, list[int]] = {"state": [], "full": []}
    carried: list[object] = []
    fleet = InlineFleet(Settings())
    coordinator = fleet.agent("coordinator")._agent  # noqa: SLF001 (the benchmark looks inside)
    coordinator._agents = {  # noqa: SLF001
        name: CountingPort(port, counted, carried)
        for name, port in coordinator._agents.items()  # noqa: SLF001
    }
    await drafted(LocalAgent(coordinator), request(MESSAGE))
    return counted


def family() -> list[int]:
    """Return this process and everything below it: Ray's servers and workers are its children."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def show(name: str, result: dict[str, Any]) -> None:
    """Print one contestant."""
    walls = result["wall_ms"]
    print(
        f"{name:<14} median {statistics.median(walls):7.1f} ms   p99 {percentile(walls, 0.99):7.1f} ms   "
        f"CPU {result['cpu_ms_per_draft']:6.1f} ms a draft"
    )
    print(
        "   "
        + "  ".join(f"{layer} {statistics.median(v):.1f}" for layer, v in result["layers_ms"].items() if v)
    )


def main() -> None:
    """Measure with and without Ray, and print the difference."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--drafts", type=int, default=100)
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home")
        journal = Path(folder) / "journal.sqlite"
        plain = asyncio.run(
            measure(InlineFleet(settings).port("coordinator"), given.drafts, lambda: [os.getpid()])
        )
        sent = asyncio.run(traffic())

        async def on_ray() -> dict[str, Any]:
            running = start_fleet(settings, journal)
            await ready(running)
            return await measure(running.port("coordinator"), given.drafts, family)

        with own_ray(settings):
            ray = asyncio.run(on_ray())
    show("plain Python", plain)
    show("Ray", ray)
    price = statistics.median(ray["wall_ms"]) - statistics.median(plain["wall_ms"])
    print(
        f"Ray's price: {price:.1f} ms a draft, {ray['cpu_ms_per_draft'] - plain['cpu_ms_per_draft']:.1f} ms CPU"
    )
    state, full = sent["state"], sent["full"]
    print(
        f"coordinator: {len(state)} messages a draft; state per message median {statistics.median(state):.0f} B, "
        f"largest {max(state)} B; {1 - sum(state) / sum(full):.0%} less than passing the full state "
        f"({sum(state)} B against {sum(full)} B)"
    )
    if given.json:
        text = json.dumps({"plain": plain, "ray": ray, "traffic": sent}, indent=2)
        given.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
