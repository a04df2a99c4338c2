"""The systems of one run, and their figures over the judged pools."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from judged_queries import OWN, JudgedQuery, measures
from retrieval_baselines import PlainBM25, PlainVectors, fused, lower_case, stemmed

from actors.retrieval.embedder import Absent, Embedder
from actors.retrieval.hybrid_index import HybridIndex
from actors.retrieval.passages import Passage

Scores = Callable[[str], np.ndarray]
OURS = "lexray"


class Contest:
    """Every system ranks the whole corpus for a query; what is measured is the order of the query's judged pool."""

    def __init__(self, passages: Sequence[Passage], index: HybridIndex, embedder: Embedder | Absent) -> None:
        self._places = {passage.id: place for place, passage in enumerate(passages)}
        self._index = index
        plain, stems = PlainBM25(passages, lower_case()), PlainBM25(passages, stemmed())
        self._systems: dict[str, Scores] = {
            OURS: self._ours,
            "bm25": plain.scores,
            "bm25 stemmed": stems.scores,
        }
        if not isinstance(embedder, Absent):
            minilm = PlainVectors(passages, embedder)
            self._systems["minilm windows"] = minilm.scores
            self._systems["bm25 + minilm, rrf"] = lambda query: fused(
                plain.scores(query), minilm.scores(query)
            )

    def quality(self, queries: Sequence[JudgedQuery]) -> dict[str, object]:
        """Return our figures on the queries' own text, then per form, then the other systems' per form."""
        found = {
            name: {form: self._mean(scores, queries, form) for form in forms_of(queries)}
            for name, scores in self._systems.items()
        }
        ours = found.pop(OURS)
        return {**ours[OWN], "forms": ours, **ours, "baselines": found}

    def per_query(self, queries: Sequence[JudgedQuery]) -> list[tuple[str, dict[str, float]]]:
        """Return our NDCG@5 of each query, by form."""
        return [
            (query.id, {form: self._figures(self._ours, query, form)["ndcg@5"] for form in query.forms})
            for query in queries
        ]

    def _ours(self, query: str) -> np.ndarray:
        scores = np.zeros(len(self._places))
        for rank, hit in enumerate(self._index.search(query, len(self._places)).hits):
            scores[self._places[hit.id]] = -rank
        return scores

    def _mean(self, scores: Scores, queries: Sequence[JudgedQuery], form: str) -> dict[str, float]:
        rows = [self._figures(scores, query, form) for query in queries if form in query.forms]
        return {key: round(sum(row[key] for row in rows) / len(rows), 1) for key in rows[0]}

    def _figures(self, scores: Scores, query: JudgedQuery, form: str) -> dict[str, float]:
        found = scores(query.forms[form])
        pool = sorted((id_ for id_ in query.grades if id_ in self._places), key=lambda id_: self._places[id_])
        return measures(sorted(pool, key=lambda id_: -found[self._places[id_]]), query.grades)


def forms_of(queries: Sequence[JudgedQuery]) -> Mapping[str, int]:
    """Return the forms in their order, with how many queries have each."""
    names = dict.fromkeys(form for query in queries for form in query.forms)
    return {name: sum(name in query.forms for query in queries) for name in names}
