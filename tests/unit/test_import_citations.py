"""What was imported shows what exists, down to the subdivision, and what is law no more."""

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from actors.domain.authority import Authority
from actors.domain.citation import Citation
from actors.domain.citations.check import check_citations
from actors.domain.citations.index import CitationIndex
from actors.domain.importing.imported_law import ImportedProvisions
from actors.domain.importing.passage import Parsed, Passage
from tests.unit.import_origin import TODAY, parse
from tests.unit.uslm_samples import GONE, RUN, SECTION, section, title

OWN = Authority(
    id="own",
    kind="rule",
    jurisdiction="US-FED",
    citation="90 U.S.C. § 103",
    applies_to=("all",),
    statement="So.",
    confidence="V",
    as_of=TODAY,
)


def law_of(parsed: Parsed) -> ImportedProvisions:
    def find(field: str, value: str) -> Sequence[tuple[str, Passage]]:
        return [("bees", one) for one in parsed.passages if value in fields(one)[field]]

    return ImportedProvisions(find, dict.fromkeys(parsed.whole_sources, "Title 90"))


def fields(one: Passage) -> dict[str, list[str]]:
    sources = [key.rpartition("/")[0] for key in one.keys]
    return {
        "key": list(one.keys),
        "source": sources,
        "unit": [f"{source}/{unit}" for source in sources for unit in one.units],
        "run": sources if one.last_key else [],
    }


@pytest.fixture
def index(tmp_path: Path) -> CitationIndex:
    parsed = parse(tmp_path, "a.xml", title(SECTION, section("102"), GONE, RUN, section("120")))
    return dataclasses.replace(CitationIndex.from_authorities([OWN]), imported=law_of(parsed))


def check(text: str, index: CitationIndex) -> Citation:
    (found,) = check_citations(text, index, datetime.date(2026, 11, 22))
    return found


@pytest.mark.parametrize(
    "text",
    ["90 U.S.C. § 101", "90 U.S.C. § 101(a)(2)", "90 USC 102", "section 102 of title 90, United States Code",
     "90 U.S.C. §§ 101-120", "90 U.S.C. § 101(a)(1)-(2)", "90 U.S.C. ch. 1"],
)  # fmt: skip
def test_what_was_imported_is_verified(text: str, index: CitationIndex) -> None:
    found = check(text, index)
    assert (found.state, found.authority_id, found.as_of) == (
        "verified",
        "bees:us-fed/usc/90/101" if "102" not in text and "USC 102" not in text else "bees:us-fed/usc/90/102",
        datetime.date(2025, 3, 4),
    )


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("90 U.S.C. § 999", "Title 90 has no such provision."),
        ("90 U.S.C. § 101(z)", "The section is in the index, this subdivision is not."),
        ("90 U.S.C. § 101(a)(1)-(9)", "The section is in the index, this subdivision is not."),
        ("90 U.S.C. ch. 7", "Title 90 has no such provision."),
        ("90 U.S.C. §§ 101-999", "The index does not hold every section of this range."),
    ],
)
def test_what_a_whole_title_lacks_is_not_found(text: str, detail: str, index: CitationIndex) -> None:
    found = check(text, index)
    assert (found.state, found.detail) == ("not_found", detail)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("90 U.S.C. § 103A", "repealed"),
        ("90 U.S.C. § 103A(a)", "repealed"),
        ("90 U.S.C. § 101(b)", "repealed"),
        ("90 U.S.C. § 110", "omitted"),
        ("90 U.S.C. § 115", "omitted"),
    ],
)
def test_what_is_marked_as_gone_is_outdated(text: str, mark: str, index: CitationIndex) -> None:
    found = check(text, index)
    assert (found.state, found.detail) == ("outdated", f"The index marks it as {mark}.")


def test_a_repeal_that_was_imported_wins_over_the_project_s_own_word(index: CitationIndex) -> None:
    assert check("90 U.S.C. § 103", CitationIndex.from_authorities([OWN])).state == "verified"
    assert check("90 U.S.C. § 103", index).state == "outdated"


def test_a_section_without_its_title_could_mean_an_imported_one(index: CitationIndex) -> None:
    found = check("Section 120 of the United States Code", index)
    assert (found.state, found.detail.endswith("it could mean 90 U.S.C. § 120.")) == ("ambiguous", True)


def test_a_part_of_a_section_shows_that_part_and_no_other(tmp_path: Path) -> None:
    parsed = parse(tmp_path, "a.md", "---\ncitation: 90 U.S.C. § 7(b)\n---\n(b) Bees.\n\n(1) Hives.\n")
    index = dataclasses.replace(CitationIndex.from_authorities([]), imported=law_of(parsed))

    assert [check(f"90 U.S.C. § 7{pin}", index).state for pin in ("", "(b)", "(b)(1)", "(c)", "(b)(2)")] == [
        *["verified"] * 3,
        *["not_found"] * 2,
    ]


def test_law_that_is_not_whole_says_nothing_of_what_it_lacks(tmp_path: Path) -> None:
    parsed = parse(tmp_path, "a.md", "---\ncitation: 90 U.S.C. § 7\n---\nBees.\n")
    index = dataclasses.replace(CitationIndex.from_authorities([]), imported=law_of(parsed))
    assert check("90 U.S.C. § 8", index).detail == (
        "The index holds other provisions of this source, not this one."
    )
