"""Which law governs: said, likely, or left open; never the law of an address."""

import pytest

from actors.errors import InvalidInputError
from tests.unit.intake_reading import read


def law(message: str) -> str | None:
    matter = read(message).matter
    return matter.jurisdiction or matter.jurisdiction_named


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("NDA under Delaware law", "US-DE"),
        ("NDA governed by the laws of the State of New York", "US-NY"),
        ("NDA, governing law: Texas", "US-TX"),
        ("Delaware NDA", "US-DE"),
        ("an English lease", "UK-EW"),
        ("English-law NDA", "UK-EW"),
        ("NDA (NY)", "US-NY"),
        ("NDA in California", "US-CA"),
        ("NDA for use in the UK", "UK-EW"),
        ("NDA, Delaware", "US-DE"),
        ("nda under tx law", "US-TX"),
        ("NDA. California law applies.", "US-CA"),
        (
            "NDA between Acme Inc., a Delaware corporation, and Beta LLC, a Texas LLC, under New York law",
            "US-NY",
        ),
        ("NDA between Acme, of 1 Main Street, Dover, DE 19901, and Beta", None),
        ("NDA between Acme Inc., a Delaware corporation, and Beta", None),
        ("NDA between Bank of Texas and Beta", None),
        ("lease for premises at 12 Elm St., Austin, TX 78701", None),
        ("NDA between a company incorporated in Ohio and Beta LLC", None),
        ("NDA", None),
        ("NDA about a plant, Ohio", "Ohio"),
        ("NDA governed by Texas law with courts of New York", "US-TX"),
        ("NDA not under California law", None),
    ],
)
def test_a_place_governs_only_where_the_request_gives_it_that_part(
    message: str, expected: str | None
) -> None:
    assert law(message) == expected


def test_two_governing_laws_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="Texas") as raised:
        read("NDA under New York law, governed by the laws of Texas")

    assert "two governing laws" in raised.value.reason


def test_a_place_without_rules_is_told() -> None:
    assert read("NDA under Ohio law").notices == (
        "Ohio has no rule pack: the document uses general law only.",
    )


@pytest.mark.parametrize(
    "message", ["NDA in California or Texas", "NDA under US law", "NDA governed by Ruritanian law"]
)
def test_a_law_that_stays_open_is_told(message: str) -> None:
    understanding = read(message)

    assert understanding.matter.jurisdiction is None
    assert understanding.notices
