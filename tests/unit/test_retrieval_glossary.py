"""What a query is taken to be about."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import LibraryError
from actors.retrieval.asking import Asking
from actors.retrieval.concept_matching import ConceptMatcher, ConceptVectors
from actors.retrieval.glossary import load_glossary

GLOSSARY = load_glossary()
MATCHER = ConceptMatcher(GLOSSARY, Asking(), None)


def matched(query: str) -> set[str]:
    return {GLOSSARY[number].name for number in MATCHER.match(query, None)}


@pytest.mark.parametrize(
    ("query", "concepts"),
    [
        ("liability cap", {"cap on liability"}),
        ("Termination for convenience clause", {"termination for convenience"}),
        ("audit rights", {"audit rights"}),
        ("gross negligence carveout", {"gross negligence", "carveout"}),
        ("non-compete and non-solicitation of employees", {"non-compete", "non-solicitation of employees"}),
        ("clause", set()),
        ("", set()),
    ],
)
def test_a_query_is_about_the_concepts_that_it_names(query: str, concepts: set[str]) -> None:
    assert matched(query) == concepts


def test_the_longest_name_wins_over_its_parts() -> None:
    assert matched("right of first refusal") == {"right of first refusal"}


def test_every_way_of_asking_finds_something() -> None:
    assert not [ask for concept in GLOSSARY for ask in concept.ask if not matched(ask)]


def test_a_hidden_concept_is_not_found() -> None:
    (number,) = MATCHER.match("liability cap", None)
    assert number not in MATCHER.match("liability cap", None, {number})


@given(st.text())
def test_weights_of_any_query_add_up_to_one_or_there_are_none(query: str) -> None:
    weights = MATCHER.match(query, None)
    assert not weights or sum(weights.values()) == pytest.approx(1)
    assert all(weight > 0 for weight in weights.values())


def test_meaning_finds_what_words_do_not() -> None:
    asks = [n for n, concept in enumerate(GLOSSARY) for _ in concept.ask]
    vectors = ConceptVectors(
        np.eye(len(GLOSSARY), dtype=np.float32)[asks], np.eye(len(GLOSSARY), dtype=np.float32)
    )
    matcher = ConceptMatcher(GLOSSARY, Asking(), vectors)
    weights = matcher.match("xyzzy", np.eye(len(GLOSSARY), dtype=np.float32)[7])
    assert max(weights, key=lambda number: weights[number]) == 7
    assert sum(weights.values()) == pytest.approx(1)


def test_sentences_that_say_what_is_not_wanted_are_left_out() -> None:
    query = "A clause on renewal. It should not include termination. Notice is given."
    assert Asking().wanted(query) == "A clause on renewal. Notice is given."
    assert Asking().wanted("Do not include renewal.") == "Do not include renewal."


def test_asking_words_do_not_count_where_there_are_others() -> None:
    assert Asking().telling("A clause that states that rent is due") == ["rent", "due"]
    assert Asking().telling("a clause") == ["claus"]


def test_a_short_query_is_embedded_as_it_is_and_a_description_without_its_asking_words() -> None:
    assert Asking().to_embed("a clause on rent") == "a clause on rent"
    description = (
        "A clause that states that the tenant shall pay the monthly rent in advance on the first day"
    )
    assert Asking().to_embed(description) == "tenant shall pay monthly rent in advance on first day"


def test_the_glossary_is_wide_and_whole() -> None:
    assert len(GLOSSARY) > 300
    assert all(len(concept.clause.split()) >= 6 and len(concept.words) >= 1 for concept in GLOSSARY)


@pytest.mark.parametrize(
    "content",
    [
        "rent: {ask: [], words: []}",
        "rent: {ask: [1], words: [rent], clause: Rent is due.}",
        "rent: {ask: rent, words: [rent], clause: Rent is due.}",
        "rent: text",
        "- rent",
    ],
)
def test_a_wrong_file_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(LibraryError, match=r"wrong\.yaml"):
        load_glossary(tmp_path)


def test_two_concepts_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("rent: {ask: [], words: [rent], clause: Rent is due.}", encoding="utf-8")
    with pytest.raises(LibraryError, match="rent"):
        load_glossary(tmp_path)
