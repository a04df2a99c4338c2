"""What our ranking is compared with: BM25 as papers run it, MiniLM alone, and their reciprocal-rank fusion."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import tantivy

from actors.retrieval.cache_folder import default_cache_folder
from actors.retrieval.embedder import Embedder
from actors.retrieval.lexical_index import analyzer
from actors.retrieval.passages import Passage, all_windows
from actors.retrieval.vector_cache import VectorCache
from actors.retrieval.vector_index import VectorIndex

K1, B = 0.9, 0.4
RRF_K = 60


class PlainBM25:
    """BM25 with k1 0.9 and b 0.4 over lower-case words, or over their stems."""

    def __init__(self, passages: Sequence[Passage], analyze: Callable[[str], list[str]]) -> None:
        self._analyze = analyze
        postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for position, passage in enumerate(passages):
            counts = Counter(analyze(passage.text))
            lengths.append(sum(counts.values()))
            for term, count in counts.items():
                postings[term].append((position, count))
        self._postings = {term: np.array(rows).T for term, rows in postings.items()}
        self._norm = K1 * (1 - B + B * np.array(lengths) / (np.mean(lengths) or 1))

    def scores(self, query: str) -> np.ndarray:
        scores, total = np.zeros(len(self._norm)), len(self._norm)
        for term in self._analyze(query):
            if term in self._postings:
                positions, counts = self._postings[term]
                rarity = math.log(1 + (total - len(positions) + 0.5) / (len(positions) + 0.5))
                scores[positions] += rarity * counts * (K1 + 1) / (counts + self._norm[positions])
        return scores


class PlainVectors:
    """The best window's cosine to the query as it was asked."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder) -> None:
        texts, starts = all_windows(passages)
        vectors = VectorCache(default_cache_folder(), embedder).vectors(texts)
        self._embedder, self._index = embedder, VectorIndex(vectors, np.array(starts))

    def scores(self, query: str) -> np.ndarray:
        return self._index.similarities(self._embedder.embed_query(query)[np.newaxis])[0]


def lower_case() -> Callable[[str], list[str]]:
    """Return words in lower case, without stemming."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return builder.build().analyze


def stemmed() -> Callable[[str], list[str]]:
    """Return English stems."""
    return analyzer().analyze


def fused(*rankings: np.ndarray) -> np.ndarray:
    """Return the reciprocal-rank fusion (k 60) of several scores; equal scores rank in the order of the passages."""
    total = np.zeros(len(rankings[0]))
    for scores in rankings:
        ranks = np.empty(len(scores))
        ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
        total += 1 / (RRF_K + ranks + 1)
    return total
