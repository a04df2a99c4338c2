"""The commercial lease, in every place and combination."""

import re
from decimal import Decimal

import pytest

from actors.domain.library import load_type
from actors.domain.matter import Duration, EntityKind, FactValue, Party
from tests.documents.library_documents import (
    AMERICAN,
    draft,
    matter_for,
)

TYPE = "lease"
ALL_OPTIONS = tuple(option.id for option in load_type(TYPE).options)

MUST_SAY = [
    *((place, r"28 C\.F\.R\. § 36\.201\(b\)") for place in AMERICAN),
    *((place, r"11 U\.S\.C\. § 365\(d\)\(3\)-\(4\)") for place in AMERICAN),
    *((place, r"KNOWINGLY AND VOLUNTARILY WAIVES TRIAL BY JURY") for place in ("US-DE", "US-NY", "US-TX")),
    ("US-NY", r"N\.Y\. Gen\. Oblig\. Law § 5-321"),
    ("US-NY", r"N\.Y\. Gen\. Oblig\. Law § 7-103"),
    ("US-NY", r"N\.Y\. Gen\. Oblig\. Law § 5-703"),
    ("US-CA", r"Cal\. Civ\. Code § 1938"),
    ("US-CA", r"may not prohibit the Tenant from having a CASp inspect"),
    ("US-CA", r"\[Statement Prescribed by Statute\]"),
    ("US-CA", r"Cal\. Civ\. Code § 1950\.9"),
    ("US-CA", r"Cal\. Civ\. Code § 1950\.7"),
    ("US-CA", r"Cal\. Civ\. Code § 1668"),
    ("US-TX", r"Tex\. Prop\. Code § 91\.006"),
    ("US-TX", r"Tex\. Prop\. Code § 93\.012"),
    ("US-TX", r"Tex\. Prop\. Code §§ 93\.005, 93\.009"),
    ("US-TX", r"OTHER PARTY’S OWN NEGLIGENCE"),
    ("US-DE", r"25 Del\. C\. § 5101"),
    ("UK-EW", r"Landlord and Tenant Act 1954, ss 24-28, 38A\) is: \[Contracted In or Contracted Out\]"),
    ("UK-EW", r"Law of Property Act 1925, s 146"),
    ("UK-EW", r"Landlord and Tenant \(Covenants\) Act 1995, ss 5, 16"),
    ("UK-EW", r"executed as a deed"),
    ("UK-EW", r"Witness signature"),
    ("UK-EW", r"Unfair Contract Terms Act 1977, s 2\(1\)"),
    (None, r"\[Governing Law\]"),
]
MUST_NOT_SAY = [
    ("US-CA", r"(?i)\bjury"),
    (
        "UK-EW",
        r"(?i)\bjury|Operating Costs|elevator|subordinat|certified mail|real estate tax|Condemnation|guaranty",
    ),
    (None, r"(?i)\bjury|deed|CASp"),
    *(
        (place, r"(?i)service charge|business rates|value added tax|as a deed|CASp")
        for place in ("US-DE", "US-TX")
    ),
]
SHORT = [Duration(count=3, unit="year"), Duration(count=36, unit="month"), Duration(count=52, unit="week")]
LONG = [Duration(count=4, unit="year"), Duration(count=37, unit="month"), Duration(count=160, unit="week")]


@pytest.mark.parametrize(("place", "pattern"), MUST_SAY)
def test_a_lease_says_what_the_law_of_its_place_wants(place: str | None, pattern: str) -> None:
    assert re.search(pattern, draft(matter_for(TYPE, place, named=False)).text)


@pytest.mark.parametrize(("place", "pattern"), MUST_NOT_SAY)
def test_a_lease_leaves_out_what_does_not_belong_there(place: str | None, pattern: str) -> None:
    assert not re.search(pattern, draft(matter_for(TYPE, place, requests=ALL_OPTIONS)).text)


