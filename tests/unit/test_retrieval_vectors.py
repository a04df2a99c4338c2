"""Search by meaning, and vectors that are computed once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.retrieval.vector_cache import VectorCache
from actors.retrieval.vector_index import BLOCK_ROWS, VectorIndex


class CountingEmbedder:
    """Vectors from the letters of a text; remembers what it was asked."""

    def __init__(self, id_: str = "counting") -> None:
        self.id, self.dim, self.asked = id_, 26, list[str]()

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed_passages([text])[0]
        return vector

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] = bool
    ) -> NDArray[np.float32]:
        self.asked += texts
        vectors = np.array([[text.count(chr(97 + n)) for n in range(26)] for text in texts], dtype=np.float32)
        progress(len(texts))
        return _unit(vectors)


def unit_vectors(count: int, dim: int = 8) -> NDArray[np.float32]:
    vectors = np.random.default_rng(0).standard_normal((count, dim)).astype(np.float32)
    return _unit(vectors)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def test_a_passage_counts_as_its_best_window() -> None:
    vectors, query = unit_vectors(6), unit_vectors(7)[6:]
    similarities = VectorIndex(vectors, np.array([0, 1, 4])).similarities(query)
    cosines = vectors @ query[0]
    assert similarities[0] == pytest.approx([cosines[0], cosines[1:4].max(), cosines[4:].max()])


def test_more_windows_than_a_block_give_what_one_product_gives() -> None:
    vectors, queries = unit_vectors(BLOCK_ROWS + 10), unit_vectors(3)
    similarities = VectorIndex(vectors, np.arange(BLOCK_ROWS + 10)).similarities(queries)
    assert similarities == pytest.approx(queries @ vectors.T, abs=1e-5)


def test_a_saved_index_is_mapped_with_the_same_result(tmp_path: Path) -> None:
    index = VectorIndex(unit_vectors(5).astype(np.float16), np.array([0, 2]))
    index.save(tmp_path)
    opened = VectorIndex.open(tmp_path)
    assert len(opened) == 2
    assert np.array_equal(opened.similarities(unit_vectors(2)), index.similarities(unit_vectors(2)))


def test_an_index_of_nothing_gives_nothing() -> None:
    index = VectorIndex(np.zeros((0, 8), dtype=np.float32), np.zeros(0, dtype=np.int64))
    assert index.similarities(unit_vectors(2)).shape == (2, 0)


def test_a_text_is_embedded_once_for_all_runs(tmp_path: Path) -> None:
    first, second = CountingEmbedder(), CountingEmbedder()
    one = VectorCache(tmp_path, first).vectors(["abc", "abd", "abc"])
    two = VectorCache(tmp_path, second).vectors(["abd", "new", "abc"])
    assert first.asked == ["abc", "abd"]
    assert second.asked == ["new"]
    assert np.array_equal(two[[2, 0]], one[:2])


def test_vectors_of_two_encoders_do_not_meet(tmp_path: Path) -> None:
    VectorCache(tmp_path, CountingEmbedder("one")).vectors(["abc"])
    other = CountingEmbedder("other")
    VectorCache(tmp_path, other).vectors(["abc"])
    assert other.asked == ["abc"]


def test_a_broken_file_of_vectors_counts_as_empty(tmp_path: Path) -> None:
    VectorCache(tmp_path, CountingEmbedder()).vectors(["abc"])
    for file in tmp_path.rglob("*.npz"):
        file.write_bytes(file.read_bytes()[:40])
    again = CountingEmbedder()
    assert VectorCache(tmp_path, again).vectors(["abc"]).shape == (1, 26)
    assert again.asked == ["abc"]


def test_the_cache_keeps_no_text(tmp_path: Path) -> None:
    VectorCache(tmp_path, CountingEmbedder()).vectors(["confidentialsecret"])
    assert all(b"confidentialsecret" not in file.read_bytes() for file in tmp_path.rglob("*.npz"))


def test_progress_counts_what_is_new(tmp_path: Path) -> None:
    VectorCache(tmp_path, CountingEmbedder()).vectors(["abc"])
    told: list[tuple[int, int]] = []
    VectorCache(tmp_path, CountingEmbedder()).vectors(
        ["abc", "d", "e"], lambda done, of: told.append((done, of))
    )
    assert told == [(2, 2)]
