"""Markdown and text files: statutes by section, everything else as a contract."""

import datetime
from pathlib import Path

import pytest

from actors.domain.importing.subdivisions import find_subdivisions
from actors.errors import InvalidInputError
from tests.unit.import_origin import TODAY, parse

BEE_LAW = """---
citation: "18 U.S.C. § 1833(b)"
heading: Bees
as_of: 2025-02-03
families: nda, employment
source: somewhere
---
(b) Bees.—

(1) Hives.— A hive is a box under section 1836 or—

(A) a log; or

(B) a tree.
"""
CODE = """---
code: Cal. Civ. Code
---
# Title of the code

§ 1670.5. Unfair bees

(a) A court may free them.

**Section 1671. Honey**

Honey is sweet. Section 1670.5 says so.

§ 1672. Repealed.
"""


def test_front_matter_makes_a_file_one_section(tmp_path: Path) -> None:
    (law,) = parse(tmp_path, "bees.md", BEE_LAW).passages

    assert (law.kind, law.citation, law.heading) == ("statute", "18 U.S.C. § 1833(b)", "Bees")
    assert (law.keys, law.pin, law.jurisdiction) == (("us-fed/usc/18/1833",), ("b",), "US-FED")
    assert (law.as_of, law.families) == (datetime.date(2025, 2, 3), ("nda", "employment"))
    assert [part.pin for part in law.subdivisions] == [("b",), ("b", "1"), ("b", "1", "A"), ("b", "1", "B")]
    assert [part.heading for part in law.subdivisions][:2] == ["Bees", "Hives"]
    assert law.references == ("18 U.S.C. § 1836",)


def test_a_file_of_a_code_is_split_at_its_sections(tmp_path: Path) -> None:
    laws = parse(tmp_path, "code.md", CODE).passages

    assert [(law.citation, law.heading, law.status) for law in laws] == [
        ("Cal. Civ. Code § 1670.5", "Unfair bees", "in_force"),
        ("Cal. Civ. Code § 1671", "Honey", "in_force"),
        ("Cal. Civ. Code § 1672", "Repealed", "repealed"),
    ]
    assert laws[1].text == "Honey is sweet. Section 1670.5 says so."
    assert {law.jurisdiction for law in laws} == {"US-CA"}


def test_lines_that_begin_with_a_citation_begin_sections(tmp_path: Path) -> None:
    text = "18 U.S.C. § 1 Bees\n\nBees fly.\n\n## 18 U.S.C. § 2: Hives\n\nSee 18 U.S.C. § 1 of the law.\n"
    laws = parse(tmp_path, "law.txt", text).passages

    assert [(law.citation, law.heading, law.text) for law in laws] == [
        ("18 U.S.C. § 1", "Bees", "Bees fly."),
        ("18 U.S.C. § 2", "Hives", "See 18 U.S.C. § 1 of the law."),
    ]


def test_a_contract_that_cites_a_statute_stays_a_contract(tmp_path: Path) -> None:
    text = "# Lease\n\n## 1. Bees\n\nNo bees, as 18 U.S.C. § 1833(b) has it, may live in the house.\n"
    assert [one.kind for one in parse(tmp_path, "lease.md", text).passages] == ["clause"]


def test_a_citation_of_an_unknown_form_is_printed_and_not_looked_up(tmp_path: Path) -> None:
    (law,) = parse(tmp_path, "a.md", "---\ncitation: Bee Law art. 5\n---\nBees fly.\n").passages
    assert (law.citation, law.keys, law.jurisdiction) == ("Bee Law art. 5", (), "GENERAL")


@pytest.mark.parametrize(
    ("line", "reason"), [("as_of: tomorrow", "as_of"), ("jurisdiction: Atlantis", "jurisdiction: 'Atlantis'")]
)
def test_front_matter_that_is_wrong_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        parse(tmp_path, "a.md", f"---\ncitation: 18 U.S.C. § 1\n{line}\n---\nBees fly.\n")


def test_front_matter_cannot_grow(tmp_path: Path) -> None:
    bomb = "---\na: &a [x]\nb: &b [*a, *a]\nciti: *b\n---\nA clause that is long enough to be kept as one.\n"
    (clause,) = parse(tmp_path, "a.md", bomb).passages
    assert clause.text == "A clause that is long enough to be kept as one."


@pytest.mark.parametrize("place", ["US-IL", "Illinois", "Delaware", "federal", "GENERAL"])
def test_front_matter_says_whose_law_it_is(tmp_path: Path, place: str) -> None:
    text = f"---\ncitation: Bee Law\njurisdiction: {place}\n---\nBees fly.\n"
    expected = {"Delaware": "US-DE", "Illinois": "US-IL", "federal": "US-FED"}.get(place, place)
    assert parse(tmp_path, "a.md", text).passages[0].jurisdiction == expected


@pytest.mark.parametrize(
    ("labels", "pins"),
    [
        ("(a) (1) (2) (b)", ["a", "a1", "a2", "b"]),
        ("(h) (i) (j)", ["h", "i", "j"]),
        ("(a) (1) (A) (i) (ii) (B)", ["a", "a1", "a1A", "a1Ai", "a1Aii", "a1B"]),
        ("(a) (1) (A) (i) (I) (II) (ii)", ["a", "a1", "a1A", "a1Ai", "a1AiI", "a1AiII", "a1Aii"]),
        ("(1) (2) (3)", ["1", "2", "3"]),
        ("(a)(1) (2)", ["a", "a1", "a2"]),
        ("(c) (v) (d)", ["c", "cv", "d"]),
    ],
)
def test_labels_find_their_level(labels: str, pins: list[str]) -> None:
    text = "\n".join(f"{label} words" for label in labels.split(" "))
    assert ["".join(part.pin) for part in find_subdivisions(text)] == pins


def test_a_part_holds_all_that_lies_in_it() -> None:
    text = "Lead.\n(a) One.\n(1) Inner.\n\n(b) Two."
    told = [text[part.start : part.end] for part in find_subdivisions(text)]
    assert told == ["(a) One.\n(1) Inner.", "(1) Inner.", "(b) Two."]


def test_parentheses_within_a_line_are_no_labels() -> None:
    assert find_subdivisions("See (a) and (b).\nThe sum (1) is due.") == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("\ufeff# Lease\n\nThe lessee keeps no bees in or near the house, ever.".encode(), "no bees"),
        ("The café owner keeps no bees in or near the house at any time.".encode("latin-1"), "café"),
        ("The lessee keeps no bees in or near the house, ever at all.".encode("utf-16"), "no bees"),
    ],
)
def test_text_is_read_in_the_encoding_that_it_has(tmp_path: Path, content: bytes, expected: str) -> None:
    (clause,) = parse(tmp_path, "a.txt", content).passages
    assert expected in clause.text
    assert "\ufeff" not in clause.text
    assert clause.as_of == TODAY


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"abc\x00def", "NUL"), (b"abc \xed\xa0\x80", "surrogate"), (b"", "empty"), (b" \n\n", "no text")],
)
def test_text_that_is_none_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        parse(tmp_path, "a.txt", content)


def test_a_file_of_another_form_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"it is none of \.xml, \.jsonl"):
        parse(tmp_path, "a.xls", b"x")
