"""GPTCache on the same pairs, with the same vectors, at its own defaults."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from gptcache import Cache, Config
from gptcache.adapter.api import get, put
from gptcache.manager.data_manager import DataManager
from gptcache.manager.scalar_data.base import Answer, CacheData, Question
from gptcache.processor.pre import get_prompt
from gptcache.similarity_evaluation import SearchDistanceEvaluation

from actors.cache import LegalSearchCache
from actors.cache_near import NearQuestions
from scripts.benchmarks.cache_pairs import KnownVectors, Pair, answer, rates, served, try_pairs

TIMED = 300


class FlatStore(DataManager):
    """An exact search in memory by squared distance, as its default index has it; that index is no wheel of ours."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, Any]] = []

    def save(self, question: Any, answer: Any, embedding_data: Any, **_: Any) -> None:
        self.rows.append((question, answer, embedding_data))

    def search(self, embedding_data: Any, **_: Any) -> list[tuple[float, int]]:
        if not self.rows:
            return []
        known = np.stack([row[2] for row in self.rows])
        distances = ((known - embedding_data) ** 2).sum(axis=1)
        nearest = int(distances.argmin())
        return [(float(distances[nearest]), nearest)]

    def get_scalar_data(self, res_data: Any, **_: Any) -> CacheData:
        question, found, vector = self.rows[res_data[1]]
        return CacheData(question=Question(content=question), answers=[Answer(found)], embedding_data=vector)

    def import_data(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError

    def add_session(self, *_: Any, **__: Any) -> None:
        return

    def list_sessions(self, *_: Any, **__: Any) -> list[str]:
        return []

    def delete_session(self, *_: Any, **__: Any) -> None:
        return

    def close(self) -> None:
        self.rows.clear()


def peer(encoder: Any) -> tuple[Cache, FlatStore]:
    """Return a GPTCache with our vectors, its own similarity evaluation and its default threshold."""
    store, cache = FlatStore(), Cache()
    cache.init(
        pre_embedding_func=get_prompt,
        embedding_func=lambda text, **_: encoder.encode_query(text)[0],
        data_manager=store,
        similarity_evaluation=SearchDistanceEvaluation(),
        config=Config(enable_token_counter=False),
    )
    return cache, store


def try_peer(pairs: Sequence[Pair], encoder: Any) -> list[bool]:
    """Tell for each pair, each in an empty cache, whether the answer to `a` is served for `b`."""
    cache, store = peer(encoder)
    outcomes = []
    for pair in pairs:
        store.rows.clear()
        put(pair.a.words, pair.a.words, cache_obj=cache)
        outcomes.append(get(pair.b.words, cache_obj=cache) is not None)
    return outcomes


async def _ours_ms(pairs: Sequence[Pair], encoder: Any) -> list[float]:
    cache = LegalSearchCache(3600, near=NearQuestions(encoder))
    taken = []
    for pair in pairs:
        cache.clear()
        await answer(cache, pair.a)
        begun = time.perf_counter()
        await served(cache, pair.b)
        taken.append((time.perf_counter() - begun) * 1e3)
    return taken


def _peer_ms(pairs: Sequence[Pair], encoder: Any) -> list[float]:
    cache, store = peer(encoder)
    taken = []
    for pair in pairs:
        store.rows.clear()
        put(pair.a.words, pair.a.words, cache_obj=cache)
        begun = time.perf_counter()
        get(pair.b.words, cache_obj=cache)
        taken.append((time.perf_counter() - begun) * 1e3)
    return taken


async def compare(pairs: Sequence[Pair], encoder: Any) -> dict[str, Any]:
    """Return rates and latencies of both on the same pairs; times include the encoding, on the first few hundred."""
    known = KnownVectors(encoder)
    ours = await try_pairs(LegalSearchCache(3600, near=NearQuestions(known)), pairs)
    timed = [pair for pair in pairs if pair.same][:TIMED]
    return {
        "lexray": {**rates(pairs, ours), "ms": _summary(await _ours_ms(timed, encoder))},
        "gptcache": {**rates(pairs, try_peer(pairs, known)), "ms": _summary(_peer_ms(timed, encoder))},
    }


def _summary(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {f"p{p}": round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)], 3) for p in (50, 95)}
