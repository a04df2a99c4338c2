"""Documents of the clause library: ours on all cores, a plain loop on one, LangGraph in as many processes as cores."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import bulk_langgraph
import bulk_plain
import bulk_runs
from pipeline_costs import cpu_s, spent_s

from actors.config import Settings
from cluster.ray_session import own_ray

TIMES = 1.8
LEAST_S = 0.5
"""Of processor time; who spends less is not named."""


def measure(count: int, rounds: int, folder: Path) -> list[dict[str, Any]]:
    """Let everybody draft in turn, so that a busy moment of the machine meets all; return the rates of each round."""
    cores = os.cpu_count() or 1
    plain = folder / "plain"
    plain.mkdir()
    settings = Settings(home=folder / "home")
    rows = bulk_runs.write_rows(folder / "rows.jsonl", count)
    told = []
    with own_ray(settings):
        for round_ in range(rounds):
            loop = plain_rate(max(20, count // (2 * cores)), plain)
            graph = bulk_langgraph.rate(count, 8 * cores, cores, plain)
            before = cpu_s(os.getpid())
            run = asyncio.run(bulk_runs.driven(bulk_runs.begun(folder / f"out{round_}", rows), settings))
            spent = spent_s(before, cpu_s(os.getpid()))
            told.append(
                {
                    "plain": loop,
                    "langgraph": graph,
                    "ours": run.rate(),
                    "cell_cpu_ms": 1e3 * run.figures.cpu_s / count,
                    "cpu_ms_by_process": {name: 1e3 * s / count for name, s in spent.items() if s > LEAST_S},
                    "cores": cores,
                }
            )
    return told


def plain_rate(count: int, folder: Path) -> float:
    """Return documents a second of the plain loop, warm."""
    for number in range(5):
        bulk_plain.document(number, folder)
    begun = time.perf_counter()
    for number in range(count):
        bulk_plain.document(number, folder)
    return count / (time.perf_counter() - begun)


def layers(count: int, folder: Path) -> dict[str, float]:
    """Return milliseconds of processor time a document, by layer of the plain loop."""
    spent = dict.fromkeys([*bulk_plain.STAGES, "files"], 0.0)
    for number in range(count):
        state: dict[str, Any] = {"number": number}
        for name, stage in bulk_plain.STAGES.items():
            begun = time.process_time()
            state.update(stage(state))
            spent[name] += time.process_time() - begun
        begun = time.process_time()
        bulk_plain.write(state, folder)
        spent["files"] += time.process_time() - begun
    return {name: 1e3 * seconds / count for name, seconds in spent.items()}


def show(told: list[dict[str, Any]], by_layer: dict[str, float]) -> bool:
    """Print rates, the limit and the distance to it; tell whether the target is reached."""
    best = {
        name: sorted(one[name] for one in told)[len(told) // 2] for name in ("plain", "langgraph", "ours")
    }
    cores = told[0]["cores"]
    limit = cores * best["plain"]
    print(f"plain loop, one core      {best['plain']:7.1f} documents/s")
    print(f"LangGraph, {cores} processes    {best['langgraph']:7.1f} documents/s")
    print(f"ours, {cores} cells             {best['ours']:7.1f} documents/s")
    print(
        f"physical limit            {limit:7.1f} documents/s; ours reaches {best['ours'] / limit:.1%} of it"
    )
    layer_text = "  ".join(f"{name} {ms:.1f}" for name, ms in by_layer.items())
    print(f"CPU ms a document, pure functions by layer: {layer_text}  in all {sum(by_layer.values()):.1f}")
    print(f"CPU ms a document in a cell: {told[-1]['cell_cpu_ms']:.1f}; by process:")
    for name, ms in sorted(told[-1]["cpu_ms_by_process"].items(), key=lambda item: -item[1]):
        print(f"  {name or 'cells, which have ended':<28} {ms:7.2f}")
    times = best["ours"] / best["plain"]
    print(f"{'reached' if times >= TIMES else 'MISSED '}  {times:.2f} times the plain loop (target {TIMES})")
    print(f"         {best['ours'] / best['langgraph']:.2f} times LangGraph")
    return times >= TIMES
