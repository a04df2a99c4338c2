"""What grows with the number of rows (nothing should), and what with the number of nodes (everything should)."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import bulk_plain
import bulk_runs
import ray  # noqa: TID251 (nodes are simulated)
from bulk_waiting_cell import WaitingCell
from ray.cluster_utils import Cluster  # noqa: TID251

from actors.config import Settings
from cluster.bulk.crew import Pace
from cluster.bulk.crew_inline import InlineCrew
from cluster.bulk.crew_ray import RayCrew
from cluster.bulk.figures import Figures
from cluster.bulk.run import Limits
from cluster.bulk.session import BulkSession
from cluster.ray_session import join_ray, prepare_environment

FLAT = 0.10
EFFICIENT = 0.9
MOST_MIB = 300
LONG_ROW_BYTES = 10_240
FILLER = " The parties met in Denver and discussed the matter at length."
ROW_S, AT_ONCE = 1.0, 8
HERE = Path(__file__).resolve()


def rows(counts: Sequence[int], folder: Path) -> bool:
    """Run with cells that do nothing, each number of rows in a process of its own; compare cost and memory."""
    told = []
    for count in counts:
        path = bulk_runs.write_rows(folder / f"rows{count}.jsonl", count)
        told.append((count, *_driven(count, path, folder)))
        print(
            f"{count:7d} rows: {told[-1][1]:6.3f} ms CPU of the driver a row, {told[-1][2]:6.1f} MiB at most",
            flush=True,
        )
    reached = True
    for what, values in (("cost a row", [one[1] for one in told]), ("memory", [one[2] for one in told])):
        grown = growth(values)
        reached = reached and grown <= FLAT
        word = "reached" if grown <= FLAT else "MISSED "
        print(
            f"{word}  {what} grows by {grown:.0%} with the rows (target {FLAT:.0%}); starting up is shared by all rows"
        )
    return reached


def large(gibibytes: float, folder: Path) -> bool:
    """Read a file of long rows to its end; print what the driver spends and holds."""
    count = round(gibibytes * 2**30 / LONG_ROW_BYTES)
    path = bulk_runs.write_rows(folder / f"rows{count}.jsonl", count, _long_message)
    cost_ms, held_mib = _driven(count, path, folder)
    size = path.stat().st_size / 2**30
    print(
        f"{count} rows, {size:.2f} GiB: {cost_ms:.2f} ms CPU of the driver a row, {held_mib:.1f} MiB at most"
    )
    print(
        f"{'reached' if held_mib <= MOST_MIB else 'MISSED '}  at most {MOST_MIB} MiB of the driver's memory"
    )
    return held_mib <= MOST_MIB


def _long_message(number: int) -> str:
    opening = bulk_plain.message(number)
    return opening + FILLER * ((LONG_ROW_BYTES - len(opening)) // len(FILLER))


def _driven(count: int, path: Path, folder: Path) -> tuple[float, float]:
    """Drive so many rows in a process of its own; return its CPU in ms a row, and the MiB that it held at most."""
    words = [sys.executable, str(HERE), "rows", str(count), str(path), str(folder)]
    told = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return float(told[-2]), float(told[-1])


def growth(values: Sequence[float]) -> float:
    """Return by what share a value is larger than the smallest before it, at most."""
    return max((later / min(values[:n]) - 1 for n, later in enumerate(values) if n), default=0.0)


def peak_mib() -> float:
    """Return the most memory that this process held. `getrusage` would tell its parent's where that was larger."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def drive(count: int, path: Path, folder: Path) -> None:
    """Drive cells of this process that do nothing; print CPU a row and the most memory."""
    made = bulk_runs.begun(folder / f"out{count}", path)
    session = BulkSession(made, Settings(home=folder / "home"))
    cell = WaitingCell(0.0, 64)
    begun = time.process_time()
    await session.run(lambda: InlineCrew(cell), Pace(4, 2, 64), Limits())  # type: ignore[arg-type]
    cost = 1e3 * (time.process_time() - begun) / count
    print(cost, peak_mib())


def nodes(counts: Sequence[int], documents: int, folder: Path) -> bool:
    """Draft on so many simulated nodes, `documents` for each, with cells that mostly wait; compare with one node."""
    rates: dict[int, float] = {}
    for count in counts:
        path = bulk_runs.write_rows(folder / f"rows{count}.jsonl", documents * count)
        words = [sys.executable, str(HERE), "nodes", str(count), str(path), str(folder)]
        rates[count] = float(
            subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
        )
        share = rates[count] / (count * rates[counts[0]] / counts[0])
        print(f"{count} nodes: {rates[count]:7.2f} rows/s, efficiency {share:.2f}", flush=True)
    share = rates[counts[-1]] / (counts[-1] * rates[counts[0]] / counts[0])
    print(
        f"{'reached' if share >= EFFICIENT else 'MISSED '}  efficiency {share:.2f} at {counts[-1]} nodes "
        f"(target {EFFICIENT})"
    )
    return share >= EFFICIENT


async def drive_nodes(count: int, path: Path, folder: Path) -> None:
    """Start nodes, drive cells that wait, print rows a second."""

    settings = Settings(home=folder / "home")
    prepare_environment(settings)
    cluster = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": 100_000_000}
    )
    try:
        for _ in range(count):
            cluster.add_node(num_cpus=1, object_store_memory=80_000_000)
        cluster.wait_for_nodes()
        join_ray(settings, cluster.address)
        made = bulk_runs.begun(folder / f"out{count}", path)
        pace = Pace(1, 2 * AT_ONCE, AT_ONCE)
        marks: list[tuple[float, int]] = []

        def told(figures: Figures) -> None:
            # From the moment when all cells are there: how fast Ray starts is not what is measured.
            if figures.cells == count:
                marks.append((time.perf_counter(), figures.settled))

        session = BulkSession(made, settings, told=told)
        arguments = {"row_s": ROW_S, "at_once": AT_ONCE}
        agent = "scripts.benchmarks.bulk_waiting_cell:WaitingCell"
        await session.run(
            lambda: RayCrew(settings, session.plan, made.path, None, pace, agent, arguments), pace, Limits()
        )
        # Rows come in waves: from the end of the first to the end of the last.
        first = next(mark for mark in marks if mark[1] >= AT_ONCE * count)
        last = next(mark for mark in marks if mark[1] == marks[-1][1])
        print((last[1] - first[1]) / (last[0] - first[0]))
        ray.shutdown()
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    if sys.argv[1] == "nodes":
        asyncio.run(drive_nodes(int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])))
    else:
        asyncio.run(drive(int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])))
