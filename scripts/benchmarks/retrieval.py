"""Retrieval quality over judged pools, and what a search costs."""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from judged_queries import OWN, JudgedQuery, read_corpus, read_queries
from retrieval_contest import OURS, Contest, forms_of
from retrieval_latency import latency

from actors.retrieval.embedder import Absent, minilm_or_absent
from actors.retrieval.hybrid_index import HybridIndex

SAY_EVERY_S = 5
MEASURES = ("ndcg@5", "ndcg@10", "precision@5")


def main() -> None:
    """Measure what was asked for, print a table, and the JSON."""
    given = arguments()
    embedder = Absent("--no-vectors") if given.no_vectors else minilm_or_absent(threads=given.threads)
    result: dict[str, Any] = {}
    if given.corpus:
        queries = read_queries(given.queries, given.qrels, given.forms)
        passages = read_corpus(given.corpus)
        contest = Contest(passages, HybridIndex(passages, embedder, progress=Progress()), embedder)
        result = {**contest.quality(queries), "queries": forms_of(queries)}
        if given.per_query:
            show_queries(contest, queries)
    if given.latency:
        result["latency"] = latency(given.sizes, embedder, say)
    result["mode"] = f"lexical only: {embedder.reason}" if isinstance(embedder, Absent) else "hybrid"
    show(result, sys.stderr if given.json else sys.stdout)
    if given.json:
        print(json.dumps(result, indent=2))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench_retrieval", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="BEIR corpus, JSON lines")
    parser.add_argument("--queries", type=Path, help="BEIR queries, JSON lines")
    parser.add_argument("--qrels", type=Path, action="append", help="judgements; may be given more than once")
    parser.add_argument("--forms", type=Path, help="further wordings of the queries, one column a form")
    parser.add_argument("--json", action="store_true", help="the JSON alone on stdout, the table on stderr")
    parser.add_argument("--per-query", action="store_true", help="also our NDCG@5 per query, on stderr")
    parser.add_argument("--no-vectors", action="store_true", help="as if the weights were not installed")
    parser.add_argument("--threads", type=int, default=2, help="of the encoder (default 2)")
    parser.add_argument("--latency", action="store_true", help="also measure synthetic corpora")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[4_000, 100_000], help="their sizes in passages"
    )
    given = parser.parse_args()
    if bool(given.corpus) != bool(given.queries and given.qrels):
        parser.error("--corpus, --queries and --qrels go together")
    if not given.corpus and not given.latency:
        parser.error("nothing to do: give a judged set, or --latency")
    return given


class Progress:
    """Says every few seconds how many windows are embedded."""

    def __init__(self) -> None:
        self._said_at = self._begun = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said_at > SAY_EVERY_S or (done == total and self._said_at > self._begun):
            self._said_at = now
            say(f"embedding, once for this corpus: {done:,} of {total:,} windows, {now - self._begun:.0f} s")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def show_queries(contest: Contest, queries: list[JudgedQuery]) -> None:
    for id_, figures in contest.per_query(queries):
        say("  ".join(f"{form} {value:5.1f}" for form, value in figures.items()) + f"  {id_}")


def show(result: Mapping[str, Any], stream: TextIO) -> None:
    print(f"mode: {result['mode']}", file=stream)
    systems = {OURS: result.get("forms", {}), **result.get("baselines", {})}
    for form, count in result.get("queries", {}).items():
        note = ", the queries' own text" if form == OWN else ""
        print(
            f"\n{form}{note}: {count} queries".ljust(42), *(f"{name:>12}" for name in MEASURES), file=stream
        )
        for name, forms in systems.items():
            print(f"  {name:<39}", *(f"{forms[form][key]:12.1f}" for key in MEASURES), file=stream)
    for name, row in result.get("latency", {}).items():
        print(f"{name:<20}", *(f"{key} {value:10.2f}" for key, value in row.items()), file=stream)


if __name__ == "__main__":
    main()
