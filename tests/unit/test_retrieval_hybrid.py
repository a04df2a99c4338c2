"""One ranking out of words, meaning and glossary."""

from pathlib import Path

import numpy as np
import pytest

from actors.errors import InvalidInputError, LibraryError
from actors.retrieval.embedder import Absent
from actors.retrieval.hybrid_index import HybridIndex
from actors.retrieval.passages import Passage
from actors.retrieval.ranker import HEAD, load_ranker, standardised
from tests.unit.test_retrieval_vectors import CountingEmbedder

PASSAGES = [
    Passage(
        "cap", "In no event shall the aggregate amount exceed the fees paid in the twelve months before."
    ),
    Passage("renewal", "This contract renews for successive periods of one year unless notice is given."),
    Passage("law", "The laws of the State of New York govern."),
]
ABSENT = Absent("weights are not installed")


def ids(index: HybridIndex, words: str, limit: int = 10) -> list[str]:
    return [hit.id for hit in index.search(words, limit).hits]


def test_a_clause_is_found_by_the_name_of_its_concept_though_it_has_none_of_its_words() -> None:
    found = HybridIndex(PASSAGES, ABSENT).search("liability cap")
    assert found.hits[0].id == "cap"
    assert found.concepts == ("cap on liability",)


def test_without_vectors_search_says_that_it_stands_on_words() -> None:
    found = HybridIndex(PASSAGES, ABSENT).search("automatic renewal")
    assert found.lexical_only == "weights are not installed"
    assert found.hits[0].id == "renewal"
    assert set(found.hits[0].parts) == {"words", "glossary words", "glossary text"}


def test_with_vectors_meaning_has_its_part(tmp_path: Path) -> None:
    found = HybridIndex(PASSAGES, CountingEmbedder(), tmp_path).search("New York law")
    assert found.lexical_only == ""
    assert found.hits[0].id == "law"
    assert {"meaning", "glossary meaning"} <= set(found.hits[0].parts)


def test_the_parts_add_up_to_the_score(tmp_path: Path) -> None:
    for hit in HybridIndex(PASSAGES, CountingEmbedder(), tmp_path).search("notice of renewal").hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-3)


def test_the_whole_corpus_is_ranked_up_to_the_limit() -> None:
    index = HybridIndex(PASSAGES, ABSENT)
    assert len(ids(index, "renewal")) == 3
    assert len(ids(index, "renewal", 2)) == 2
    assert ids(index, "renewal", 0) == []


def test_a_query_that_says_nothing_keeps_the_order_of_the_passages() -> None:
    assert ids(HybridIndex(PASSAGES, ABSENT), "") == ["cap", "renewal", "law"]


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    assert HybridIndex([], ABSENT).search("rent").hits == ()
    assert HybridIndex([], CountingEmbedder(), tmp_path).search("rent").hits == ()


def test_two_passages_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        HybridIndex([PASSAGES[0], PASSAGES[0]], ABSENT)


def test_scores_are_measured_against_the_best_ones() -> None:
    few = np.arange(100, dtype=np.float32)
    many = np.concatenate([np.full(10_000, -50, dtype=np.float32), np.arange(HEAD, dtype=np.float32)])
    assert standardised(few).mean() == pytest.approx(0, abs=1e-5)
    assert standardised(many)[-HEAD:].std() == pytest.approx(1, abs=1e-4)
    assert not standardised(np.full(5, 3.0, dtype=np.float32)).any()


@pytest.mark.parametrize(
    "content", ["{", '{"lexical": {}}', '{"hybrid": {"words": "many"}}', '{"hybrid": 1}']
)
def test_broken_weights_are_a_fault_of_the_library(content: str, tmp_path: Path) -> None:
    (tmp_path / "ranker.json").write_text(content, encoding="utf-8")
    with pytest.raises(LibraryError):
        load_ranker("hybrid", tmp_path / "ranker.json")
