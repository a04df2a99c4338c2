"""How much later than from the provider itself a reader gets a model's first words."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline_contestant import DIRECT, OURS
from pipeline_load import STAGES_S, WORDING
from pipeline_run import Seat
from pipeline_table import ms, percentile
from pipeline_targets import Target

from tests.provider.process import Provider

LIMITS_MS = {1: 10.0, 32: 25.0}
ROUNDS = {1: 12, 32: 4}
RESEARCH = {"first_token_s": 0.5, "jitter": 0.3, "says": "schema"}
"""Spreads the readers, as users come."""
DRAFT = {"first_token_s": 0.15, "total_s": 2.15, "events": 100, "says": "marked", "pattern": WORDING}
"""A section at 50 events a second: long enough that all streams are open when the last one begins."""


def first_tokens(
    provider: Provider, ours: Seat, direct: Seat, counts: Sequence[int], seed: int
) -> list[dict[str, Any]]:
    """Return, for each number of readers at once, what direct calls and ours take.

    Measured from the moment at which the provider has sent a document's first token to the one at which the reader has
    its text; both processes read the machine's monotonic clock.
    """
    for stage in STAGES_S:
        provider.profile(f"sim-{stage}", says="schema")
    provider.profile("sim-research", **RESEARCH)
    provider.profile("sim-draft", **DRAFT)
    return [_compared(provider, {DIRECT: direct, OURS: ours}, count, seed) for count in counts]


def _compared(provider: Provider, seats: Mapping[str, Seat], count: int, seed: int) -> dict[str, Any]:
    waits_s: dict[str, list[float]] = {name: [] for name in seats}
    rounds = ROUNDS.get(count, 4)
    for number in range(rounds + 1):
        for name, taken in seats.items():
            provider.reset(seed=seed + number, bodies=False)
            told = taken.ask(
                documents=count,
                first=1 + number * count,
                cold=True,
                tenant="",
                parallel=False,
                only_first=True,
            )
            if number:
                waits_s[name] += _waits(told["documents"], provider.log())
    medians = {name: statistics.median(waits) for name, waits in waits_s.items()}
    result = {
        "streams": count,
        "direct_s": waits_s[DIRECT],
        "ours_s": waits_s[OURS],
        "added_ms": 1e3 * (medians[OURS] - medians[DIRECT]),
    }
    print(
        f"first token behind the provider's, {count} stream(s): "
        + "; ".join(
            f"{name} median {ms(medians[name])}, p99 {ms(percentile(w, 0.99))}" for name, w in waits_s.items()
        ),
        flush=True,
    )
    return result


def _waits(documents: Sequence[Mapping[str, Any]], log: Sequence[Mapping[str, Any]]) -> list[float]:
    sent: dict[int, float] = {}
    for entry in log:  # in the order of arrival: a document's first section comes first
        if entry["model"] == "sim-draft":
            sent.setdefault(int(entry["task"]), entry["first_token_at_s"])
    return [document["first_words_at_s"] - sent[document["number"]] for document in documents]


def stream_targets(streams: Sequence[Mapping[str, Any]]) -> list[Target]:
    """Return the targets for the numbers of readers that have one."""
    return [
        Target(
            f"added to the first token, {one['streams']} stream(s)",
            one["added_ms"],
            LIMITS_MS[one["streams"]],
            " ms",
        )
        for one in streams
        if one["streams"] in LIMITS_MS
    ]
