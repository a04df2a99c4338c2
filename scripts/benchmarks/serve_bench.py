"""The HTTP server: what its shell adds to the pipeline, beside a bare echo on Ray Serve and beside plain uvicorn."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from cluster.haproxy import haproxy_environment

OK, REFUSED = 200, 429
TARGET = 1.3
"""The shell may add so many times what a bare echo costs."""
PROMPT_MS = 100
SLOWER = 1.5
LEFT_MS = 1000


def quantile(values: list[float], part: float) -> float:
    """Return the value below which a part of all lies; the largest of a few."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def row(load: dict[str, Any]) -> dict[str, float]:
    """Return the figures of one load."""
    calls = load["calls"]
    totals = [call["total_ms"] for call in calls]
    return {
        "per_s": len(calls) / load["seconds"],
        "p50_ms": statistics.median(totals),
        "p99_ms": quantile(totals, 0.99),
        "first_ms": statistics.median(call["first_ms"] for call in calls),
        "cpu_ms": load["cpu_s"] * 1e3 / len(calls),
        "failed": sum(call["status"] != OK for call in calls),
    }


def show_levels(profile: dict[str, Any]) -> dict[tuple[int, str, str], dict[str, float]]:
    found = {
        (level["clients"], level["kind"], level["who"]): row(level["load"]) for level in profile["levels"]
    }
    print(f"\nproxy {profile['profile']}")
    columns = "".join(f" {name:>8}" for name in ("per s", "p50 ms", "p99 ms", "first ms", "CPU ms"))
    print(f"{'clients':>7}  {'request':8} {'by':9} {'n':>5}{columns}")
    for level in sorted(profile["levels"], key=lambda level: (level["clients"], level["kind"])):
        told = found[level["clients"], level["kind"], level["who"]]
        figures = "".join(
            f" {told[name]:>8.1f}" for name in ("per_s", "p50_ms", "p99_ms", "first_ms", "cpu_ms")
        )
        count = len(level["load"]["calls"])
        failed = f"  {told['failed']:.0f} failed" if told["failed"] else ""
        print(f"{level['clients']:>7}  {level['kind']:8} {level['who']:9} {count:>5}{figures}{failed}")
    return found


def show_added(found: dict[tuple[int, str, str], dict[str, float]]) -> None:
    """Compare what the shell adds to the pipeline's own time with the echo: in milliseconds and in CPU.

    A replay (a finished draft asked for again by its key) has the least noise, but pays for a look-up that a new draft
    does not: it is the upper bound.
    """
    for clients, kind in sorted({key[:2] for key in found if key[1] != "echo"}):
        floor = found[clients, "echo", "echo"]
        ours, own = found[clients, kind, "lexray"], found[clients, kind, "pipeline"]
        added, cpu = ours["p50_ms"] - own["p50_ms"], ours["cpu_ms"] - own["cpu_ms"]
        print(
            f"{clients:>7}  {kind:8} the shell adds {added:.1f} ms, {cpu:.1f} ms CPU; "
            f"the echo {floor['p50_ms']:.1f} ms, {floor['cpu_ms']:.1f} ms CPU: "
            f"{added / floor['p50_ms']:.2f} and {cpu / floor['cpu_ms']:.2f} times "
            f"(at most {TARGET} wanted)"
        )


def show_overload(told: dict[str, Any]) -> None:
    unloaded = [call["total_ms"] for call in told["unloaded"]["calls"]]
    flood = told["flood"]["calls"]
    accepted = [call["total_ms"] for call in flood if call["status"] == OK]
    refused = [call["total_ms"] for call in flood if call["status"] == REFUSED]
    others = sorted({call["status"] for call in flood} - {OK, REFUSED})
    after = told["after"]["calls"]
    print(
        f"overload: {len(flood) / told['flood']['seconds']:.0f} requests a second at a capacity of "
        f"{told['capacity_per_s']:.1f}: {len(accepted)} drafted, {len(refused)} refused"
        + (f", others {others}" if others else "")
    )
    late = sum(took > PROMPT_MS for took in refused)
    if refused:
        print(
            f"  refusals p50 {statistics.median(refused):.1f} ms, p99 {quantile(refused, 0.99):.1f} ms, "
            f"longest {max(refused):.1f} ms; {late} later than {PROMPT_MS} ms"
        )
    if accepted:
        base = quantile(unloaded, 0.99)
        print(
            f"  drafts p50 {statistics.median(accepted):.0f} ms, p99 {quantile(accepted, 0.99):.0f} ms; unloaded p50 "
            f"{statistics.median(unloaded):.0f} ms, p99 {base:.0f} ms: {quantile(accepted, 0.99) / base:.2f} times "
            f"(at most {SLOWER} wanted)"
        )
    print(
        f"  afterwards {sum(call['status'] == OK for call in after)} of {len(after)} drafted, the first in "
        f"{after[0]['total_ms']:.0f} ms"
    )


def show_left(calls: list[dict[str, Any]]) -> None:
    """Tell how soon the model's server knew that the client had left."""
    took = [call["ms"] for call in calls]
    again = sum(call["asked"] - 1 for call in calls)
    print(
        f"a client leaves: the model's server knows after p50 {statistics.median(took):.0f} ms, "
        f"longest {max(took):.0f} ms of {len(took)} (at most {LEFT_MS} wanted); asked again {again} times"
    )


def show_beside(told: dict[str, Any], overload: dict[str, Any]) -> None:
    """Compare drafts of a person beside a batch with those of an idle server."""
    alone = [call["total_ms"] for call in overload["unloaded"]["calls"]]
    beside = [call["total_ms"] for call in told["load"]["calls"]]
    print(
        f"beside a batch of {told['rows_per_s']:.1f} rows a second: drafts p50 {statistics.median(beside):.0f} ms, "
        f"longest {max(beside):.0f} ms; alone {statistics.median(alone):.0f} and {max(alone):.0f} ms"
    )


def profile(name: str, given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure one proxy profile in a process of its own: Ray reads the choice when it is imported."""
    out = folder / f"{name}.json"
    mine = haproxy_environment(folder) if name == "haproxy" else {}
    subprocess.run(
        [
            *(sys.executable, Path(__file__).with_name("serve_profile.py"), "--profile", name),
            *("--clients", given.clients, "--share", str(given.share), "--out", out),
        ],
        env={**os.environ, **mine},
        check=True,
    )
    told: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", default="1,8,32,128", help="numbers of clients")
    parser.add_argument("--profiles", default="default,haproxy", help="proxies in front")
    parser.add_argument("--share", type=float, default=1.0, help="of the requests that a whole run sends")
    parser.add_argument("--json", type=Path, help="file for the figures and every single request")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lexray-") as folder:
        profiles = [profile(name, given, Path(folder)) for name in given.profiles.split(",")]
    for told in profiles:
        show_added(show_levels(told))
        show_overload(told["overload"])
        show_left(told["left"])
        show_beside(told["beside"], told["overload"])
    if given.json:
        given.json.write_text(json.dumps(profiles), encoding="utf-8")


if __name__ == "__main__":
    main()
