"""Ray Data in the driver's place: the same cells as a pool of actors under `map_batches`."""

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import bulk_runs
import ray  # noqa: TID251 (the peer)
from pipeline_costs import pss_bytes

from actors.config import Settings
from cluster.bulk.cell import Cell
from cluster.bulk.ledger import Claim
from cluster.bulk.plan import BulkPlan
from cluster.bulk.rows import Row
from cluster.bulk.work import WorkRow
from cluster.ray_session import own_ray


class Pooled:
    """A cell as Ray Data calls it: a batch of columns in, a batch of columns out."""

    def __init__(self, settings: Settings, plan: BulkPlan, folder: str) -> None:

        self._cell = Cell(settings, plan, Path(folder), None, 1)

    async def __call__(self, batch: dict[str, Any]) -> Any:

        rows = [
            Row(str(name), n, "", str(words), None, None, None)
            for n, (name, words) in enumerate(zip(batch["id"], batch["message"], strict=True))
        ]
        work = [WorkRow(row, Claim(row.id, "", "", 1, 1, 0)) for row in rows]
        outcomes = await self._cell.draft(work)
        yield {"id": [one.id for one in outcomes], "told": [one.told for one in outcomes]}


def compare(count: int, folder: Path) -> bool:
    """Draft the same rows both ways; print rates and the driver's memory."""

    settings = Settings(home=folder / "home")
    path = bulk_runs.write_rows(folder / "rows.jsonl", count)
    cores = os.cpu_count() or 1
    with own_ray(settings):
        run = asyncio.run(bulk_runs.driven(bulk_runs.begun(folder / "ours", path), settings))
        report("ours", run.rate(), run.first_to_last_s())
        made = bulk_runs.begun(folder / "data", path)
        ray.data.DataContext.get_current().enable_progress_bars = False
        begun = time.perf_counter()
        rows = ray.data.read_json(str(path), override_num_blocks=max(cores, count // 50)).map_batches(
            Pooled,
            fn_constructor_args=(settings, made.plan(), str(made.path)),
            batch_size=4,
            compute=ray.data.ActorPoolStrategy(size=cores),
            num_cpus=0.5,
        )
        marks, got = [], 0
        with (made.path / "results.jsonl").open("w", encoding="utf-8") as file:
            for batch in rows.iter_batches(batch_size=None):
                got += len(batch["id"])
                marks.append((time.perf_counter(), got))
                file.writelines(json.dumps({"id": str(name)}) + "\n" for name in batch["id"])
        warm = next(mark for mark in marks if mark[1] >= count / 10)
        rate = (got - warm[1]) / max(1e-9, marks[-1][0] - warm[0])
        report("Ray Data", rate, marks[-1][0] - begun)
    return got == count


def report(name: str, rate: float, seconds: float) -> None:
    held = sum(size for title, size in pss_bytes(os.getpid()).items() if title in {"bulk", "python"})
    print(
        f"{name:<9} {rate:6.1f} documents/s once warm, {seconds:6.1f} s in all, driver {held / 2**20:.0f} MiB",
        flush=True,
    )
