"""The services agreement, in every place and combination."""

import re
from decimal import Decimal

import pytest

from actors.domain.library import load_type
from actors.domain.matter import FactValue, Money
from tests.documents.library_documents import (
    AMERICAN,
    draft,
    matter_for,
)

TYPE = "services"
USD_5000 = Money(amount=Decimal(5000))
ALL_OPTIONS = tuple(option.id for option in load_type(TYPE).options)

MUST_SAY = [
    *((place, r"MERCHANTABILITY") for place in AMERICAN),
    *((place, r"17 U\.S\.C\. § 204\(a\)") for place in AMERICAN),
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
    ("UK-EW", r"Schedule 1: First Statement of Work"),
    ("US-DE", r"Exhibit A: First Statement of Work"),
    (None, r"\[Governing Law\]"),
]
MUST_NOT_SAY = [
    ("US-CA", r"(?i)solicit for employment"),
    ("US-CA", r"(?i)made for hire|trial by jury"),
    ("UK-EW", r"(?i)made for hire|trial by jury|merchantability|workmanlike"),
    ("UK-EW", r"\blicense to\b|\blabor\b|unauthorized|willful"),
    (None, r"(?i)made for hire"),
]


@pytest.mark.parametrize(("place", "pattern"), MUST_SAY)
def test_a_services_agreement_says_what_the_law_of_its_place_wants(place: str | None, pattern: str) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, named=False)).text)


@pytest.mark.parametrize(("place", "pattern"), MUST_NOT_SAY)
def test_a_services_agreement_leaves_out_what_has_no_effect_there(place: str | None, pattern: str) -> None:
    assert not re.search(pattern, draft(matter_for(TYPE, place, requests=ALL_OPTIONS)).text)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "pays [Fee], on this basis: [Fixed, Monthly or Hourly]"),
        ({"fee": USD_5000, "pricing": "fixed"}, "a fixed fee of $5,000"),
        ({"fee": USD_5000, "pricing": "monthly"}, "$5,000 for each month"),
        ({"rate": USD_5000}, "$5,000 for each hour worked"),
        ({"rate": USD_5000, "fee": USD_5000, "pricing": "hourly"}, "The total may not exceed $5,000"),
    ],
)
def test_the_fee_is_stated_on_the_basis_that_was_given(facts: dict[str, FactValue], words: str) -> None:
    assert words in draft(matter_for(TYPE, "US-TX", facts=facts)).text


@pytest.mark.parametrize(
    ("stance", "words"),
    [
        ("client", "limited to twice the Fees"),
        ("provider", "The Intellectual Property Rights in the Deliverables stay with the Provider"),
        ("balanced", "takes effect when the Fees for it have been paid"),
    ],
)
def test_a_stance_changes_what_parties_fight_about(stance: str, words: str) -> None:
    assert words in draft(matter_for(TYPE, "US-NY", stance=stance)).text


def test_an_arbitration_clause_takes_the_place_of_the_courts() -> None:
    text = draft(matter_for(TYPE, "US-DE", requests=("arbitration",))).text

    assert "[Seat of Arbitration]" in text
    assert "exclusive jurisdiction" not in text


@pytest.mark.parametrize(
    ("place", "amount", "relied_on"), [("US-DE", 99_999, False), ("US-DE", 100_000, True)]
)
def test_the_statute_on_choice_of_law_is_cited_from_its_threshold(
    place: str, amount: int, relied_on: bool
) -> None:
    facts: dict[str, FactValue] = {"fee": Money(amount=Decimal(amount))}

    assert ("6 Del. C. § 2708" in draft(matter_for(TYPE, place, facts=facts)).text) is relied_on


def test_an_individual_provider_gets_the_notice_of_immunity() -> None:
    notice = "18 U.S.C. § 1833(b)"

    assert notice in draft(matter_for(TYPE, "US-NY", individual="provider")).text
    assert notice not in draft(matter_for(TYPE, "US-NY")).text
