"""Search by words, by meaning and by what the glossary knows, in one ranking."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from actors.errors import InvalidInputError
from actors.retrieval.asking import Asking
from actors.retrieval.cache_folder import default_cache_folder
from actors.retrieval.concept_matching import ConceptMatcher, ConceptVectors
from actors.retrieval.embedder import Absent, Embedder
from actors.retrieval.glossary import Concept, load_glossary
from actors.retrieval.lexical_index import LexicalIndex
from actors.retrieval.passages import Passage, all_windows
from actors.retrieval.ranker import HEAD, load_ranker, measure_of, standardised
from actors.retrieval.vector_cache import VectorCache
from actors.retrieval.vector_index import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actors.retrieval.ranker import Ranker

CLAUSE_SHARE = 0.5
"""A word of a concept's example counts half as much as one of its list."""
MOST_CONCEPTS = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """One passage found."""

    id: str
    score: float
    parts: Mapping[str, float]
    """What each signal added to the score."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives."""

    hits: tuple[Ranked, ...]
    concepts: tuple[str, ...]
    """Of the glossary, that the query was taken to be about; the weightiest first."""
    lexical_only: str
    """Why meaning was left out; empty for a full search."""


class HybridIndex:
    """All passages ranked for a query. The passages never change; reading is thread-safe.

    Args:
        passages: Ids must differ.
        embedder: What makes vectors, or `Absent` with the reason why there are none: search then stands on words.
        cache: Folder of the vectors that were computed before; none: the usual one.
        progress: Told how many of how many windows are embedded.

    Raises:
        InvalidInputError: Two passages have one id.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        embedder: Embedder | Absent,
        cache: Path | None = None,
        progress: Callable[[int, int], object] = max,
    ) -> None:
        self._ids = [passage.id for passage in passages]
        if len(set(self._ids)) < len(self._ids):
            raise InvalidInputError("passages", "two passages have one id")
        self._concepts, self._asking = load_glossary(), Asking()
        self._words = LexicalIndex.build(passages)
        self._meaning: _Meaning | None = None
        self._lexical_only = ""
        if isinstance(embedder, Absent):
            self._lexical_only = embedder.reason
        else:
            self._meaning = _Meaning(passages, self._concepts, embedder, cache, progress)
        self._matcher = ConceptMatcher(
            self._concepts, self._asking, self._meaning.concepts if self._meaning else None
        )
        self._glossary_terms = [self._terms_of(concept) for concept in self._concepts]
        self._ranker: Ranker = load_ranker("hybrid" if self._meaning else "lexical")

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, words: str, limit: int = 10) -> Found:
        """Return the best passages for a query, best first; equal scores in the order of the passages."""
        signals, concepts = self.signals(words)
        scores = self._ranker.scores(signals)
        best = np.argsort(-scores, kind="stable")[: max(limit, 0)]
        names = sorted(concepts, key=lambda number: (-concepts[number], number))
        return Found(
            tuple(self._ranked(position, scores, signals) for position in best.tolist()),
            tuple(self._concepts[number].name for number in names),
            self._lexical_only,
        )

    def signals(
        self, words: str, without: Collection[int] = ()
    ) -> "tuple[dict[str, NDArray[np.float32]], dict[int, float]]":
        """Return each signal's standardised scores, f32[passages], and the concepts with their weights.

        Args:
            words: The query.
            without: Concepts that the query shall not be taken to be about.
        """
        asked = self._asking.wanted(words)
        vector = self._meaning.embedder.embed_query(self._asking.to_embed(words)) if self._meaning else None
        concepts = self._matcher.match(asked, vector, without)
        signals = {
            "words": self._by_words(dict.fromkeys(self._asking.telling(asked), 1.0)),
            "glossary words": self._by_words(self._expansion(concepts, 0.0)),
            "glossary text": self._by_words(self._expansion(concepts, CLAUSE_SHARE)),
        }
        if self._meaning and vector is not None:
            signals |= self._meaning.signals(vector, concepts)
        return signals, concepts

    def _by_words(self, terms: Mapping[str, float]) -> "NDArray[np.float32]":
        found = self._words.scores(terms, HEAD)
        # Only the found ones are looked at: a large corpus costs no more than filling an array.
        head = np.zeros(min(HEAD, len(self)), dtype=np.float32)
        head[: len(found)] = list(found.values())
        center, scale = measure_of(head)
        scores = np.full(len(self), -center * scale, dtype=np.float32)
        scores[list(found)] = (head[: len(found)] - center) * scale
        return scores

    def _expansion(self, concepts: Mapping[int, float], clause_share: float) -> dict[str, float]:
        terms: defaultdict[str, float] = defaultdict(float)
        for number, weight in concepts.items():
            of_list, of_clause = self._glossary_terms[number]
            for stem in of_list:
                terms[stem] += weight
            for stem in of_clause if clause_share else ():
                terms[stem] += weight * clause_share
        return dict(terms)

    def _terms_of(self, concept: Concept) -> tuple[list[str], list[str]]:
        listed, clause = self._asking.stems(" ".join(concept.words)), self._asking.stems(concept.clause)
        return list(dict.fromkeys(listed)), list(dict.fromkeys(clause))

    def _ranked(
        self, position: int, scores: "NDArray[np.float32]", signals: "Mapping[str, NDArray[np.float32]]"
    ) -> Ranked:
        weights = self._ranker.weights
        parts = {name: round(weight * float(signals[name][position]), 4) for name, weight in weights.items()}
        return Ranked(self._ids[position], round(float(scores[position]), 4), parts)


class _Meaning:
    """The part of the index that needs vectors."""

    def __init__(
        self,
        passages: Sequence[Passage],
        glossary: Sequence[Concept],
        embedder: Embedder,
        cache: Path | None,
        progress: Callable[[int, int], object],
    ) -> None:
        self.embedder = embedder
        known = VectorCache(cache or default_cache_folder(), embedder)
        asks = known.vectors([ask for concept in glossary for ask in concept.ask])
        self.concepts = ConceptVectors(asks, known.vectors([concept.clause for concept in glossary]))
        texts, starts = all_windows(passages)
        self._index = VectorIndex(known.vectors(texts, progress), np.array(starts, dtype=np.int64))

    def signals(
        self, query: "NDArray[np.float32]", concepts: Mapping[int, float]
    ) -> "dict[str, NDArray[np.float32]]":
        """Compare passages with the query, and with the example clauses of its concepts."""
        chosen = sorted(concepts, key=lambda number: (-concepts[number], number))[:MOST_CONCEPTS]
        similarities = self._index.similarities(np.vstack([query, self.concepts.clauses[chosen]]))
        weights = [concepts[number] for number in chosen]
        examples = sum(
            (weight * standardised(row) for weight, row in zip(weights, similarities[1:], strict=True)),
            start=np.zeros(similarities.shape[1], dtype=np.float32),
        )
        return {"meaning": standardised(similarities[0]), "glossary meaning": standardised(examples)}
