"""Make `actors/retrieval/data/ranker.json`, the weights of the ranking's signals, from judged queries.

Recipe: draw 300 weightings around equal ones; score each by the mean NDCG@5 over queries and forms, once with the whole
glossary and once with every query's weightiest concept hidden, as it is for a query that nobody foresaw; take the mean
of the best 20. Nothing steeper is fitted: a few dozen queries do not carry more. The figures printed are of queries
that the weights were not chosen on (five parts by query, five times).
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from judged_queries import JudgedQuery, read_corpus, read_queries

from actors.retrieval.embedder import Absent, minilm_or_absent
from actors.retrieval.hybrid_index import HybridIndex
from actors.retrieval.ranker import FILE

DRAWS, BEST, FOLDS, REPEATS, SPREAD, DEPTH = 300, 20, 5, 5, 0.7, 5
DISCOUNT = 1 / np.log2(np.arange(2, DEPTH + 2))
PRIOR = {"words": 1.0, "glossary words": 0.5, "glossary text": 1.0, "meaning": 0.5, "glossary meaning": 1.0}


@dataclass(frozen=True)
class Case:
    """One form of one query: its pool's signals, whole or with the best concept hidden, and the grades."""

    query: str
    form: str
    hidden: bool
    signals: np.ndarray
    grades: np.ndarray

    def ndcg(self, weights: np.ndarray) -> float:
        best = np.argsort(-(self.signals @ weights), kind="stable")[:DEPTH]
        ideal = -np.sort(-self.grades)[:DEPTH]
        return 100 * float(self.grades[best] @ DISCOUNT[: len(best)]) / float(ideal @ DISCOUNT[: len(ideal)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--qrels", type=Path, action="append", required=True)
    parser.add_argument("--forms", type=Path)
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args()
    passages, queries = read_corpus(given.corpus), read_queries(given.queries, given.qrels, given.forms)
    places = {passage.id: place for place, passage in enumerate(passages)}
    kinds = {"hybrid": minilm_or_absent(threads=2), "lexical": Absent("weights of lexical search are made")}
    weights = {}
    for kind, embedder in kinds.items():
        index = HybridIndex(passages, embedder)
        names = [name for name in PRIOR if name in index.signals("")[0]]
        weights[kind] = trained(kind, names, cases(index, names, places, queries))
    given.out.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")


def cases(
    index: HybridIndex, names: Sequence[str], places: dict[str, int], queries: Sequence[JudgedQuery]
) -> list[Case]:
    found = []
    for query in queries:
        pool = sorted(places[id_] for id_ in query.grades if id_ in places)
        graded = {places[id_]: grade for id_, grade in query.grades.items() if id_ in places}
        grades = np.array([graded[place] for place in pool])
        for form, text in query.forms.items():
            signals, concepts = index.signals(text)
            rows = {False: signals}
            if concepts:
                rows[True], _ = index.signals(text, {max(concepts, key=lambda number: concepts[number])})
            found += [
                Case(query.id, form, hidden, np.array([part[name][pool] for name in names]).T, grades)
                for hidden, part in rows.items()
            ]
    return found


def trained(kind: str, names: Sequence[str], judged: Sequence[Case]) -> dict[str, float]:
    chance = np.random.default_rng(0)
    prior = np.array([PRIOR[name] for name in names])
    draws = [prior, *(prior * np.exp(chance.normal(0, SPREAD, len(prior))) for _ in range(DRAWS))]
    weightings = np.array([draw / draw.sum() for draw in draws])
    table = np.array([[case.ndcg(weights) for case in judged] for weights in weightings])
    report(kind, judged, weightings, table, chance)
    chosen = choose(weightings, table)
    return {name: round(float(weight), 3) for name, weight in zip(names, chosen, strict=True)}


def choose(weightings: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Return the mean of the best weightings; `table` holds a row per weighting, a column per case."""
    return weightings[np.argsort(-table.mean(axis=1), kind="stable")[:BEST]].mean(axis=0)


def report(
    kind: str, judged: Sequence[Case], weightings: np.ndarray, table: np.ndarray, chance: np.random.Generator
) -> None:
    ids = sorted({case.query for case in judged})
    of_case = np.array([ids.index(case.query) for case in judged])
    labels = np.array([f"{case.form}{', best concept hidden' if case.hidden else ''}" for case in judged])
    runs = []
    for _ in range(REPEATS):
        part, held_out = chance.permutation(len(ids)) % FOLDS, np.zeros(len(judged))
        for fold in range(FOLDS):
            out = part[of_case] == fold
            weights = choose(weightings, table[:, ~out])
            held_out[out] = [case.ndcg(weights) for case, is_out in zip(judged, out, strict=True) if is_out]
        runs.append({label: held_out[labels == label] for label in dict.fromkeys(labels)})
    for label in runs[0]:
        means = [run[label].mean() for run in runs]
        error = runs[0][label].std() / np.sqrt(len(runs[0][label]))
        print(
            f"{kind:<8} {label:<30} NDCG@5 {np.mean(means):5.1f} (runs ±{np.std(means):.1f}, queries ±{error:.1f})"
        )


if __name__ == "__main__":
    main()
