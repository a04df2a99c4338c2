"""The corpus: what it holds, and how wrong data is refused."""

import datetime
import json
from pathlib import Path

import pytest

from actors.domain.authority import Authority
from actors.domain.corpus import bears_on, in_force, load_corpus
from actors.domain.jurisdictions import layers
from actors.errors import LibraryError

AS_OF = datetime.date(2026, 11, 22)
FAMILIES = ("nda", "services", "contractor", "employment", "saas", "license", "lease")
PACKS = ("US-DE", "US-NY", "US-CA", "US-TX", "UK-EW")
TOPICS = "deeds: {label: deeds, words: deed}\n"
HEAD = "jurisdiction: UK-EW\nkind: rule\nas_of: 2026-11-22\nentries:\n"
ENTRY = (
    "  a:\n    citation: An Act, s 1\n    applies_to: all\n    topics: deeds\n"
    "    confidence: H\n    statement: So.\n"
)


@pytest.mark.parametrize("jurisdiction", PACKS)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_type_has_eight_authorities_and_two_of_the_place_itself(family: str, jurisdiction: str) -> None:
    bearing = [
        authority
        for authority in load_corpus().authorities
        if authority.jurisdiction in layers(jurisdiction)
        and bears_on(authority, (family,))
        and authority.confidence != "?"
        and in_force(authority, AS_OF)
    ]

    assert len(bearing) >= 8
    assert sum(authority.jurisdiction == jurisdiction for authority in bearing) >= 2


def test_every_seed_rule_is_in_the_corpus(shared_data: Path) -> None:
    by_id = load_corpus().by_id
    for rule in json.loads((shared_data / "rules_seed.json").read_text())["rules"]:
        authority = by_id[rule["id"]]
        assert authority.citation == rule["citation"]
        assert authority.confidence == rule["confidence"]
        assert set(rule["applies_to"]) <= set(authority.applies_to)
        assert authority.effective == (
            datetime.date.fromisoformat(rule["effective"]) if "effective" in rule else None
        )
        assert rule["jurisdiction"] == authority.jurisdiction or rule["jurisdiction"] == "US-OTHER"


def test_the_corpus_is_the_same_each_time_and_in_the_order_of_its_ids() -> None:
    first, second = load_corpus(), load_corpus()

    assert first.version == second.version
    ids = [authority.id for authority in first.authorities]
    assert ids == sorted(ids)


def test_every_topic_is_used() -> None:
    corpus = load_corpus()

    assert {topic for authority in corpus.authorities for topic in authority.topics} == set(corpus.topics)


def test_another_word_is_another_version(tmp_path: Path) -> None:
    def version(entry: str) -> str:
        (tmp_path / "uk.yaml").write_text(HEAD + entry)
        (tmp_path / "topics").write_text(TOPICS)
        return load_corpus(tmp_path, tmp_path / "topics").version

    assert version(ENTRY) != version(ENTRY.replace("So.", "Not so."))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD + ENTRY.replace("topics: deeds", "topics: moon"), "moon"),
        (HEAD + ENTRY.replace("    citation: An Act, s 1\n", "    citation: null\n"), "citation"),
        (HEAD + ENTRY.replace("    statement: So.\n", ""), "statement"),
        (HEAD + ENTRY.replace("confidence: H", "confidence: sure"), "confidence"),
        (HEAD + "  a: text\n", "not a mapping"),
        ("jurisdiction: UK-EW\n", "entries"),
        ("- a\n- b\n", "not a mapping"),
        ("a: [", "flow"),
    ],
)
def test_wrong_data_is_refused_with_file_and_reason(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "uk.yaml").write_text(content)
    (tmp_path / "topics").write_text(TOPICS)

    with pytest.raises(LibraryError, match=reason) as raised:
        load_corpus(tmp_path, tmp_path / "topics")

    assert raised.value.file == "uk.yaml"


def test_an_id_taken_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + ENTRY)
    (tmp_path / "b.yaml").write_text(HEAD + ENTRY)
    (tmp_path / "topics").write_text(TOPICS)

    with pytest.raises(LibraryError, match="already taken"):
        load_corpus(tmp_path, tmp_path / "topics")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2023-12-31", False), ("2024-01-01", True), ("2024-08-19", True), ("2024-08-20", False)],
)
def test_law_is_in_force_from_its_first_day_until_the_day_it_ends(day: str, expected: bool) -> None:
    authority = Authority(
        id="x",
        kind="rule",
        jurisdiction="US-FED",
        citation="1 U.S.C. § 1",
        applies_to=("all",),
        statement="So.",
        confidence="H",
        as_of=AS_OF,
        effective=datetime.date(2024, 1, 1),
        ended=datetime.date(2024, 8, 20),
    )

    assert in_force(authority, datetime.date.fromisoformat(day)) is expected


def test_a_wrong_vocabulary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "topics").write_text("deeds: text\n")

    with pytest.raises(LibraryError, match="topics"):
        load_corpus(tmp_path, tmp_path / "topics")