@pytest.mark.parametrize("term", SHORT, ids=str)
def test_an_english_lease_of_up_to_three_years_needs_no_deed(term: Duration) -> None:
    text = draft(matter_for(TYPE, "UK-EW", facts={"term": term})).text

    assert "as a deed" not in text
    assert "The parties have signed this Lease" in text


@pytest.mark.parametrize("term", LONG, ids=str)
def test_an_english_lease_of_more_than_three_years_is_a_deed(term: Duration) -> None:
    assert "Executed as a deed by" in draft(matter_for(TYPE, "UK-EW", facts={"term": term})).text


def test_security_of_tenure_is_asserted_only_when_it_is_chosen() -> None:
    chosen = draft(matter_for(TYPE, "UK-EW", facts={"security_of_tenure": "contracted in"})).text
    excluded = draft(matter_for(TYPE, "UK-EW", facts={"security_of_tenure": "contracted out"})).text

    assert "are not excluded (see Landlord and Tenant Act 1954" in chosen
    open_choice = draft(matter_for(TYPE, "UK-EW")).text

    assert "ss 24-28, which would let the Tenant stay in the Premises" in excluded
    assert "gave it the prescribed notice on [Date of Landlord’s Notice]" in excluded
    assert "is: [Contracted In or Contracted Out]. An exclusion has effect only if" in open_choice


def test_a_rent_review_stands_beside_a_fixed_increase() -> None:
    facts: dict[str, FactValue] = {
        "rent_increase": Decimal(3),
        "review_interval": Duration(count=5, unit="year"),
    }
    text = draft(matter_for(TYPE, "US-TX", facts=facts, requests=("rent_review",))).text

    assert "increases by 3%" in text
    assert "At the end of each period of five years" in text


def test_a_gross_rent_leaves_no_operating_costs_to_pay() -> None:
    text = draft(matter_for(TYPE, "US-TX", facts={"lease_kind": "gross"})).text

    assert "Operating Costs" not in text
    assert "The Base Rent includes the Tenant’s share" in text


@pytest.mark.parametrize(
    ("place", "period", "installments"),
    [
        ("US-NY", None, "per month, in advance on the first day of each calendar month"),
        ("US-NY", "per year", "per year, in equal monthly installments in advance"),
        ("UK-EW", None, "per year, in equal quarterly instalments in advance on 25 March"),
        ("UK-EW", "per month", "per month, in advance on the first day of each calendar month"),
    ],
)
def test_rent_falls_due_as_is_usual_in_its_place(place: str, period: str | None, installments: str) -> None:
    facts = {"rent_period": period} if period else {}

    assert installments in draft(matter_for(TYPE, place, facts={**facts})).text


def test_the_stance_moves_costs_condition_and_remedies() -> None:
    for_landlord = draft(matter_for(TYPE, "US-DE", stance="landlord")).text
    for_tenant = draft(matter_for(TYPE, "US-DE", stance="tenant")).text

    assert "takes them in their present condition" in for_landlord
    assert "within five Business Days after notice that it is overdue" in for_landlord
    assert "may not rise by more than 5%" in for_tenant
    assert "set off against Rent" in for_tenant


@pytest.mark.parametrize(
    ("kind", "signs"),
    [
        ("limited_company", "acting by a director in"),
        ("llp", "acting by a member in"),
        ("llc", "acting by a person whom the law of its place of formation authorises in"),
        ("individual", "Executed as a deed by Roe & Sons in"),
    ],
)
def test_a_deed_is_executed_by_whoever_may_bind_the_party(kind: EntityKind, signs: str) -> None:
    matter = matter_for(TYPE, "UK-EW", facts={"term": LONG[0]})
    tenant = Party(role="tenant", name="Roe & Sons", entity_kind=kind, formed_in="England and Wales")

    text = draft(matter.model_copy(update={"parties": (matter.parties[0], tenant)})).text

    assert signs in text
