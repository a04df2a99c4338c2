"""Which concepts of the glossary a query is about: by its words, and by its meaning where there are vectors."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actors.retrieval.asking import Asking
from actors.retrieval.glossary import Concept

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLACK = 10
"""The words of a phrase may stand so many words further apart in the query than in the phrase."""
SHARE_OF_WORDS = 0.6
NEAREST = 2
SHARPNESS = 20.0


@dataclass(frozen=True, slots=True)
class ConceptVectors:
    """The vectors of the glossary: one per way of asking, one per example clause."""

    asks: "NDArray[np.float32]"
    clauses: "NDArray[np.float32]"


class ConceptMatcher:
    """Weighs concepts for a query; weights are positive and add up to one. No query matches nothing."""

    def __init__(self, concepts: Sequence[Concept], asking: Asking, vectors: ConceptVectors | None) -> None:
        self._asking = asking
        self._vectors = vectors
        self._phrases = [
            (tuple(dict.fromkeys(asking.telling(ask))), n)
            for n, concept in enumerate(concepts)
            for ask in concept.ask
        ]
        self._owners = np.array([n for _, n in self._phrases])
        users = Counter(stem for phrase, _ in self._phrases for stem in set(phrase))
        self._rarity = {stem: math.log1p(len(self._phrases) / count) for stem, count in users.items()}
        self._by_rarest: defaultdict[str, list[int]] = defaultdict(list)
        for place, (phrase, _) in enumerate(self._phrases):
            self._by_rarest[max(phrase, key=lambda stem: (self._rarity[stem], stem))].append(place)
        self._concepts = len(concepts)

    def match(
        self, query: str, vector: "NDArray[np.float32] | None", without: Collection[int] = ()
    ) -> dict[int, float]:
        """Return the weights of concepts by their number; empty only where nothing matches and there is no vector.

        Args:
            query: In words.
            vector: Of the query; none: words decide alone.
            without: Concepts to leave out, as if the glossary had never heard of them.
        """
        by_words = self._by_words(query, without)
        if vector is None or self._vectors is None:
            return by_words
        share = SHARE_OF_WORDS if by_words else 0.0
        weights: defaultdict[int, float] = defaultdict(float)
        for concept, weight in by_words.items():
            weights[concept] += share * weight
        for concept, weight in self._by_meaning(self._vectors, vector, without).items():
            weights[concept] += (1 - share) * weight
        return dict(weights)

    def _by_words(self, query: str, without: Collection[int]) -> dict[int, float]:
        """Cover the query's stems with phrases, the most telling first; a phrase must bring mostly uncovered stems."""
        stems = self._asking.stems(query)
        uncovered = set(self._asking.telling(query))
        places = _places(stems)
        gains: dict[int, float] = {}
        present = [found for found in self._candidates(places) if found[1] not in without]
        for phrase, concept in sorted(
            present, key=lambda found: (-self._weight(found[0]), len(found[0]), found[1])
        ):
            gain = self._weight([stem for stem in phrase if stem in uncovered])
            if gain >= self._weight(phrase) / 2:
                gains[concept] = max(gains.get(concept, 0.0), gain)
                uncovered -= set(phrase)
        total = sum(gains.values())
        return {concept: gain / total for concept, gain in gains.items()}

    def _candidates(self, places: Mapping[str, Sequence[int]]) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield the phrases that stand in the query; only those whose rarest stem does are looked at."""
        for stem in places:
            for place in self._by_rarest.get(stem, ()):
                if _stand_together(self._phrases[place][0], places):
                    yield self._phrases[place]

    def _weight(self, stems: Sequence[str]) -> float:
        return sum(self._rarity[stem] for stem in stems)

    def _by_meaning(
        self, vectors: ConceptVectors, query: "NDArray[np.float32]", without: Collection[int]
    ) -> dict[int, float]:
        asked = np.full(self._concepts, -1.0, dtype=np.float32)
        np.maximum.at(asked, self._owners, vectors.asks @ query)
        nearness = (asked + vectors.clauses @ query) / 2
        nearness[list(without)] = -1.0
        nearest = np.argsort(-nearness, kind="stable")[:NEAREST]
        weights = np.exp((nearness[nearest] - nearness[nearest[0]]) * SHARPNESS)
        return dict(zip(nearest.tolist(), (weights / weights.sum()).tolist(), strict=True))


def _places(stems: Sequence[str]) -> dict[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, stem in enumerate(stems):
        places[stem].append(place)
    return dict(places)


def _stand_together(phrase: Sequence[str], places: Mapping[str, Sequence[int]]) -> bool:
    """Say whether all stems of a phrase lie within its own length plus `SLACK` of each other."""
    if not phrase or any(stem not in places for stem in phrase):
        return False
    events = sorted((place, stem) for stem in phrase for place in places[stem])
    latest: dict[str, int] = {}
    for place, stem in events:
        latest[stem] = place
        if len(latest) == len(phrase) and place - min(latest.values()) < len(phrase) + SLACK:
            return True
    return False
