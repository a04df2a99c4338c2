"""The employment agreement, in every place and combination."""

import datetime
import re

import pytest

from actors.domain.library import load_type
from actors.domain.matter import Duration, FactValue
from tests.documents.library_documents import (
    AMERICAN,
    JURISDICTIONS,
    draft,
    faults,
    matter_for,
)

TYPE = "employment"
ALL_OPTIONS = tuple(option.id for option in load_type(TYPE).options)
ELSEWHERE = ("US-DE", "US-NY", "US-TX", "UK-EW", None)

MUST_SAY = [
    *((place, r"18 U\.S\.C\. § 1833\(b\)") for place in AMERICAN),
    *((place, r"17 C\.F\.R\. § 240\.21F-17\(a\)") for place in AMERICAN),
    *((place, r"42 U\.S\.C\. § 19403") for place in AMERICAN),
    *((place, r"with or without Cause or advance notice") for place in AMERICAN),
    ("US-CA", r"Cal\. Lab\. Code §§ 2870-2872"),
    ("US-CA", r"Cal\. Lab\. Code §§ 2802, 2804"),
    ("US-CA", r"Cal\. Lab\. Code § 925"),
    ("US-CA", r"Cal\. Lab\. Code §§ 201-203"),
    ("US-CA", r"Cal\. Gov\. Code § 12964\.5"),
    ("US-CA", r"Cal\. Bus\. & Prof\. Code § 16600\b"),
    ("US-CA", r"Cal\. Bus\. & Prof\. Code § 16608; Cal\. Lab\. Code § 926"),
    ("US-NY", r"N\.Y\. Lab\. Law § 203-f"),
    ("US-NY", r"N\.Y\. Lab\. Law § 195\(1\)"),
    ("US-NY", r"N\.Y\. Gen\. Oblig\. Law § 5-336\(2\)"),
    ("US-DE", r"19 Del\. C\. § 805"),
    ("US-DE", r"19 Del\. C\. § 1108"),
    ("US-TX", r"Tex\. Lab\. Code § 61\.014"),
    ("US-TX", r"Tex\. Lab\. Code § 61\.018"),
    ("UK-EW", r"Employment Rights Act 1996, s 1 requires"),
    ("UK-EW", r"Employment Rights Act 1996, s 86"),
    ("UK-EW", r"Employment Rights Act 1996, s 43J"),
    ("UK-EW", r"Working Time Regulations 1998, regs 13, 13A"),
    ("UK-EW", r"Patents Act 1977, s 42"),
    ("UK-EW", r"Pensions Act 2008, s 3"),
    ("UK-EW", r"(?i)grievance"),
    ("UK-EW", r"continuous employment begins on the Start Date"),
    (None, r"written notice of one month"),
    (None, r"\[Governing Law\]"),
]
MUST_NOT_SAY = [
    (
        "US-CA",
        r"(?i)covenant not to compete|must not solicit|after the employment ends, the Employee must not",
    ),
    ("US-CA", r"(?i)(?:trial by|waiv\w+ [^.]*)jury"),
    ("UK-EW", r"(?i)at[- ]will|vacation|work made for hire|arbitrat|\blicense\b|attorney"),
    (None, r"(?i)at[- ]will|made for hire"),
]


@pytest.mark.parametrize("place", JURISDICTIONS)
@pytest.mark.parametrize("option", ALL_OPTIONS)
@pytest.mark.parametrize("stance", ["balanced", "employer", "employee"])
def test_an_employment_agreement_is_well_formed_with_one_option(
    place: str | None, option: str, stance: str
) -> None:
    matter = matter_for(TYPE, place, requests=(option,), stance=stance)

    assert faults(matter, draft(matter)) == []


@pytest.mark.parametrize(("place", "pattern"), MUST_SAY)
def test_an_employment_agreement_says_what_the_law_of_its_place_wants(
    place: str | None, pattern: str
) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, named=False)).text)


@pytest.mark.parametrize(("place", "pattern"), MUST_NOT_SAY)
def test_an_employment_agreement_leaves_out_what_has_no_effect_there(place: str | None, pattern: str) -> None:
    assert not re.search(pattern, draft(matter_for(TYPE, place, requests=ALL_OPTIONS)).text)


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_covenant_not_to_compete_has_a_time_an_area_and_a_scope(place: str | None) -> None:
    text = draft(matter_for(TYPE, place, requests=("non_compete",))).text

    assert re.search(r"For (?:six|12) months after the employment ends, the Employee must not, in \[", text)
    assert "no wider than is reasonable" in text
    assert "Covenant Not to Compete" not in draft(matter_for(TYPE, place)).text


@pytest.mark.parametrize(
    ("place", "pattern"),
    [
        ("US-DE", r"physician from practicing medicine \(see 6 Del\. C\. § 2707\)"),
        ("US-TX", r"physician, dentist, nurse .* §§ 15\.50\(b\), 15\.501"),
        ("US-TX", r"ancillary to those promises \(see Tex\. Bus\. & Com\. Code § 15\.50\(a\)\)"),
        ("US-NY", r"unique or extraordinary"),
        ("UK-EW", r"Each restraint is separate"),
    ],
)
def test_the_covenant_keeps_within_the_law_of_its_place(place: str, pattern: str) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, requests=("non_compete",))).text)


def test_a_fixed_term_takes_the_place_of_employment_at_will() -> None:
    text = draft(matter_for(TYPE, "US-NY", facts={"term": Duration(count=2, unit="year")})).text

    assert "fixed term of two years" in text
    assert not re.search(r"(?i)at-will", text)


def test_commission_is_put_in_the_signed_writing_that_two_states_require() -> None:
    facts: dict[str, FactValue] = {"commission": "5% of net sales"}

    assert "Cal. Lab. Code § 2751" in draft(matter_for(TYPE, "US-CA", facts=facts)).text
    assert "N.Y. Lab. Law § 191(1)(c)" in draft(matter_for(TYPE, "US-NY", facts=facts)).text
    assert "Commission." not in draft(matter_for(TYPE, "US-NY")).text


def test_arbitration_leaves_out_what_may_not_be_forced_into_it() -> None:
    text = draft(matter_for(TYPE, "US-CA", requests=("arbitration",))).text

    assert "9 U.S.C. §§ 401-402" in text
    assert "Subject to Section 10, each party submits" in text


def test_the_employee_is_a_natural_person_who_signs_alone() -> None:
    drafted = draft(matter_for(TYPE, "UK-EW", individual="employee"))
    signatures = drafted.markdown.split("## Signatures")[1]

    assert "Jane Roe, an individual, of" in drafted.text
    assert "for and on behalf of **Jane Roe**" not in signatures


def test_the_start_date_is_said_once() -> None:
    text = draft(matter_for(TYPE, "UK-EW", facts={"start_date": datetime.date(2027, 1, 5)})).text

    assert text.count("5 January 2027") == 1
