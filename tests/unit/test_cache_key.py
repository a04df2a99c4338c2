"""Exact keys."""

import datetime as dt
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.cache_key import EVERYTHING, Scope, normalise_words, research_key, text_key
from actors.domain.authority import ResearchQuery
from actors.errors import InvalidInputError

QUERY = ResearchQuery(
    task_type="nda_mutual",
    families=("nda",),
    issues=("choice_of_law", "residuals"),
    jurisdiction="US-DE",
    as_of=dt.date(2026, 1, 31),
    words="Reasonable  Efforts",
)


def key_of(
    query: ResearchQuery = QUERY, corpus: str = "c1", retriever: str = "r1", tenant: str = "public"
) -> str:
    return research_key(query, corpus, retriever, tenant)


def test_the_same_question_has_the_same_key() -> None:
    assert key_of() == key_of(QUERY.model_copy())


def test_a_key_is_sixty_four_hexadecimal_digits() -> None:
    assert len(key_of()) == 64
    assert set(key_of()) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "change",
    [
        {"task_type": "nda_one_way"},
        {"families": ("nda", "employment")},
        {"issues": ("choice_of_law",)},
        {"jurisdiction": "US-NY"},
        {"jurisdiction": None},
        {"as_of": dt.date(2026, 2, 1)},
        {"words": "best efforts"},
        {"words": "reasonable efforts?"},
        {"limit": 23},
    ],
)
def test_every_part_of_the_question_changes_the_key(change: dict[str, Any]) -> None:
    assert key_of(QUERY.model_copy(update=change)) != key_of()


def test_the_corpus_the_retriever_and_the_tenant_change_the_key() -> None:
    keys = {key_of(), key_of(corpus="c2"), key_of(retriever="r2"), key_of(tenant="acme")}

    assert len(keys) == 4


def test_parts_cannot_run_into_each_other() -> None:
    one = QUERY.model_copy(update={"families": ("ab", "c"), "issues": ()})
    other = QUERY.model_copy(update={"families": ("a", "bc"), "issues": ()})

    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("  Reasonable\tEFFORTS\n", "reasonable efforts"),
        ("ﬁduciary duty", "fiduciary duty"),
        ("non\u00a0compete", "non compete"),
        ("STRASSE", "straße"),
    ],
)
def test_case_white_space_and_unicode_forms_are_folded(written: str, meant: str) -> None:
    assert normalise_words(written) == normalise_words(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shall assign", "shall not assign"),
        ("10 years", "10 year"),
        ("section 16600", "section 16600.1"),
        ("§ 1", "§ 2"),
        ("co-founder", "cofounder"),
        ("résumé", "resume"),
    ],
)
def test_what_may_change_the_meaning_is_not_folded(one: str, other: str) -> None:
    assert text_key(one, "US-CA", "v1") != text_key(other, "US-CA", "v1")


def test_a_question_in_words_never_shares_a_key_with_a_research_query() -> None:
    assert text_key("reasonable efforts", "US-DE", "c1") != key_of()


def test_jurisdiction_and_version_part_questions_in_words() -> None:
    keys = {text_key("q", "US-CA", "v1"), text_key("q", "US-NY", "v1"), text_key("q", "US-CA", "v2")}

    assert len(keys) == 3


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_has_a_key_and_folding_twice_changes_nothing(words: str) -> None:
    assert len(text_key(words, "US-CA", "v1")) == 64
    assert normalise_words(normalise_words(words)) == normalise_words(words)


# Scopes.


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (EVERYTHING, {"acme c1", "acme c2", "public c1", "public c2"}),
        (Scope(tenant="acme"), {"acme c1", "acme c2"}),
        (Scope(version="c2"), {"acme c2", "public c2"}),
        (Scope(tenant="public", version="c1"), {"public c1"}),
        (Scope(key=key_of(tenant="acme")), {"acme c1"}),
        (Scope(tenant="public", key=key_of(tenant="acme")), set()),
        (Scope(tenant="nobody"), set()),
    ],
    ids=str,
)
def test_a_scope_covers_what_all_its_parts_name(scope: Scope, covered: set[str]) -> None:
    keys = {
        f"{tenant} {corpus}": key_of(corpus=corpus, tenant=tenant)
        for tenant in ("acme", "public")
        for corpus in ("c1", "c2")
    }

    assert {name for name, key in keys.items() if scope.covers(key)} == covered
    if scope.key is None:
        assert {name for name, key in keys.items() if fnmatchcase(key, scope.pattern())} == covered


def test_a_question_in_words_is_in_the_scope_of_its_version() -> None:
    assert Scope(version="v1").covers(text_key("q", "US-CA", "v1"))
    assert not Scope(version="v2").covers(text_key("q", "US-CA", "v1"))


@pytest.mark.parametrize("key", ["", "*", "a" * 63, "A" * 64, "g" * 64])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidInputError, match="key"):
        Scope(key=key)


def test_no_name_of_a_tenant_can_be_read_in_a_key() -> None:
    assert "acme" not in key_of(tenant="acme")
    assert len(key_of(tenant="\ud800")) == 64
