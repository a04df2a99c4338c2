"""The independent contractor agreement, in every place and combination."""

import datetime
import re

import pytest

from actors.domain.library import load_type
from actors.domain.matter import Duration
from tests.documents.library_documents import (
    AMERICAN,
    draft,
    matter_for,
)

TYPE = "contractor"
ALL_OPTIONS = tuple(option.id for option in load_type(TYPE).options)

MUST_SAY = [
    *((place, r"18 U\.S\.C\. § 1833\(b\)") for place in AMERICAN),
    *((place, r"17 C\.F\.R\. § 240\.21F-17\(a\)") for place in AMERICAN),
    *((place, r"17 U\.S\.C\. § 204\(a\)") for place in AMERICAN),
    *((place, r"42 U\.S\.C\. § 19403") for place in AMERICAN),
    *((place, r"17 U\.S\.C\. § 101") for place in ("US-DE", "US-NY", "US-TX")),
    ("US-NY", r"N\.Y\. Gen\. Bus\. Law § 1412"),
    ("US-NY", r"N\.Y\. Gen\. Oblig\. Law § 5-336\(2\)"),
    ("US-CA", r"Cal\. Bus\. & Prof\. Code § 18100"),
    ("US-CA", r"Cal\. Bus\. & Prof\. Code § 16600"),
    ("US-CA", r"Cal\. Lab\. Code § 3351\.5\(c\)"),
    ("US-CA", r"Cal\. Lab\. Code § 2775"),
    ("US-CA", r"Cal\. Civ\. Code § 1668"),
    ("US-TX", r"OWN NEGLIGENCE"),
    ("UK-EW", r"Unfair Contract Terms Act 1977, s 2\(1\)"),
    ("UK-EW", r"Late Payment of Commercial Debts \(Interest\) Act 1998"),
    ("UK-EW", r"Copyright, Designs and Patents Act 1988, ss 11\(2\), 90\(3\)"),
    ("UK-EW", r"full title guarantee"),
    ("UK-EW", r"UK GDPR art 28\(3\)"),
    ("UK-EW", r"fraudulent misrepresentation"),
    (None, r"\[Governing Law\]"),
]
MUST_NOT_SAY = [
    (
        "US-CA",
        r"(?i)work made for hire|must not solicit|covenant not to compete|must not provide, to a business",
    ),
    ("US-CA", r"(?i)\bjury"),
    ("UK-EW", r"(?i)work made for hire|W-9|merchantability|\blicense\b|gross negligence|unauthorized"),
    (None, r"(?i)work made for hire|W-9|statutory interest"),
]


@pytest.mark.parametrize(("place", "pattern"), MUST_SAY)
def test_a_contractor_agreement_says_what_the_law_of_its_place_wants(place: str | None, pattern: str) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, named=False)).text)


@pytest.mark.parametrize(("place", "pattern"), MUST_NOT_SAY)
def test_a_contractor_agreement_leaves_out_what_has_no_effect_there(place: str | None, pattern: str) -> None:
    assert not re.search(pattern, draft(matter_for(TYPE, place, requests=ALL_OPTIONS)).text)


@pytest.mark.parametrize("place", ["US-DE", "US-NY", "US-TX", "UK-EW", None])
def test_a_covenant_not_to_compete_is_there_only_when_it_is_asked_for(place: str | None) -> None:
    asked = draft(matter_for(TYPE, place, requests=("non_compete",))).text
    plain = draft(matter_for(TYPE, place)).text

    assert "Covenant Not to Compete" in asked
    assert "[Restraint Area]" in asked
    assert "Covenant Not to Compete" not in plain


def test_the_stance_moves_the_rights_the_cap_and_the_end() -> None:
    for_client = draft(matter_for(TYPE, "US-DE", stance="client")).text
    for_contractor = draft(matter_for(TYPE, "US-DE", stance="contractor")).text

    assert "twice the Fees" in for_client
    assert "does not depend on payment" in for_client
    assert "twice the Fees" not in for_contractor
    assert "has paid the Fees for it in full" in for_contractor
    assert "total liability of the Contractor" in for_contractor


def test_thirty_days_to_pay_give_way_to_the_period_that_was_agreed() -> None:
    agreed = draft(matter_for(TYPE, "US-NY", facts={"payment_period": Duration(count=45, unit="day")})).text

    assert "within 45 days after receiving it." in agreed
    assert "30 days after receiving" in draft(matter_for(TYPE, "US-NY")).text


def test_a_fixed_fee_is_not_charged_by_time() -> None:
    text = draft(matter_for(TYPE, "US-TX", facts={"fee_basis": "fixed fee"})).text

    assert "charged as a fixed fee for all of the Services" in text
    assert "record of the time spent" not in text


def test_an_end_date_stands_in_the_term_and_in_the_schedule() -> None:
    text = draft(matter_for(TYPE, "UK-EW", facts={"end_date": datetime.date(2027, 6, 30)})).text

    assert "continues until 30 June 2027" in text
    assert "complete the Services by 30 June 2027" in text


def test_the_contractor_may_be_a_natural_person() -> None:
    text = draft(matter_for(TYPE, "US-CA", individual="contractor")).text

    assert "Jane Roe, an individual, of" in text
