"""The near tier: an answer that was given to the same question in other words."""

import asyncio
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from actors.cache_key import EVERYTHING, Scope, circumstances, normalise_words
from actors.cache_tiers import NearHit, NearProvenance
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.domain.near.comparing import GUARDS, subject_of, vetoes
from actors.domain.near.eligibility import refusal
from actors.domain.near.question import Question
from actors.domain.near.reading import read
from actors.domain.near.verifier import Encoded, encoded, is_verified, likeness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_QUESTIONS = 5000
"""About 80 MB of words and vectors."""


class QueryEncoder(Protocol):
    """Turns a question into vectors."""

    id: str
    """Changes with the weights: vectors of two encoders are never compared."""

    def encode_query(self, text: str) -> "tuple[NDArray[np.float32], NDArray[np.float32], list[str]]":
        """Return a vector of unit length, a vector for each word piece, and the pieces."""


@dataclass(frozen=True, slots=True)
class _Learned:
    key: str
    words: str
    question: Question
    seen: Encoded
    at_s: float


class NearQuestions:
    """Finds, among the questions answered so far, one that asks the same in other words.

    A question is looked for only in its own partition: the same tenant, corpus and retriever versions, task type,
    families, issues, jurisdiction, day and number of results, all but the words, and the same encoder. There it must
    pass every guard of `actors.domain.near.comparing`, then look alike to the encoder. Whatever fails is a miss.

    Holds words, readings and vectors in this process's memory and nowhere else: they never reach Redis, a log or a
    metric, and a restart loses them. The answers themselves stay where they are; this tier knows their keys.

    Args:
        encoder: MiniLM, or a stand-in.
        max_questions: Bound; the least recently useful ones leave first.
        clock: Seconds, monotonic.
    """

    def __init__(
        self,
        encoder: QueryEncoder,
        max_questions: int = MAX_QUESTIONS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._encoder, self._max, self._clock = encoder, max_questions, clock
        self._learned: OrderedDict[str, tuple[str, _Learned]] = OrderedDict()
        self._shelves: dict[str, dict[str, _Learned]] = {}
        self._asked: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._encoding = asyncio.Lock()

    async def find(self, key: str, query: ResearchQuery, tenant: str) -> NearHit | None:
        """Return the key of an answer that was verified to answer this question too, or `None`.

        Costs some 0.3 ms, and one encoding (5 ms) where a question is found that passes the guards.
        """
        if not query.words.strip() or refusal(query.words) is not None:
            return None
        asked = read(query.words)
        shelf = _shelf(_partition(key, query, tenant, self._encoder.id), asked)
        self._note_asked(key, shelf, query.words)
        rivals = [other for other in self._shelves.get(shelf, {}).values() if other.key != key]
        passed = [other for other in rivals if not vetoes(asked, other.question)]
        if not passed:
            return None
        return self._best(await self._encode(query.words), passed)

    async def learn(self, key: str, packet: ResearchPacket) -> None:
        """Remember the question that `find` was asked under this key; its answer has just been stored."""
        asked = self._asked.pop(key, None)
        if asked is None or not packet.hits:
            return
        shelf, words = asked
        learned = _Learned(key, words, read(words), await self._encode(words), self._clock())
        self.forget(key)
        self._learned[key] = (shelf, learned)
        self._shelves.setdefault(shelf, {})[key] = learned
        while len(self._learned) > self._max:
            self.forget(next(iter(self._learned)))

    def forget(self, key: str) -> None:
        """Forget one question: its answer is gone."""
        shelf, _ = self._learned.pop(key, ("", None))
        on_shelf = self._shelves.get(shelf, {})
        on_shelf.pop(key, None)
        if not on_shelf:
            self._shelves.pop(shelf, None)

    def clear(self, scope: Scope = EVERYTHING) -> None:
        """Forget the questions of a scope."""
        for key in [key for key in self._learned if scope.covers(key)]:
            self.forget(key)
        self._asked.clear()

    def _best(self, seen: Encoded, passed: list[_Learned]) -> NearHit | None:
        likenesses = [(likeness(seen, other.seen), other) for other in passed]
        verified = [(like, other) for like, other in likenesses if is_verified(like)]
        if not verified:
            return None
        like, other = max(verified, key=lambda pair: pair[0].cosine)
        self._learned.move_to_end(other.key)
        provenance = NearProvenance(
            matched_query=other.words,
            cosine=round(like.cosine, 4),
            weakest_word=round(like.weakest, 4),
            guards=tuple(GUARDS),
            age_s=round(self._clock() - other.at_s, 1),
            embedder=self._encoder.id,
        )
        return NearHit(other.key, provenance)

    async def _encode(self, words: str) -> Encoded:
        async with self._encoding:  # the model takes one text at a time
            vector, tokens, pieces = await asyncio.to_thread(
                self._encoder.encode_query, normalise_words(words)
            )
        return encoded(vector, tokens, pieces)

    def _note_asked(self, key: str, shelf: str, words: str) -> None:
        self._asked[key] = (shelf, words)
        while len(self._asked) > self._max:
            self._asked.popitem(last=False)


def _partition(key: str, query: ResearchQuery, tenant: str, encoder: str) -> str:
    """Return what two questions must have in common, as a digest; the key's marks hold the corpus version."""
    fixed = query.model_dump(mode="json", exclude={"words"})
    parts = {"query": fixed, "tenant": tenant, "marks": circumstances(key), "encoder": encoder}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _shelf(partition: str, question: Question) -> str:
    """Return the place of all questions of a partition that speak of the same things."""
    return f"{partition}:{subject_of(question)}"
