"""The facts file: what it may say, how it is refused, and that it wins over the message."""

# ruff: noqa: E501 (requests and files stand on one line)

import datetime
import json
from decimal import Decimal

import pytest

from actors.domain.intake.facts import read_facts
from actors.domain.matter import Duration, Money
from actors.errors import InvalidInputError, RequestError, UnknownDocumentTypeError, UnknownJurisdictionError
from tests.unit.intake_reading import read

LEASE = {
    "type": "lease",
    "jurisdiction": "Texas",
    "stance": "tenant",
    "options": ["renewal"],
    "parties": {
        "landlord": {"name": "Oak LLC", "formed_in": "Texas", "address": "1 Main St., Austin, TX 78701"},
        "tenant": "Bean Inc.",
    },
    "rent": {"amount": 4000.50, "currency": "USD"},
    "deposit": "$8,000",
    "term": "5 years",
    "renewal_term": {"count": 2, "unit": "year"},
    "commencement_date": "2027-02-01",
    "rent_increase": 2.5,
    "parking": 3,
    "rent_period": "Per Month",
    "permitted_use": "a café",
}


def test_every_kind_of_value_is_read() -> None:
    matter = read("Draft it", facts=read_facts(json.dumps(LEASE))).matter

    assert (matter.task_type, matter.jurisdiction, matter.stance) == ("lease", "US-TX", "tenant")
    assert matter.requests == ("renewal",)
    assert [(party.name, party.entity_kind) for party in matter.parties] == [
        ("Oak LLC", "llc"),
        ("Bean Inc.", "corporation"),
    ]
    assert matter.facts == {
        "rent": Money(amount=Decimal("4000.5"), currency="USD"),
        "deposit": Money(amount=Decimal(8000), currency="USD"),
        "term": Duration(count=5, unit="year"),
        "renewal_term": Duration(count=2, unit="year"),
        "commencement_date": datetime.date(2027, 2, 1),
        "rent_increase": Decimal("2.5"),
        "parking": 3,
        "rent_period": "per month",
        "permitted_use": "a café",
    }


def test_the_file_wins_over_the_message_and_options_over_the_file() -> None:
    facts = read_facts(
        '{"type": "nda_mutual", "jurisdiction": "Ohio", "term": "3 years", "parties": {"first": "Acme Inc."}}'
    )
    matter = read(
        "NDA between Zeta and Beta for two years, Texas law, excluding residuals", facts=facts
    ).matter

    assert matter.facts["term"] == Duration(count=3, unit="year")
    assert matter.jurisdiction_named == "Ohio"
    assert [party.name for party in matter.parties] == ["Acme Inc.", "Beta"]
    assert matter.carve_outs == ("residuals",)
    assert read("NDA", facts=facts, jurisdiction="US-DE").matter.jurisdiction == "US-DE"


def test_details_of_the_message_stay_with_their_own_party() -> None:
    message = "services agreement between Acme, a Delaware corporation, and Beta, a Texas LLC"
    same = read(
        message, facts=read_facts('{"parties": {"client": {"name": "acme", "email": "a@acme.example"}}}')
    ).matter
    other = read(message, facts=read_facts('{"parties": {"client": "Zeta"}}')).matter
    swapped = read(message, facts=read_facts('{"parties": {"client": "Beta"}}')).matter

    assert (same.parties[0].formed_in, same.parties[0].email) == ("Delaware", "a@acme.example")
    assert (other.parties[0].name, other.parties[0].formed_in) == ("Zeta", None)
    assert [(party.name, party.formed_in) for party in swapped.parties] == [
        ("Beta", "Texas"),
        ("Acme", "Delaware"),
    ]


def test_a_byte_order_mark_and_null_do_no_harm() -> None:
    facts = read_facts(b'\xef\xbb\xbf{"type": "nda_mutual", "term": null}')

    assert (facts.type, facts.facts) == ("nda_mutual", {})


