"""Requests for non-disclosure agreements, as people write them."""

# ruff: noqa: E501 (requests stand as people write them)

import pytest

from tests.unit.intake_reading import Case, identify, read

ACME_BETA = {"first": "Acme", "second": "Beta"}

MUTUAL = [
    Case(
        "Mutual NDA between Acme Robotics, Inc., a Delaware corporation, and Jane Roe, an individual, for the purpose of "
        "evaluating a joint venture, two-year term, under Delaware law",
        "nda_mutual", "US-DE", {"first": "Acme Robotics, Inc.", "second": "Jane Roe"},
        {"purpose": "evaluating a joint venture", "term": "2 year", "survival": None, "effective_date": None},
    ),
    Case(
        "Draft a two-year mutual NDA between A Corp and B Corp governed by New York law, effective January 5, 2027, "
        "excluding residuals and with a non-solicit",
        "nda_mutual", "US-NY", {"first": "A Corp", "second": "B Corp"},
        {"term": "2 year", "effective_date": "2027-01-05"}, ("non_solicitation",), ("residuals",),
    ),
    Case(
        "NDA between Acme and Beta to evaluate a merger, confidentiality survives for 3 years, Ohio law",
        "nda_mutual", "Ohio", ACME_BETA, {"survival": "3 year", "term": None, "purpose": "to evaluate a merger"},
    ),
    Case("NDA, effective from 1/5/2027, between Acme and Beta in California",
         "nda_mutual", "US-CA", ACME_BETA, {"effective_date": None}),
    Case("NDA, effective from 1/25/2027, between Acme and Beta in California",
         "nda_mutual", "US-CA", ACME_BETA, {"effective_date": "2027-01-25"}),
    Case("NDA between Acme and Beta effective today", "nda_mutual", None, ACME_BETA, {"effective_date": "2026-11-22"}),
    Case("Delaware NDA between Acme Inc. and Beta LLC without a non-solicit",
         "nda_mutual", "US-DE", {"first": "Acme Inc.", "second": "Beta LLC"}),
    Case("NDA (NY) between Acme and Beta", "nda_mutual", "US-NY", ACME_BETA),
    Case(
        "NDA between Acme and Beta with carve-outs for prior inventions, public information, and court orders",
        "nda_mutual", None, ACME_BETA, {}, (), ("prior inventions", "public information", "court orders"),
    ),
    Case("NDA between Acme and Beta governed by the laws of France", "nda_mutual", "France", ACME_BETA),
    Case("NDA between Foo and Bar not governed by California law but by Texas law",
         "nda_mutual", "US-TX", {"first": "Foo", "second": "Bar"}),
    Case(
        "Prepare an NDA for a potential acquisition: Buyer Corp. and Target, Inc., Delaware, term 18 months, survival 5 years",
        "nda_mutual", "US-DE", {"first": "Buyer Corp.", "second": "Target, Inc."},
        {"term": "18 month", "survival": "5 year"},
    ),
    Case(
        "Can you draft a mutual confidentiality agreement between Jane Roe and Acme? Purpose: exploring a partnership in "
        "battery technology. Term: 1 year.",
        "nda_mutual", None, {"first": "Jane Roe", "second": "Acme"},
        {"purpose": "exploring a partnership in battery technology", "term": "1 year"},
    ),
    Case(
        "Draft an NDA. Parties: Acme Robotics, Inc. and Jane Roe. Governing law: Delaware. Term: two (2) years. Effective "
        "date: January 5, 2027. Purpose: evaluating a joint venture. Carve-outs: residuals, prior inventions. ",
        "nda_mutual", "US-DE", {"first": "Acme Robotics, Inc.", "second": "Jane Roe"},
        {"term": "2 year", "effective_date": "2027-01-05", "purpose": "evaluating a joint venture"},
        (), ("residuals", "prior inventions"),
    ),
    Case("nda between acme corp and john smith for two years under ny law",
         "nda_mutual", "US-NY", {"first": "acme corp", "second": "john smith"}, {"term": "2 year"}),
    Case("draft nda acme inc and beta llc", "nda_mutual", None, {"first": "acme inc", "second": "beta llc"}),
    Case("Acme and Globex want a mutual NDA", "nda_mutual", None, {"first": "Acme", "second": "Globex"}),
    Case("Draft an NDA for Acme and Globex", "nda_mutual", None, {"first": "Acme", "second": "Globex"}),
    Case(
        "Draft an NDA between Northwind Traders, Inc. and Fabrikam LLC for 3 years in California, no non-solicit, residuals",
        "nda_mutual", "US-CA", {"first": "Northwind Traders, Inc.", "second": "Fabrikam LLC"},
        {"term": "3 year"}, ("residuals",),
    ),
    Case("bilateral nda between Ann Lee and Bob Ray, two individuals, to discuss a screenplay, N.Y. law",
         "nda_mutual", "US-NY", {"first": "Ann Lee", "second": "Bob Ray"}, {"purpose": "to discuss a screenplay"}),
    Case("reciprocal nda: Acme Inc. & Beta LLC, Delaware",
         "nda_mutual", "US-DE", {"first": "Acme Inc.", "second": "Beta LLC"}),
    Case("We need a mutual NDA with Initech LLC about a data-sharing pilot. Delaware law applies. 2 years.",
         "nda_mutual", "US-DE", {"first": "Initech LLC", "second": None},
         {"term": "2 year", "purpose": "a data-sharing pilot"}),
    Case("NDA between Acme (email legal@acme.com) and Beta, with an exception for information already known to Beta",
         "nda_mutual", None, ACME_BETA, {}, (), ("information already known to Beta",)),
    Case('NDA between “Acme” and "Beta & Co." in favor of Acme',
         "nda_mutual", None, {"first": "Acme", "second": "Beta & Co."}, stance="first"),
    Case("NDA between Acme and Beta for 2-3 years", "nda_mutual", None, ACME_BETA, {"term": None}),
    Case("NDA between Foo Ltd and Bar Ltd, English-law, a period of 2 (two) years",
         "nda_mutual", "UK-EW", {"first": "Foo Ltd", "second": "Bar Ltd"}, {"term": "2 year"}),
]  # fmt: skip

