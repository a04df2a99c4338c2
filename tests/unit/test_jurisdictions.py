"""Places: option values, layers of law, and places named in messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.jurisdictions import (
    find_places,
    jurisdictions,
    layers,
    parse_jurisdiction,
    recognised_place,
)
from actors.errors import UnknownJurisdictionError


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("US-DE", "US-DE"),
        ("us-ca", "US-CA"),
        ("Cal.", "US-CA"),
        ("N.Y.", "US-NY"),
        ("ny", "US-NY"),
        ("  State of  New York ", "US-NY"),
        ("the laws of the State of Texas", "US-TX"),
        ("English law", "UK-EW"),
        ("England & Wales", "UK-EW"),
        ("uk", "UK-EW"),
        ("Californian", "US-CA"),
        ("Delaware law", "US-DE"),
    ],
)
def test_an_option_names_a_jurisdiction_in_many_ways(given: str, expected: str) -> None:
    assert parse_jurisdiction(given) == expected


@pytest.mark.parametrize(
    ("given", "nearest"), [("Califronia", "US-CA"), ("Texass", "US-TX"), ("Delawere", "US-DE")]
)
def test_a_misspelt_jurisdiction_is_refused_with_the_nearest(given: str, nearest: str) -> None:
    with pytest.raises(UnknownJurisdictionError) as raised:
        parse_jurisdiction(given)

    assert raised.value.known[0] == nearest


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Ohio", "Ohio"),
        ("US-OH", "Ohio"),
        ("france", "France"),
        ("Scotland", "Scotland"),
        ("Washington, D.C.", "District of Columbia"),
        ("DC", "District of Columbia"),
        ("Commonwealth of Virginia", "Virginia"),
        ("Delaware", "Delaware"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_real_place_is_recognised_with_or_without_a_rule_pack(given: str, name: str | None) -> None:
    assert recognised_place(given) == name


def test_a_real_place_without_a_rule_pack_is_no_jurisdiction() -> None:
    with pytest.raises(UnknownJurisdictionError):
        parse_jurisdiction("Ohio")


def test_the_law_that_applies_is_listed_nearest_first() -> None:
    assert layers("US-DE") == ("US-DE", "US-FED", "US-UCC", "GENERAL")
    assert layers("UK-EW") == ("UK-EW", "GENERAL")
    assert layers(None) == ("GENERAL",)
    assert set(jurisdictions()) == {"US-DE", "US-NY", "US-CA", "US-TX", "UK-EW"}
    with pytest.raises(UnknownJurisdictionError):
        layers("US-OH")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an NDA under Delaware law", [("US-DE", "Delaware")]),
        ("nda governed by the laws of the state of new york, please", [("US-NY", "New York")]),
        ("Acme, a DE LLC, and Bob, CA", [("US-DE", "Delaware"), ("US-CA", "California")]),
        ("BANCO DE CHILE and the CAT", [(None, "Chile")]),
        ("mail anna@shop.DE or CA-2201", []),
        ("we decided to be in or out, hi me ok", []),
        ("an office in Columbus, OH", [(None, "Ohio")]),
        ("Georgia law, not georgia", [(None, "Georgia")]),
        ("a contract in English", []),
        ("English law and no more", [("UK-EW", "England and Wales")]),
        ("the courts of England and Wales", [("UK-EW", "England and Wales")]),
        ("West Virginia and New Mexico", [(None, "West Virginia"), (None, "New Mexico")]),
        ("Washington, D.C. and Washington", [(None, "District of Columbia"), (None, "Washington")]),
        ("N.Y. law; Cal. law", [("US-NY", "New York"), ("US-CA", "California")]),
        ("California's courts", [("US-CA", "California")]),
        ("Northern Ireland", [(None, "Northern Ireland")]),
        ("a jersey from china", []),
        ("UK and US-TX", [("UK-EW", "England and Wales"), ("US-TX", "Texas")]),
    ],
)  # fmt: skip
def test_places_are_found_in_a_message(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert [(place.jurisdiction, place.name) for place in find_places(text)] == expected


@given(st.text(max_size=300))
def test_any_text_is_read_and_mentions_never_overlap(text: str) -> None:
    end = 0
    for place in find_places(text + " Delaware " + text):
        assert place.start >= end
        end = place.end
