"""What the samples say: rows, targets, and where the time went."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline_run import Sample

WORTH_SAYING_S = 0.0005


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row(samples: Sequence[Sample]) -> dict[str, Any]:
    """Return the figures of one entrant, one number of documents, one state of the cache."""
    walls = [wall for sample in samples for wall in sample.walls_s]
    drafts = sum(sample.documents for sample in samples)
    cpu: dict[str, float] = defaultdict(float)
    for sample in samples:
        for name, seconds in sample.cpu_s.items():
            cpu[name] += seconds / drafts
    median_s = statistics.median(walls)
    ideal_s = statistics.median(sample.ideal_s for sample in samples)
    return {
        "entrant": samples[0].entrant,
        "documents": samples[0].documents,
        "cold": samples[0].cold,
        "rounds": len(samples),
        "median_s": median_s,
        "p99_s": percentile(walls, 0.99),
        "all_s": statistics.median(sample.all_s for sample in samples),
        "ideal_s": ideal_s,
        "plan_s": statistics.median(sample.plan_s for sample in samples),
        "overhead_s": median_s - ideal_s,
        "first_text_s": statistics.median(s for sample in samples for s in sample.first_text_s),
        "first_event_s": statistics.median(s for sample in samples for s in sample.first_event_s),
        "cpu_s_per_draft": sum(cpu.values()),
        "cpu_s_by_process": dict(sorted(cpu.items(), key=lambda item: -item[1])),
        "calls_per_draft": samples[-1].calls,
        "layers_s": {name: statistics.median(v) for name, v in _joined(samples, "layers_s").items()},
        "begun_s": {name: statistics.median(v) for name, v in _joined(samples, "begun_s").items()},
    }


def rows(samples: Iterable[Sample]) -> list[dict[str, Any]]:
    """Return one row for each case, in the order in which the cases were first met."""
    cases: dict[tuple[int, bool, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        cases[sample.documents, sample.cold, sample.entrant].append(sample)
    return [row(case) for case in cases.values()]


def print_rows(table: Sequence[dict[str, Any]]) -> None:
    """Print the rows, one block for each number of documents and state of the cache."""
    block = None
    for line in table:
        if block != (block := (line["documents"], line["cold"])):
            print(
                f"\n{block[0]} document(s), {'cold' if block[1] else 'cached'} research; "
                f"ideal {ms(line['ideal_s'])}, plan by stage {ms(line['plan_s'])}"
            )
            print(
                f"  {'':<18}{'median':>12}{'p99':>12}{'all':>12}{'overhead':>12}{'first text':>12}{'CPU/draft':>12}"
            )
        print(
            f"  {line['entrant']:<18}{ms(line['median_s']):>12}{ms(line['p99_s']):>12}{ms(line['all_s']):>12}"
            f"{ms(line['overhead_s']):>12}{ms(line['first_text_s']):>12}{ms(line['cpu_s_per_draft']):>12}"
        )


def print_profile(line: dict[str, Any]) -> None:
    """Print where the time of ours went."""
    cpu = "  ".join(f"{name} {ms(s)}" for name, s in line["cpu_s_by_process"].items() if s >= WORTH_SAYING_S)
    print(f"\nprofile of {line['entrant']!r}, {line['documents']} document(s):")
    for name, begun in line["begun_s"].items():
        print(f"  {name:<12} from {ms(begun):>9}  for {ms(line['layers_s'].get(name, 0.0)):>9}")
    print(f"  CPU a draft by process: {cpu}")


def ms(seconds: float) -> str:
    """Return seconds as milliseconds."""
    return f"{1e3 * seconds:.1f} ms"


def _joined(samples: Sequence[Sample], name: str) -> dict[str, list[float]]:
    joined: dict[str, list[float]] = defaultdict(list)
    for sample in samples:
        for layer, values in getattr(sample, name).items():
            joined[layer].extend(values)
    return joined