ONE_WAY = [
    Case(
        "One-way NDA: Acme discloses to Beta Corp information about its battery technology, in favour of the recipient",
        "nda_one_way", None, {"discloser": "Acme", "recipient": "Beta Corp"}, stance="recipient",
    ),
    Case("we need a one way nda, Globex is disclosing to Initech, texas law please, 3 year term",
         "nda_one_way", "US-TX", {"discloser": "Globex", "recipient": "Initech"}, {"term": "3 year"}),
    Case("an NDA, unilateral, Acme Inc. disclosing to Jane Roe",
         "nda_one_way", None, {"discloser": "Acme Inc.", "recipient": "Jane Roe"}),
    Case("Draft an NDA with Acme Inc. disclosing to Jane Roe",
         "nda_one_way", None, {"discloser": "Acme Inc.", "recipient": "Jane Roe"}),
    Case("Unilateral NDA where our company Acme LLC shares trade secrets with a contractor named Bob Stone",
         "nda_one_way", None, {"discloser": "Acme LLC", "recipient": "Bob Stone"}),
    Case(
        "Draft a unilateral non-disclosure agreement: discloser is Dr. Ada Byron, recipient is Babbage Engines Ltd, under "
        "the laws of England and Wales, for the purpose of reviewing a prototype, term of 24 months",
        "nda_one_way", "UK-EW", {"discloser": "Dr. Ada Byron", "recipient": "Babbage Engines Ltd"},
        {"term": "24 month", "purpose": "reviewing a prototype"},
    ),
    Case(
        "one-way confidentiality agreement. Disclosing party: Acme Inc. Receiving party: Bob Stone. Return within 10 days. "
        "California.",
        "nda_one_way", "US-CA", {"discloser": "Acme Inc.", "recipient": "Bob Stone"}, {"return_period": "10 day"},
    ),
    Case("NDA under which Acme Inc. discloses customer lists to Bob Stone, one-way, 18 months",
         "nda_one_way", None, {"discloser": "Acme Inc.", "recipient": "Bob Stone"}, {"term": "18 month"}),
    Case("one-way NDA, information including prices, product plans and customer data, Texas law",
         "nda_one_way", "US-TX", {}, {"information": "prices, product plans and customer data"}, ("personal_data",)),
    Case("One-way NDA. Discloser: Ocean Analytics Ltd. Recipient: Bob Stone. Texas law",
         "nda_one_way", "US-TX", {"discloser": "Ocean Analytics Ltd", "recipient": "Bob Stone"}),
    Case("One-way NDA. Discloser: Ocean Analytics Ltd. Recipient: Beta Ltd., an English company",
         "nda_one_way", None, {"discloser": "Ocean Analytics Ltd.", "recipient": "Beta Ltd."}),
    Case("One-way NDA. Discloser: Ocean Inc. Recipient: Beta Inc.",
         "nda_one_way", None, {"discloser": "Ocean Inc.", "recipient": "Beta Inc."}),
    Case("One-way NDA with Ocean Inc as discloser. Recipient: Beta Inc.",
         "nda_one_way", None, {"discloser": "Ocean Inc", "recipient": "Beta Inc"}),
]  # fmt: skip


@pytest.mark.parametrize("case", [*MUTUAL, *ONE_WAY], ids=identify)
def test_a_request_for_an_nda_is_understood(case: Case) -> None:
    case.check(read(case.message).matter)
