"""Documents by models at a simulated provider with a limit: against the ideal schedule, and after a kill."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import bulk_runs
from pipeline_ideal import ideal_s, service_times
from pipeline_load import SECTIONS_AT_A_TIME, STAGES_S, TASK, calls_by_stage, environment, request, set_pace

from actors.config import Settings
from actors.model_settings import ModelSettings
from cluster.ray_session import own_ray
from tests.provider.process import Provider, running_provider

IDEAL = 0.9
USERS_S = 45.0
"""Ten documents at the user's document's stage costs, by its plan."""
REPEATED = 1.02


def message(number: int) -> str:
    """Return the words of row `number`."""
    return request(number, tenant="public").message


def schedule(counts: Sequence[int], scale: float, limit: int, folder: Path) -> bool:
    """Draft so many documents, each lot in a run of its own; print each beside its ideal.

    Args:
        counts: Documents of each run.
        scale: Of the provider's times.
        limit: Requests that the provider serves at a time; the run asks no more.
        folder: For the runs.
    """
    reached = True
    with running_provider(seed=1, task_pattern=TASK) as provider:
        settings = prepared(provider, folder, limit)
        with own_ray(settings):
            # The first run loads prompts and the SDK into Ray's idle workers, which the next cells reuse.
            calibrate(provider, settings, scale, folder)
            provider.limit(limit)
            for count in counts:
                reached = one_schedule(count, scale, limit, provider, settings, folder) and reached
    return reached


def one_schedule(
    count: int, scale: float, limit: int, provider: Provider, settings: Settings, folder: Path
) -> bool:
    provider.reset(bodies=False)
    rows = bulk_runs.write_rows(folder / f"rows{count}.jsonl", count, message)
    run = asyncio.run(bulk_runs.driven(bulk_runs.begun(folder / f"out{count}", rows, "model"), settings))
    log = provider.log()
    took_s, best_s = run.first_to_last_s(), ideal(log, count, limit)
    share = best_s / took_s
    figures = run.figures
    assert figures.finished == count, figures
    print(
        f"{count:5d} documents, {limit} requests at a time: {took_s:7.1f} s, ideal {best_s:7.1f} s, {share:.2f} of it; "
        f"calls {len(log)}, most in flight {max(entry['in_flight'] for entry in log)}",
        flush=True,
    )
    reached = share >= IDEAL
    print(f"{'reached' if reached else 'MISSED '}  {IDEAL} of the ideal schedule with {count} documents")
    if count == 10:  # noqa: PLR2004
        fast = took_s <= USERS_S * scale
        print(f"{'reached' if fast else 'MISSED '}  ten documents within {USERS_S * scale:g} s")
        reached = reached and fast
    return reached


def ideal(log: Sequence[Mapping[str, Any]], count: int, limit: int) -> float:
    """Return the seconds below which no schedule gets.

    The longest chain of one document; or the research that all rows wait for, and then all other work by all places.
    """
    served = [{**entry, "received_at_s": entry["served_at_s"]} for entry in log]
    times = service_times(served)
    one = {model: calls[: max(1, len(calls) // count)] for model, calls in times.items()}
    research = times.get("sim-research", [0.0])
    rest_s = sum(map(sum, times.values())) - sum(research)
    return max(ideal_s(one, SECTIONS_AT_A_TIME), min(research) + rest_s / limit)


def prepared(
    provider: Provider, folder: Path, limit: int, agents: Collection[str] = tuple(STAGES_S)
) -> Settings:
    """Return settings by which these agents ask the provider."""
    chosen = {"LEXRAY_LLM_IN_FLIGHT": str(limit), "LEXRAY_LLM_AGENTS": ",".join(agents)}
    os.environ.update(environment(provider.base_url, **chosen))
    for stage in set(STAGES_S).difference(agents):
        del os.environ[f"LEXRAY_LLM_{stage.upper()}_MODEL"]
    set_pace(provider, 0.0, dict.fromkeys(STAGES_S, 1))
    return Settings(home=folder / "home", llm=ModelSettings.read())


def calibrate(provider: Provider, settings: Settings, scale: float, folder: Path) -> None:
    """Share each stage's cost among the calls that a document makes."""
    rows = bulk_runs.write_rows(folder / "one.jsonl", 1, message)
    asyncio.run(bulk_runs.driven(bulk_runs.begun(folder / "one", rows, "model"), settings))
    set_pace(provider, scale, calls_by_stage(provider.log()))


def resume(count: int, scale: float, limit: int, folder: Path) -> bool:
    """Kill a run at its half, let it go on, and compare its calls with those of a quiet run.

    Models write, code does the rest: calls are counted, and a thousand documents take minutes as it is.
    """
    with running_provider(seed=1, task_pattern=TASK) as provider:
        settings = prepared(provider, folder, limit, ("draft",))
        with own_ray(settings):
            calibrate(provider, settings, scale, folder)
        provider.limit(limit)
        rows = bulk_runs.write_rows(folder / "rows.jsonl", count, message)
        quiet = calls_of(provider, [command(rows, folder / "quiet")])
        out = folder / "killed"
        provider.reset(bodies=False)
        process = subprocess.Popen(command(rows, out), start_new_session=True)
        while len(list((out / "documents").glob("*"))) < count // 2:
            asyncio.run(asyncio.sleep(0.05))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        before = len(provider.log())
        subprocess.run(resumed(out), check=True)
        total = len(provider.log())
    names = [json.loads(line)["id"] for line in (out / "results.jsonl").read_text().splitlines()]
    assert names == [f"r{number}" for number in range(count)]
    share = total / quiet
    print(f"calls: {quiet} quiet; {before} before the kill and {total - before} after it")
    print(
        f"{'reached' if share <= REPEATED else 'MISSED '}  {share:.3f} of the calls of a quiet run (target {REPEATED})"
    )
    return share <= REPEATED


def calls_of(provider: Provider, commands: Sequence[Sequence[str]]) -> int:
    provider.reset(bodies=False)
    for one in commands:
        subprocess.run(one, check=True)
    return len(provider.log())


def command(rows: Path, out: Path) -> list[str]:
    options = ["--engine", "model", "--format", "md", "--as-of", "2026-11-22"]
    return [sys.executable, "-m", "cluster.command_line", "bulk", str(rows), "--out", str(out), *options]


def resumed(out: Path) -> list[str]:
    return [sys.executable, "-m", "cluster.command_line", "bulk", "--resume", str(out)]
