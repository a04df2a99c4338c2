"""The software-as-a-service agreement, in every place and combination."""

import re
from decimal import Decimal

import pytest

from actors.domain.library import load_type
from tests.documents.library_documents import (
    AMERICAN,
    draft,
    matter_for,
)

TYPE = "saas"
ALL_OPTIONS = tuple(option.id for option in load_type(TYPE).options)

MUST_SAY = [
    *((place, r"MERCHANTABILITY") for place in AMERICAN),
    *((place, r"11 U\.S\.C\. § 365\(n\)") for place in AMERICAN),
    ("US-NY", r"N\.Y\. Gen\. Oblig\. Law § 5-903"),
    *((place, r"11 U\.S\.C\. § 365\(e\)\(1\)") for place in AMERICAN),
    *((place, r"18 U\.S\.C\. § 1833\(b\)") for place in AMERICAN),
    *((place, r"45 C\.F\.R\. § 164\.504\(e\)") for place in AMERICAN),
    ("US-CA", r"Cal\. Civ\. Code § 1668"),
    ("US-CA", r"Cal\. Civ\. Code §§ 1798\.100\(d\), 1798\.140\(ag\)"),
    ("UK-EW", r"Unfair Contract Terms Act 1977, s 2\(1\)"),
    ("UK-EW", r"Late Payment of Commercial Debts \(Interest\) Act 1998, ss 1, 4, 6, 8"),
    ("UK-EW", r"Insolvency Act 1986, s 233B"),
    ("UK-EW", r"UK GDPR art 28\(3\)"),
    ("UK-EW", r"documented instructions"),
    ("UK-EW", r"reasonable care and skill"),
    ("UK-EW", r"Schedule 1: Order Form"),
    ("US-DE", r"Exhibit A: Order Form"),
    (None, r"\[Governing Law\]"),
]
MUST_NOT_SAY = [
    ("US-CA", r"(?i)solicit"),
    ("US-CA", r"(?i)trial by jury"),
    ("UK-EW", r"(?i)trial by jury|merchantability"),
    ("UK-EW", r"\blicense to\b|\blabor\b|unauthorized|willful"),
    (None, r"U\.S\.C\."),
]


@pytest.mark.parametrize(("place", "pattern"), MUST_SAY)
def test_a_saas_agreement_says_what_the_law_of_its_place_wants(place: str | None, pattern: str) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, named=False)).text)


@pytest.mark.parametrize(("place", "pattern"), MUST_NOT_SAY)
def test_a_saas_agreement_leaves_out_what_has_no_effect_there(place: str | None, pattern: str) -> None:
    assert not re.search(pattern, draft(matter_for(TYPE, place, requests=ALL_OPTIONS)).text)


def test_a_subscription_renews_unless_the_request_says_no() -> None:
    renewing = draft(matter_for(TYPE, "US-DE")).text
    ending = draft(matter_for(TYPE, "US-DE", facts={"auto_renewal": False})).text

    assert "It then renews for successive terms of 12 months each" in renewing
    assert "extended only if the parties agree" in ending
    assert "remind" not in ending


def test_a_customer_friendly_subscription_renews_only_when_asked_for() -> None:
    assert "renews for" not in draft(matter_for(TYPE, "UK-EW", stance="customer")).text
    asked = matter_for(TYPE, "UK-EW", stance="customer", facts={"auto_renewal": True})
    assert "renews for" in draft(asked).text


def test_the_promised_availability_is_the_one_that_was_given() -> None:
    text = draft(matter_for(TYPE, "US-TX", facts={"uptime": Decimal("99.9")})).text

    assert "at least 99.9% of the time" in text
    assert "99.5%" not in text


def test_only_an_english_subscription_carries_processing_terms_of_article_28() -> None:
    assert "Schedule 3: Data Processing Terms" in draft(matter_for(TYPE, "UK-EW")).text
    assert "Data Processing Terms" not in draft(matter_for(TYPE, "US-NY")).text
