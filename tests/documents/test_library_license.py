"""The software license agreement, in every place and combination."""

import re

import pytest

from actors.domain.library import load_type
from tests.documents.library_documents import (
    AMERICAN,
    draft,
    matter_for,
)

TYPE = "license"
ALL_OPTIONS = tuple(option.id for option in load_type(TYPE).options)

MUST_SAY = [
    *((place, r"MERCHANTABILITY") for place in AMERICAN),
    *((place, r"11 U\.S\.C\. § 365\(n\)") for place in AMERICAN),
    *((place, r"11 U\.S\.C\. § 365\(e\)\(1\)") for place in AMERICAN),
    *((place, r"18 U\.S\.C\. § 1833\(b\)") for place in AMERICAN),
    ("US-CA", r"Cal\. Civ\. Code § 1668"),
    ("UK-EW", r"Software Licence Agreement"),
    ("UK-EW", r"Unfair Contract Terms Act 1977, s 2\(1\)"),
    ("UK-EW", r"Contracts \(Rights of Third Parties\) Act 1999"),
    ("UK-EW", r"“Licence Term”"),
    ("UK-EW", r"Schedule 1: Licence Details"),
    ("US-DE", r"Exhibit A: License Details"),
    (None, r"\[Governing Law\]"),
]
MUST_NOT_SAY = [
    ("US-CA", r"(?i)trial by jury"),
    ("UK-EW", r"(?i)trial by jury|merchantability"),
    ("UK-EW", r"\b(?:a|the|no) license\b|\bLicense\b|\blabor\b|unauthorized|willful"),
    (None, r"(?i)bankruptcy"),
]


@pytest.mark.parametrize(("place", "pattern"), MUST_SAY)
def test_a_license_says_what_the_law_of_its_place_wants(place: str | None, pattern: str) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, named=False)).text)


@pytest.mark.parametrize(("place", "pattern"), MUST_NOT_SAY)
def test_a_license_leaves_out_what_has_no_effect_there(place: str | None, pattern: str) -> None:
    assert not re.search(pattern, draft(matter_for(TYPE, place, requests=ALL_OPTIONS)).text)


def test_a_license_is_not_exclusive_unless_the_request_says_so() -> None:
    plain = draft(matter_for(TYPE, "US-DE")).text
    exclusive = draft(matter_for(TYPE, "US-DE", facts={"exclusivity": "exclusive"})).text

    assert "a non-exclusive license" in plain
    assert "17 U.S.C. § 204(a)" not in plain
    assert "an exclusive license" in exclusive
    assert "non-exclusive" not in exclusive
    assert "17 U.S.C. § 204(a)" in exclusive


def test_a_perpetual_license_has_no_term_in_years() -> None:
    text = draft(matter_for(TYPE, "US-NY", facts={"perpetual": True})).text

    assert "is perpetual: it ends only if this Agreement is terminated" in text
    assert "[Term]" not in text


def test_escrow_is_tied_to_the_rights_in_bankruptcy_only_when_asked_for() -> None:
    asked = draft(matter_for(TYPE, "US-CA", requests=("escrow",))).text

    assert "[Escrow Agent]" in asked
    assert "is supplementary to this Agreement" in asked
    assert "escrow" not in draft(matter_for(TYPE, "US-CA")).text


def test_the_licensor_may_end_an_english_license_on_insolvency_only_as_the_act_allows() -> None:
    text = draft(matter_for(TYPE, "UK-EW")).text

    assert "only so far as Insolvency Act 1986, s 233B allows it" in text
