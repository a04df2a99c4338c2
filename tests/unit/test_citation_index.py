"""What an index of authorities says of citations."""

import datetime
import json
from pathlib import Path

import pytest

from actors.domain.authority import Authority
from actors.domain.citation import Citation
from actors.domain.citations.check import check_citations
from actors.domain.citations.grammar import find_citations
from actors.domain.citations.index import CitationIndex

TODAY = datetime.date(2026, 9, 1)
CHECKED = datetime.date(2026, 7, 1)


def authority(citation: str | None, **given: object) -> Authority:
    values: dict[str, object] = {
        "id": citation or "practice",
        "kind": "rule",
        "jurisdiction": "US-FED",
        "citation": citation,
        "applies_to": ("all",),
        "statement": "What it says.",
        "confidence": "H",
        "as_of": CHECKED,
    }
    return Authority.model_validate(values | given)


INDEX = CitationIndex.from_authorities(
    [
        authority("18 U.S.C. § 1833(b)(3)"),
        authority("15 U.S.C. § 7001(a)"),
        authority("15 U.S.C. § 7003"),
        authority("9 U.S.C. § 2"),
        authority("9 U.S.C. § 1"),
        authority("16 C.F.R. pt. 910 (vacated)"),
        authority("CISG arts. 1, 6"),
        authority("U.C.C. § 2-209(2)-(3)"),
        authority("U.C.C. §§ 9-406, 9-408"),
        authority(
            "Cal. Bus. & Prof. Code § 16608; Cal. Lab. Code § 926", effective=datetime.date(2026, 1, 1)
        ),
        authority("Cal. Lab. Code §§ 2870-2872"),
        authority("N.Y. Gen. Oblig. Law § 5-1401"),
        authority("6 Del. C. § 2708"),
        authority("Tex. Bus. & Com. Code § 15.50(a)"),
        authority("Tex. Ins. Code § 15.50"),
        authority("Wash. Rev. Code §§ 49.44.140-.150"),
        authority("Wash. Rev. Code ch. 49.62"),
        authority("Unfair Contract Terms Act 1977, s 3"),
        authority("Unfair Contract Terms Act 1977, s 11(4)-(5)"),
        authority("Business Contract Terms (Assignment of Receivables) Regulations 2018"),
        authority("Dresser Indus. v. Page Petroleum, 853 S.W.2d 505 (Tex. 1993)"),
        authority("Cavendish Square v Makdessi [2015] UKSC 67"),
        authority("Able v. Baker, 10 F.3d 20 (9th Cir. 1994)"),
        authority("Charlie v. Delta, 10 F.3d 20 (9th Cir. 1994)"),
        authority("Cal. Civ. Code § 1542", confidence="?"),
        authority(None),
    ]
)


def checked(text: str, as_of: datetime.date = TODAY) -> Citation:
    citations = check_citations(f"Subject to {text}, so it is.", INDEX, as_of)
    assert len(citations) == 1, citations
    return citations[0]


@pytest.mark.parametrize(
    "text",
    [
        "18 U.S.C. § 1833(b)(3)",
        "18 U.S.C. § 1833(b)",
        "section 1833 of title 18 of the United States Code",
        "18 U.S.C. § 1833(b)(3)(A)",
        "9 U.S.C. §§ 1-2",
        "the Federal Arbitration Act",
        "the Defend Trade Secrets Act of 2016",
        "CISG art. 6",
        "U.C.C. § 2-209(3)",
        "U.C.C. § 2-209(2)-(3)",
        "Article 9 of the Uniform Commercial Code",
        "Cal. Lab. Code § 926",
        "California Labor Code Section 2871",
        "Cal. Lab. Code §§ 2870-2872",
        "Cal. Lab. Code §§ 2871 through 2872",
        "Section 5-1401 of the New York General Obligations Law",
        "6 Del. C. § 2708(a)",
        "Tex. Bus. & Com. Code ch. 15",
        "Wash. Rev. Code §§ 49.44.140-.150",
        "Wash. Rev. Code § 49.44.150",
        "chapter 49.62 RCW",
        "the Unfair Contract Terms Act 1977",
        "s 3(2)(b) of the Unfair Contract Terms Act 1977",
        "Unfair Contract Terms Act 1977, s 11(5)",
        "Business Contract Terms (Assignment of Receivables) Regulations 2018",
        "Dresser Industries, Inc. v. Page Petroleum, Inc., 853 S.W.2d 505 (Tex. 1993)",
        "853 S.W.2d 505",
        "Cavendish Square Holding BV v Makdessi [2015] UKSC 67",
        "Charlie v. Delta, 10 F.3d 20 (9th Cir. 1994)",
    ],
)
def test_what_the_index_holds_or_contains_is_verified(text: str) -> None:
    citation = checked(text)

    assert (citation.state, citation.detail) == ("verified", "")
    assert citation.authority_id
    assert citation.as_of == CHECKED


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("18 U.S.C. § 1834", "other provisions"),
        ("18 U.S.C. § 1833(b)(1)", "this subdivision is not"),
        ("18 U.S.C. § 1833(b)(3)(Z)", "this subdivision is not"),
        ("6 Del. C. § 2708(z)", "this subdivision is not"),
        ("N.Y. Gen. Oblig. Law § 5-1401(7)", "this subdivision is not"),
        ("U.C.C. § 2-209(2)-(4)", "this subdivision is not"),
        ("15 U.S.C. §§ 7001-7006", "every section of this range"),
        ("9 U.S.C. §§ 1-9999", "every section of this range"),
        ("Cal. Lab. Code § 2871.5", "other provisions"),
        ("Wash. Rev. Code § 49.44.145", "other provisions"),
        ("Wash. Rev. Code § 49.62.020", "Wash. Rev. Code ch. 49.62"),
        (
            "regulation 2 of the Business Contract Terms (Assignment of Receivables) Regulations 2018",
            "not this provision",
        ),
        ("Unfair Contract Terms Act 1978, s 3", "nothing of this source"),
        ("Ohio Rev. Code § 1333.61", "nothing of this source"),
        ("N.Y. U.C.C. § 9-406", "nothing of this source"),
        ("Cal. Civ. Code § 1542", "nothing of this source"),
        ("Tex. Code § 99.99", "names no code"),
        (
            "Varghese v. China Southern Airlines Co., 925 F.3d 1339 (11th Cir. 2019)",
            "no case with this reference",
        ),
        ("Dresser Indus. v. Smith, 853 S.W.2d 505 (Tex. 1993)", "Dresser Indus. v. Page Petroleum"),
        ("Dresser Indus. v. Page Petroleum, 853 S.W.2d 505 (Tex. 1991)", "1993"),
        ("Smith v Jones [2015] UKSC 67", "Cavendish Square v Makdessi"),
        ("12 F.4th 100 (2d Cir. 1998)", "begins in 2021"),
    ],
)
def test_what_the_index_does_not_hold_is_not_found_and_says_why(text: str, detail: str) -> None:
    citation = checked(text)

    assert (citation.state, citation.authority_id) == ("not_found", None)
    assert detail in citation.detail


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("Tex. Code § 15.50", "Tex. Bus. & Com. Code § 15.50(a), Tex. Ins. Code § 15.50"),
        ("Delaware Code § 2708", "6 Del. C. § 2708"),
        ("10 F.3d 20", "Able v. Baker"),
    ],
)
def test_what_fits_several_provisions_is_ambiguous(text: str, detail: str) -> None:
    citation = checked(text)

    assert citation.state == "ambiguous"
    assert detail in citation.detail


