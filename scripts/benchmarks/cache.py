"""Hit and false-hit rates of the cache's near tier, by class of trap; and of GPTCache beside it."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from actors.cache import LegalSearchCache
from actors.cache_near import NearQuestions
from actors.errors import ResourceMissingError
from actors.retrieval.minilm import MiniLM
from scripts.benchmarks.cache_pairs import (
    KnownVectors,
    Pair,
    answer,
    rates,
    read_pairs,
    served,
    try_crowded,
    try_pairs,
)

TRAPS = Path(__file__).parents[2] / "tests" / "traps"
SUITE = {part: TRAPS / f"{part}.jsonl" for part in ("tuning", "written", "frozen", "by_hand")}
TIMED = 400


def cache_of(encoder: Any) -> LegalSearchCache:
    """Return a cache as the cache actor has it, with the near tier on."""
    return LegalSearchCache(3600, near=NearQuestions(encoder) if encoder else None)


def load_encoder() -> Any:
    """Return MiniLM, or `None`, and say so, where its weights are absent: then nothing near is served."""
    try:
        return MiniLM()
    except ResourceMissingError as error:
        print(f"near tier not started: {error}", file=sys.stderr)
        return None


async def measure(pairs: list[Pair], encoder: Any) -> dict[str, Any]:
    """Return the rates over pairs, each tried in an otherwise empty cache."""
    return rates(pairs, await try_pairs(cache_of(encoder), pairs))


async def look_up_ms(pairs: list[Pair], encoder: Any) -> dict[str, dict[str, float]]:
    """Return what a look-up takes in milliseconds, encoding included, where all first questions were answered."""
    cache = cache_of(encoder)
    known, taken = {}, {"hit": [], "miss": []}
    for pair in pairs:
        known[pair.a.words] = pair.a
    for side in known.values():
        await answer(cache, side)
    for side in dict.fromkeys(pair.b for pair in pairs):
        begun = time.perf_counter()
        found = await served(cache, side)
        taken["miss" if found is None else "hit"].append((time.perf_counter() - begun) * 1e3)
        if len(taken["hit"]) >= TIMED:
            break
    return {name: percentiles(values) for name, values in taken.items() if values}


def percentiles(values: list[float]) -> dict[str, float]:
    """Return the median, the 95th and the 99th percentile, and the count."""
    ordered = sorted(values)
    at = {f"p{p}": ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in (50, 95, 99)}
    return {**{name: round(value, 3) for name, value in at.items()}, "n": len(ordered)}


async def of_suite(encoder: Any) -> dict[str, Any]:
    """Measure every part of the suite that is there."""
    known = KnownVectors(encoder) if encoder else None
    parts = {part: read_pairs(path) for part, path in SUITE.items() if path.is_file()}
    return {
        "parts": {part: await measure(pairs, known) for part, pairs in parts.items()},
        "crowded": {part: await try_crowded(cache_of(known), pairs) for part, pairs in parts.items()},
        "lookup_ms": await look_up_ms(parts["frozen"], encoder) if encoder else {},
    }


def table_of(name: str, result: dict[str, Any]) -> str:
    """Return the rates as lines for people."""
    lines = [f"{name}", f"  {'class':<16}{'n':>6}{'served':>8}{'rate':>9}   95 % interval"]
    rows = {**result["per_class"], "all paraphrases": result["same"], "all traps": result["others"]}
    for kind, row in rows.items():
        if row["n"]:
            interval = f"{row['low']:7.2%} to {row['high']:.2%}"
            lines.append(f"  {kind:<16}{row['n']:>6}{row['served']:>8}{row['rate']:>9.2%}  {interval}")
    return "\n".join(lines)


def peers_table(result: dict[str, Any]) -> str:
    """Return both systems' rates and times as lines for people."""
    return "\n\n".join(
        f"{table_of(name, figures)}\n  look-up in ms: {figures['ms']}" for name, figures in result.items()
    )


def main() -> None:
    """Read the command line and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--pairs", type=Path, help="JSON lines of {a, b, same, class}; the trap suite without it"
    )
    parser.add_argument("--json", action="store_true", help="the figures alone, as JSON, on stdout")
    parser.add_argument("--peers", action="store_true", help="GPTCache beside it")
    options = parser.parse_args()
    encoder = load_encoder()
    if options.peers:
        from scripts.benchmarks.cache_peer import compare  # noqa: PLC0415 (its package is of the bench group)

        result = asyncio.run(compare(read_pairs(options.pairs or SUITE["frozen"]), encoder))
        print(json.dumps(result) if options.json else peers_table(result))
        return
    if options.pairs:
        known = KnownVectors(encoder) if encoder else None
        result = asyncio.run(measure(read_pairs(options.pairs), known))
        print(json.dumps(result) if options.json else table_of(options.pairs.name, result))
        return
    result = asyncio.run(of_suite(encoder))
    if options.json:
        print(json.dumps(result))
        return
    for part, figures in result["parts"].items():
        print(table_of(part, figures), end="\n\n")
    print("all first wordings stored at once:", json.dumps(result["crowded"]))
    print("look-up, in ms, encoding included:", json.dumps(result["lookup_ms"]))


if __name__ == "__main__":
    main()