@pytest.mark.parametrize(
    ("content", "field", "reason"),
    [
        ("", "facts", "not JSON"),
        ("{", "facts", "not JSON"),
        ("[]", "facts", "a list"),
        ("null", "facts", "null"),
        ('"x"', "facts", "a string"),
        (b"\xff\xfe{}", "facts", "UTF-8"),
        ('{"term": "1 year", "term": "2 years"}', "facts.term", "twice"),
        ('{"type": "lease", "rent_increase": NaN}', "facts", "NaN"),
        ('{"type": "lease", "rent_increase": -Infinity}', "facts", "Infinity"),
        ('{"type": "lease", "rent_increase": 1e999999}', "facts", "beyond"),
        ('{"type": "lease", "parking": ' + "9" * 5000 + "}", "facts", "5,000 digits"),
        ("[" * 100_000, "facts", "nested"),
        ('{"type": "lease", "rent": {"amount": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}}}', "facts.", "nested"),
        ('{"type": "lease", "x": "' + "y" * 300_000 + '"}', "facts", "262,144 bytes"),
        ('{"juristiction": "Texas"}', "facts.juristiction", "'jurisdiction'"),
        ('{"type": "lease", "rents": "$5"}', "facts.rents", "'rent'"),
        ('{"type": "nda_mutual", "rent": "$5"}', "facts.rent", "no such key"),
        ('{"no_such_fact_anywhere": 1}', "facts.no_such_fact_anywhere", "no such key"),
        ('{"type": "lease", "rent": 5}', "facts.rent", "currency"),
        ('{"type": "lease", "rent": "five"}', "facts.rent", "no amount"),
        ('{"type": "lease", "rent": "-$5"}', "facts.rent", "no amount"),
        ('{"type": "lease", "rent": {"amount": -5, "currency": "USD"}}', "facts.rent.amount", "negative"),
        ('{"type": "lease", "rent": {"amount": 1e16}}', "facts.rent.amount", "more than"),
        ('{"type": "lease", "rent": {"amount": 5, "currency": "XXX"}}', "facts.rent.currency", "no currency"),
        ('{"type": "lease", "rent": {"amont": 5}}', "facts.rent.amont", "'amount'"),
        ('{"type": "lease", "term": "long"}', "facts.term", "no length of time"),
        ('{"type": "lease", "term": {"count": 0, "unit": "year"}}', "facts.term.count", "between 1 and"),
        ('{"type": "lease", "term": {"count": 1, "unit": "eon"}}', "facts.term.unit", "none of"),
        ('{"type": "lease", "commencement_date": "2027-02-31"}', "facts.commencement_date", "calendar"),
        ('{"type": "lease", "commencement_date": "1/5/2027"}', "facts.commencement_date", "2027-01-05"),
        ('{"type": "lease", "parking": 1.5}', "facts.parking", "whole number"),
        ('{"type": "lease", "parking": true}', "facts.parking", "a boolean"),
        ('{"type": "lease", "rent_increase": "2"}', "facts.rent_increase", "a string"),
        ('{"type": "lease", "rent_period": "per moon"}', "facts.rent_period", "per month"),
        ('{"type": "saas", "auto_renewal": "yes"}', "facts.auto_renewal", "true or false"),
        ('{"type": "lease", "permitted_use": " "}', "facts.permitted_use", "empty"),
        ('{"type": "lease", "permitted_use": "a\\u0000b"}', "facts.permitted_use", "U+0000"),
        ('{"type": "lease", "permitted_use": "\\ud800"}', "facts.permitted_use", "U+D800"),
        ('{"parties": {"client": {"name": "A\\u001bB"}}}', "facts.parties.client.name", "U+001B"),
        ('{"type": "lease", "parties": {"tennant": "A"}}', "facts.parties.tennant", "'tenant'"),
        ('{"type": "lease", "parties": {"tenant": {"nam": "A"}}}', "facts.parties.tenant.nam", "'name'"),
        ('{"type": "lease", "parties": {"tenant": {"entity_kind": "club"}}}', "facts.parties.tenant.entity_kind", "none of"),
        ('{"type": "lease", "parties": ["A"]}', "facts.parties", "an object"),
        ('{"type": "lease", "parties": {"tenant": "Acme", "landlord": "ACME"}}', "facts.parties.landlord", "named as tenant"),
        ('{"type": "lease", "options": "renewal"}', "facts.options", "a list"),
        ('{"type": "lease", "options": ["renewl"]}', "facts.options", "'renewal'"),
        ('{"type": "lease", "options": [1]}', "facts.options[0]", "a string"),
        ('{"type": "lease", "stance": "tenent"}', "facts.stance", "'tenant'"),
        ('{"type": "lease", "commencement_date": "2027-05-01", "break_date": "2027-01-01"}', "facts.break_date", "before"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_path_and_reason(content: str | bytes, field: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_facts(content)

    assert raised.value.field.startswith(field)
    assert reason in raised.value.reason


def test_an_unknown_type_or_place_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownDocumentTypeError):
        read_facts('{"type": "will"}')
    with pytest.raises(UnknownJurisdictionError):
        read_facts('{"jurisdiction": "Atlantis"}')


def test_facts_that_the_chosen_type_does_not_have_are_refused() -> None:
    facts = read_facts('{"rent": "$5,000"}')

    assert read("lease", facts=facts).matter.facts["rent"] == Money(amount=Decimal(5000), currency="USD")
    with pytest.raises(InvalidInputError) as raised:
        read("NDA", facts=facts)
    assert raised.value.field == "facts.rent"


def test_one_entity_in_file_and_message_cannot_be_both_parties() -> None:
    with pytest.raises(RequestError):
        read(
            "Draft a lease. The landlord is Acme.",
            facts=read_facts('{"parties": {"tenant": "Acme", "landlord": "acme"}}'),
        )


def test_an_exclusion_that_the_document_has_no_place_for_is_told() -> None:
    facts = read_facts('{"type": "lease", "carve_outs": ["old projects"]}')
    understanding = read("Draft it", facts=facts)

    assert understanding.matter.carve_outs == ()
    assert any("old projects" in notice for notice in understanding.notices)
    assert read("NDA", facts=read_facts('{"carve_outs": ["old projects"]}')).matter.carve_outs == (
        "old projects",
    )
