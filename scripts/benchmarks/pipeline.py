"""Whole drafts by models: ours, plain asyncio and LangGraph, in one interleaved run against one simulated provider."""

import argparse
import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pipeline_contestant import ASYNCIO, DIRECT, OURS
from pipeline_contestant import STOCK as STOCK_SEAT
from pipeline_contestant import TUNED as TUNED_SEAT
from pipeline_ideal import ideal_s, service_times, stage_plan_s
from pipeline_load import PLAN_S, SECTIONS_AT_A_TIME, STAGES_S, TASK, calls_by_stage, environment, set_pace
from pipeline_memory import memory
from pipeline_run import Entrant, Sample, Seat, seat
from pipeline_streams import first_tokens, stream_targets
from pipeline_table import print_profile, print_rows, rows
from pipeline_targets import BY_SECTION, FLOOR, SEQUENTIAL, STOCK, TUNED, all_of, speed_targets

from tests.provider.process import Provider, running_provider

ENTRANTS = (
    Entrant(BY_SECTION, OURS),
    Entrant(SEQUENTIAL, OURS, parallel=False),
    Entrant(FLOOR, ASYNCIO),
    Entrant(STOCK, STOCK_SEAT),
    Entrant(TUNED, TUNED_SEAT),
)
MANY = 100
"""So many documents take minutes: one round has to do."""
WARM = "warm"
"""The tenant whose research everybody has cached."""


class Race:
    """The contestants, the provider, and the numbers of the documents so far."""

    def __init__(self, provider: Provider, seats: dict[str, Seat], scale: float) -> None:
        self._provider, self._seats, self._scale = provider, seats, scale
        self.entrants = [entrant for entrant in ENTRANTS if entrant.seat in seats]
        self._next = 1
        self.calls: dict[str, int] = {}

    def calibrate(self) -> None:
        """Draft once with every contestant; share each stage's cost among the calls that a document makes.

        Raises:
            RuntimeError: The contestants do not make the same calls.
        """
        set_pace(self._provider, 0.0, dict.fromkeys(STAGES_S, 1))
        seen = {}
        for entrant in self.entrants:
            for cold in (True, False):
                log = self._drafted(entrant, 1, cold=cold, seed=0)[1]
                if cold:
                    seen[entrant.label] = calls_by_stage(log)
        self.calls = seen[BY_SECTION]
        if any(calls != self.calls for calls in seen.values()):
            raise RuntimeError(f"the contestants do not make the same calls: {seen}")
        set_pace(self._provider, self._scale, self.calls)

    def sample(self, entrant: Entrant, documents: int, *, cold: bool, seed: int) -> Sample:
        """Have one entrant draft so many documents at once."""
        told, log = self._drafted(entrant, documents, cold=cold, seed=seed)
        times = service_times(log)
        one = {model: each[: max(1, len(each) // documents)] for model, each in times.items()}
        return Sample(
            entrant=entrant.label,
            documents=documents,
            cold=cold,
            walls_s=[document["wall_s"] for document in told["documents"]],
            all_s=told["all_s"],
            ideal_s=ideal_s(one, SECTIONS_AT_A_TIME),
            plan_s=stage_plan_s(one),
            first_text_s=[document["first_text_s"] for document in told["documents"]],
            first_event_s=[document["first_event_s"] for document in told["documents"]],
            cpu_s=told["cpu_s"],
            calls={stage: number // documents for stage, number in calls_by_stage(log).items()},
            layers_s=told["layers_s"],
            begun_s=told["begun_s"],
        )

    def _drafted(
        self, entrant: Entrant, documents: int, *, cold: bool, seed: int
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        self._provider.reset(seed=seed, bodies=False)
        told = self._seats[entrant.seat].ask(
            documents=documents, first=self._next, cold=cold, tenant=WARM, parallel=entrant.parallel
        )
        self._next += documents
        return told, self._provider.log()


def main() -> None:
    """Run, print, and say which targets are reached."""
    given = arguments()
    print(f"scale {given.scale:g}: the plan by stage takes {given.scale * PLAN_S:g} s; {os.cpu_count()} CPUs, load "
          f"{os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    with ExitStack() as stack:
        provider = stack.enter_context(running_provider(seed=given.seed, task_pattern=TASK))
        env = environment(provider.base_url)
        seats = {
            name: stack.enter_context(seat(name, env))
            for name in dict.fromkeys(e.seat for e in ENTRANTS)
            if name in given.contestants
        }
        race = Race(provider, seats, given.scale)
        race.calibrate()
        print(f"model calls of one document: {race.calls}", flush=True)
        table = rows(samples(race, given))
        print_rows(table)
        streams = []
        if given.streams:
            direct = stack.enter_context(seat(DIRECT, env))
            streams = first_tokens(provider, seats[OURS], direct, given.streams, given.seed)
    for line in table:
        if line["entrant"] == BY_SECTION and line["cold"]:
            print_profile(line)
    print()
    all_of(speed_targets(table, given.scale * PLAN_S), stream_targets(streams))
    held = memory(given.in_flight, given.seed) if given.in_flight else []
    if given.json:
        text = json.dumps(
            {"scale": given.scale, "table": table, "streams": streams, "memory": held}, indent=2
        )
        given.json.write_text(text, encoding="utf-8")


def samples(race: Race, given: argparse.Namespace) -> list[Sample]:
    """Interleave: each round has every entrant, cold and cached; the first round of a size warms up, if it is small."""
    kept = []
    for documents in given.documents:
        many = documents >= MANY
        rounds = 1 if many else max(2, given.rounds * 2 // (documents + 1))
        for number in range(1 if many else 0, rounds + 1):
            for cold in (True, False):
                for entrant in race.entrants:
                    seed = given.seed + 1000 * documents + number
                    sample = race.sample(entrant, documents, cold=cold, seed=seed)
                    print(f"{documents:>4} round {number}/{rounds} {'cold' if cold else 'cached':<7}"
                          f"{entrant.label:<17} all {sample.all_s:6.3f} s", flush=True)  # fmt: skip
                    if number:
                        kept.append(sample)
    return kept


def arguments() -> argparse.Namespace:
    """Read the command line."""

    def numbers(text: str) -> Sequence[int]:
        return [int(number) for number in text.split(",") if number]

    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--documents", type=numbers, help="at once; 1,10,100 unless said otherwise")
    wanted.add_argument(
        "--rounds", type=int, help="with one document, 10 unless said otherwise; fewer with more"
    )
    wanted.add_argument(
        "--scale", type=float, default=0.1, help="of the model's seconds: 1 is 3, 5, 3, 2, 1 s"
    )
    wanted.add_argument(
        "--streams", type=numbers, default=[1, 32], help="readers at once, for the first token"
    )
    wanted.add_argument("--in-flight", type=numbers, help="drafts, for memory; 0,1,10,100,1000")
    seats = list(dict.fromkeys(entrant.seat for entrant in ENTRANTS))
    wanted.add_argument(
        "--contestants", nargs="+", choices=seats, default=seats, help="ours must be among them"
    )
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--json", type=Path)
    wanted.add_argument(
        "--quick", action="store_true", help="what is not given: one and ten documents, two rounds, no memory"
    )
    given = wanted.parse_args()
    usual: dict[str, Any] = {"documents": [1, 10, 100], "rounds": 10, "in_flight": [0, 1, 10, 100, 1000]}
    quick: dict[str, Any] = {"documents": [1, 10], "rounds": 2, "in_flight": []}
    for name, value in (quick if given.quick else usual).items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    return given


if __name__ == "__main__":
    main()