@pytest.mark.parametrize(
    "text",
    [
        "Restatement (Second) of Contracts § 356",
        "12 Harv. L. Rev. 193",
        "U.S. Const. art. I, § 10",
        "Fed. R. Civ. P. 26",
        "German Civil Code § 14",
        "Article 28 of the GDPR",
        "Corporations Act 2001 (Cth)",
        "Smith v Jones [2012] HCA 30",
    ],
)
def test_sources_that_no_index_covers_are_out_of_scope(text: str) -> None:
    assert checked(text).state == "out_of_scope"


def test_a_vacated_part_and_everything_in_it_is_outdated() -> None:
    part, section = checked("16 C.F.R. pt. 910"), checked("16 C.F.R. § 910.2")

    assert (part.state, section.state) == ("outdated", "outdated")
    assert "vacated" in part.detail
    assert "16 C.F.R. pt. 910" in section.detail


def test_law_not_yet_in_force_is_outdated_until_its_day() -> None:
    text = "Cal. Bus. & Prof. Code § 16608"

    assert checked(text, datetime.date(2025, 12, 31)).detail == "In force from 2026-01-01."
    assert checked(text, datetime.date(2025, 12, 31)).state == "outdated"
    assert checked(text, datetime.date(2026, 1, 1)).state == "verified"


def test_of_several_authorities_the_first_in_force_answers() -> None:
    index = CitationIndex.from_authorities(
        [
            authority("8 Del. C. § 122(18)", id="old", ended=datetime.date(2024, 8, 1)),
            authority("8 Del. C. § 122(18)", id="new", effective=datetime.date(2024, 8, 1)),
        ]
    )

    def answer(as_of: datetime.date) -> str | None:
        return check_citations("8 Del. C. § 122(18)", index, as_of)[0].authority_id

    assert [answer(datetime.date(2024, 7, 31)), answer(datetime.date(2024, 8, 1))] == ["old", "new"]


def test_a_repealed_provision_is_outdated_from_its_last_day() -> None:
    index = CitationIndex.from_authorities([authority("9 U.S.C. § 2", ended=datetime.date(2020, 5, 1))])
    before, after = (
        check_citations("9 U.S.C. § 2", index, day)[0]
        for day in (datetime.date(2020, 4, 30), datetime.date(2020, 5, 1))
    )

    assert (before.state, after.state) == ("verified", "outdated")
    assert after.detail == "No longer law since 2020-05-01."


def test_an_empty_index_verifies_nothing() -> None:
    index = CitationIndex.from_authorities([])
    text = "9 U.S.C. § 2, the Companies Act 2006, Bush v. Gore, 531 U.S. 98 (2000), Tex. Code § 15.50 and CISG art. 6"

    assert [citation.state for citation in check_citations(text, index, TODAY)] == [
        *["not_found"] * 4,
        "out_of_scope",
    ]


def test_citations_come_in_reading_order_with_their_offsets() -> None:
    text = "See 9 U.S.C. § 2;\n  Cal. Lab. Code\u00a0§§ 2870, 2999 \u2013 and [2015] UKSC 67."
    citations = check_citations(text, INDEX, TODAY)

    assert [citation.state for citation in citations] == ["verified", "verified", "not_found", "verified"]
    assert all(text[citation.start : citation.end] == citation.text for citation in citations)


def test_every_citation_of_the_rules_seed_has_a_key_and_verifies_itself(shared_data: Path) -> None:
    rules = json.loads((shared_data / "rules_seed.json").read_text("utf-8"))["rules"]
    index = CitationIndex.from_authorities(authority(rule["citation"], id=rule["id"]) for rule in rules)

    assert [rule["citation"] for rule in rules if not find_citations(rule["citation"])] == []
    states = {
        citation.text: citation.state
        for rule in rules
        for citation in check_citations(rule["citation"], index, TODAY)
        if citation.state != "verified"
    }
    assert states == {"16 C.F.R. pt. 910": "outdated"}
