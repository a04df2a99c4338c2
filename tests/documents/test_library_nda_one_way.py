"""The one-way non-disclosure agreement, in every place and combination."""

import re

import pytest

from actors.domain.library import load_type
from tests.documents.library_documents import (
    AMERICAN,
    draft,
    matter_for,
)

TYPE = "nda_one_way"
ALL_OPTIONS = tuple(option.id for option in load_type(TYPE).options)

MUST_SAY = [
    *((place, r"18 U\.S\.C\. § 1833\(b\)") for place in AMERICAN),
    *((place, r"17 C\.F\.R\. § 240\.21F-17\(a\)") for place in AMERICAN),
    *((place, r"42 U\.S\.C\. § 19403") for place in AMERICAN),
    ("UK-EW", r"Employment Rights Act 1996, s 43J"),
    ("UK-EW", r"Victims and Prisoners Act 2024, s 17"),
    ("UK-EW", r"Contracts \(Rights of Third Parties\) Act 1999"),
    ("UK-EW", r"licence"),
    (None, r"\[Governing Law\]"),
]
MUST_NOT_SAY = [
    ("US-CA", r"(?i)solicit|deal around"),
    ("US-CA", r"TRIAL BY JURY"),
    ("UK-EW", r"TRIAL BY JURY"),
    ("UK-EW", r"\blicense\b|unauthorized|bond"),
]


@pytest.mark.parametrize(("place", "pattern"), MUST_SAY)
def test_a_one_way_nda_says_what_the_law_of_its_place_wants(place: str | None, pattern: str) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, named=False)).text)


@pytest.mark.parametrize(("place", "pattern"), MUST_NOT_SAY)
def test_a_one_way_nda_leaves_out_what_has_no_effect_there(place: str | None, pattern: str) -> None:
    assert not re.search(pattern, draft(matter_for(TYPE, place, requests=ALL_OPTIONS)).text)


def test_only_the_recipient_is_bound_to_secrecy() -> None:
    text = draft(matter_for(TYPE, "US-DE")).text

    assert "The Recipient must keep Confidential Information secret" in text
    assert "The Discloser must keep" not in text


def test_the_marking_clause_and_the_definition_go_together() -> None:
    marked = draft(matter_for(TYPE, "US-NY", requests=("marking",))).text
    plain = draft(matter_for(TYPE, "US-NY")).text

    assert "meets the requirement of Section 2.1" in marked
    assert "Information in writing must be marked" in marked
    assert "must be marked" not in plain


def test_an_agreed_exclusion_closes_the_list_of_exceptions() -> None:
    text = draft(matter_for(TYPE, "US-TX", carve_outs=("price lists",))).text

    assert "have agreed to exclude: price lists." in text
