"""Cold start: a bare Ray with one actor call, and `lexray draft`, in turn."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUEST = (
    "Create a mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
)
TARGET = 1.5
BARE_INIT, NO_DASHBOARD, OURS = "bare ray.init()", "bare ray.init(), no dashboard", "lexray draft"

BARE = """
import ray
ray.init(address="local"{options})
class Echo:
    async def echo(self, text): return text
print(ray.get(ray.remote(Echo).options(num_cpus=0.05).remote().echo.remote("ready")))
ray.shutdown()
"""


def seconds(command: list[str], home: str) -> float:
    """Return the wall time of a whole command, which must succeed."""
    environment = {**os.environ, "LEXRAY_HOME": home, "RAY_USAGE_STATS_ENABLED": "0"}
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - begun


def main() -> None:
    """Run the contestants in turn and print medians and ratios."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(
                sys.executable,
                "-m",
                "cluster.command_line",
                "draft",
                REQUEST,
                "--no-stream",
                "--out",
                f"{folder}/out",
            ),
        ]
        contestants = {
            BARE_INIT: [sys.executable, "-c", BARE.format(options="")],
            NO_DASHBOARD: [sys.executable, "-c", BARE.format(options=", include_dashboard=False")],
            OURS: command,
            f"{OURS} --inline": [*command, "--inline"],
        }
        times: dict[str, list[float]] = {name: [] for name in contestants}
        for number in range(given.rounds + 1):
            for name, line in contestants.items():
                took = seconds(line, f"{folder}/home")
                if number:  # the first round warms the page cache
                    times[name].append(took)
                print(f"round {number}  {name:<30} {took:6.2f} s", flush=True)
    print("\nwhole process, wall seconds        min   median      max")
    for name, values in times.items():
        print(f"{name:<30} {min(values):7.2f} {statistics.median(values):8.2f} {max(values):8.2f}")
    ratios = {
        floor: [ours / bare for ours, bare in zip(times[OURS], times[floor], strict=True)]
        for floor in (BARE_INIT, NO_DASHBOARD)
    }
    print(f"\npair by pair, median (target {TARGET}):")
    for floor, pairs in ratios.items():
        ratio = statistics.median(pairs)
        print(f"{OURS} / {floor}: {ratio:.2f}, {'reached' if ratio <= TARGET else 'missed'}")
    if given.json:
        given.json.write_text(json.dumps({"seconds": times, "ratios": ratios}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
