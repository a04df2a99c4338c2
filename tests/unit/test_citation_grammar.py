"""Finding citations in text, and one spelling for each."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.citations.found import FoundCitation
from actors.domain.citations.grammar import find_citations


def only(text: str) -> FoundCitation:
    found = find_citations(text)
    assert len(found) == 1, [citation.text for citation in found]
    return found[0]


CODES = {
    "18 U.S.C. § 1833(b)": "us-fed/usc/18/1833",
    "15 U.S.C. 7001(a)": "us-fed/usc/15/7001",
    "42 USC § 1320a-7b(b)": "us-fed/usc/42/1320a-7b",
    "15 U.S.C. §78dd-1 et seq.": "us-fed/usc/15/78dd-1",
    "Section 1833(b) of Title 18 of the United States Code": "us-fed/usc/18/1833",
    "Section 1833(b) of title 18, United States Code": "us-fed/usc/18/1833",
    "Section 409A of the Internal Revenue Code of 1986": "us-fed/usc/26/409a",
    "Section 365(n) of the Bankruptcy Code": "us-fed/usc/11/365",
    "Section 2 of the Federal Arbitration Act": "us-fed/usc/9/2",
    "17 C.F.R. § 240.21F-17(a)": "us-fed/cfr/17/240.21f-17",
    "16 C.F.R. pt. 910": "us-fed/cfr/16/pt-910",
    "16 CFR Part 910": "us-fed/cfr/16/pt-910",
    "U.C.C. § 2-316": "us-ucc/ucc/2-316",
    "UCC 2-316(2)": "us-ucc/ucc/2-316",
    "Section 8- 102 of the UCC": "us-ucc/ucc/8-102",
    "Uniform Commercial Code Section 2-719": "us-ucc/ucc/2-719",
    "Article 9 of the Uniform Commercial Code": "us-ucc/ucc/art-9",
    "Cal. Bus. & Prof. Code § 16600": "us-ca/cal-bus-prof-code/16600",
    "California Business and Professions Code Section 16600": "us-ca/cal-bus-prof-code/16600",
    "CALIFORNIA CIVIL CODE SECTION 1542": "us-ca/cal-civ-code/1542",
    "Section 2870 of the California Labor Code": "us-ca/cal-lab-code/2870",
    "subdivision (a) of Section 2870 of the California Labor Code": "us-ca/cal-lab-code/2870",
    "Cal. Civ. Code § 1646.5": "us-ca/cal-civ-code/1646.5",
    "California Code of Civil Procedure § 410.40": "us-ca/cal-code-civ-proc/410.40",
    "Cal. Code Regs. tit. 11, § 7051": "us-ca/cal-code-regs/11/7051",
    "N.Y. Gen. Oblig. Law § 5-1401": "us-ny/ny-gen-oblig-law/5-1401",
    "New York's General Obligations Law § 5-1401": "us-ny/ny-gen-oblig-law/5-1401",
    "General Obligations Law § 5-1401": "us-ny/ny-gen-oblig-law/5-1401",
    "N.Y. Lab. Law § 203-f": "us-ny/ny-lab-law/203-f",
    "N.Y. C.P.L.R. 201": "us-ny/ny-cplr/201",
    "CPLR § 4544": "us-ny/ny-cplr/4544",
    "6 Del. C. § 2708": "us-de/del-c/6/2708",
    "6 Del. Code § 2708": "us-de/del-c/6/2708",
    "Del. Code Ann. tit. 6, § 2708": "us-de/del-c/6/2708",
    "section 2708 of title 6 of the Delaware Code": "us-de/del-c/6/2708",
    "Title 6, Section 2708 of the Delaware Code": "us-de/del-c/6/2708",
    "6 Del. C. § 18-1101(c)": "us-de/del-c/6/18-1101",
    "Chapter 38 of Title 12 of the Delaware Code": "us-de/del-c/12/ch-38",
    "Tex. Bus. & Com. Code Ann. § 15.50(a) (West 2023)": "us-tx/tex-bus-com-code/15.50",
    "Texas Business & Commerce Code § 15.50": "us-tx/tex-bus-com-code/15.50",
    "820 ILCS 90/10": "us-il/ill-comp-stat/820/90/10",
    "Mass. Gen. Laws ch. 149, § 24L": "us-ma/mass-gen-laws/149/24l",
    "chapter 149, section 24L of the Massachusetts General Laws": "us-ma/mass-gen-laws/149/24l",
    "M.G.L. c. 149, § 24L": "us-ma/mass-gen-laws/149/24l",
    "Wash. Rev. Code ch. 49.62": "us-wa/wash-rev-code/ch-49.62",
    "chapter 49.62 RCW": "us-wa/wash-rev-code/ch-49.62",
    "Okla. Stat. tit. 15, § 219A": "us-ok/okla-stat/15/219a",
    "La. Rev. Stat. 23:921": "us-la/la-rev-stat/23:921",
    "Va. Code § 40.1-28.7:8": "us-va/va-code/40.1-28.7:8",
    "Ohio Rev. Code Ann. § 1333.61": "us-oh/ohio-rev-code/1333.61",
    "section 3 of the Unfair Contract Terms Act 1977": "uk/unfair-contract-terms-act-1977/3",
    "s. 3 Unfair Contract Terms Act 1977": "uk/unfair-contract-terms-act-1977/3",
    "Unfair Contract Terms Act 1977 s 3": "uk/unfair-contract-terms-act-1977/3",
    "section 2(1) UCTA 1977": "uk/unfair-contract-terms-act-1977/2",
    "Copyright, Designs and Patents Act 1988, s 90(3)": "uk/copyright-designs-and-patents-act-1988/90",
    "Enterprise Act 2002, Pt 4": "uk/enterprise-act-2002/pt-4",
    "Schedule 2 to the Consumer Rights Act 2015": "uk/consumer-rights-act-2015/sch-2",
    "Article 28(3) of the UK GDPR": "uk/uk-gdpr/28",
    "CISG art. 6": "us-fed/cisg/6",
    "Fed. R. Civ. P. 26": "us-fed/fed-r-civ-p/26",
}


@pytest.mark.parametrize(("text", "key"), CODES.items())
def test_each_form_of_a_citation_has_the_key_of_its_provision(text: str, key: str) -> None:
    assert only(f"Subject to {text}, the parties agree.").key == key


def test_all_ways_to_write_a_provision_have_one_spelling() -> None:
    texts = [
        "Del. Code Ann. tit. 6, § 2708(a)",
        "Section 2708(a) of Title 6 of the Delaware Code",
        "6 Del.C. §2708 (a)",
    ]

    assert {only(text).normalized for text in texts} == {"6 Del. C. § 2708(a)"}


def test_typographic_spaces_line_breaks_and_dashes_change_nothing() -> None:
    plain = only("15 U.S.C. §§ 7001-7006")
    for text in (
        "15\u202fU.S.C. §§\u00a07001\u20137006",
        "15 U.S.C.\n    §§ 7001\u20117006",
        "15 U.S.C. §§ 7001 through 7006",
    ):
        found = only(text)
        assert (found.key, found.section_end, found.text) == (plain.key, "7006", text)


def test_curly_quotes_around_a_citation_are_not_part_of_it() -> None:
    assert only("\u201c18 U.S.C. § 1833(b)\u201d (the \u201cAct\u201d)").text == "18 U.S.C. § 1833(b)"


@pytest.mark.parametrize("ending", [".", ",", ";", ").", ":", "\u201d", " and", " or"])
def test_what_follows_a_citation_is_not_swallowed(ending: str) -> None:
    assert only(f"under Cal. Civ. Code § 1646.5{ending}").text == "Cal. Civ. Code § 1646.5"


def test_subdivisions_are_the_pin_and_not_the_key() -> None:
    found = only("29 U.S.C. § 626(f)(1)(F)(ii)")

    assert (found.key, found.pin) == ("us-fed/usc/29/626", ("f", "1", "F", "ii"))


def test_each_member_of_a_list_is_a_citation_of_its_own() -> None:
    found = find_citations("Cal. Bus. & Prof. Code §§ 16601, 16602, 16602.5")

    assert [(citation.text, citation.normalized) for citation in found] == [
        ("Cal. Bus. & Prof. Code §§ 16601", "Cal. Bus. & Prof. Code § 16601"),
        ("16602", "Cal. Bus. & Prof. Code § 16602"),
        ("16602.5", "Cal. Bus. & Prof. Code § 16602.5"),
    ]


def test_a_list_in_front_of_its_act_gives_the_act_to_the_last_member() -> None:
    found = find_citations("sections 2 and 3 of the Unfair Contract Terms Act 1977")

    assert [citation.text for citation in found] == ["sections 2", "3 of the Unfair Contract Terms Act 1977"]
    assert [citation.key[-2:] for citation in found] == ["/2", "/3"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("9 U.S.C. §§ 401-402", "401", "402"),
        ("Wash. Rev. Code §§ 49.44.140-.150", "49.44.140", "49.44.150"),
        ("N.Y. Gen. Oblig. Law §§ 5-1401-5-1402", "5-1401", "5-1402"),
        ("Sale of Goods Act 1979, ss 13 to 15", "13", "15"),
        ("21 C.F.R. Parts 210-211", "pt-210", "211"),
        ("15 U.S.C. §§ 7001-06", "7001", "7006"),
        ("15 U.S.C. §§ 78a-78pp", "78a", "78pp"),
        ("6 Del. C. §§ 2701-2709", "2701", "2709"),
        ("Commercial Agents (Council Directive) Regulations 1993, regs 17-20", "17", "20"),
    ],
)
def test_a_range_has_two_ends(text: str, first: str, last: str) -> None:
    found = only(text)

    assert (found.key.rpartition("/")[2], found.section_end) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "N.Y. Gen. Oblig. Law § 5-1401",
        "U.C.C. § 2-316",
        "22 U.S.C. § 2151-1",
        "15 U.S.C. §§ 78dd-1",
        "Ga. Code § 13-8-53",
    ],
)
def test_a_hyphen_that_belongs_to_the_number_makes_no_range(text: str) -> None:
    assert only(text).section_end == ""


def test_a_second_subdivision_stands_beside_the_first() -> None:
    found = find_citations("Ark. Code Ann. § 23-3-119(a)(2) and (d); 6 Del. C. § 18-1101(c), (e)")

    assert [citation.pin for citation in found] == [("a", "2"), ("d",), ("c",), ("e",)]


def test_two_codes_in_one_sentence_keep_their_own_sections() -> None:
    found = find_citations(
        "42 C.F.R. part 73, 7 C.F.R. part 331, and 15 U.S.C. §§ 7001, 7003, 18 U.S.C. § 1833"
    )

    assert [citation.key for citation in found] == [
        "us-fed/cfr/42/pt-73",
        "us-fed/cfr/7/pt-331",
        "us-fed/usc/15/7001",
        "us-fed/usc/15/7003",
        "us-fed/usc/18/1833",
    ]


def test_an_act_named_with_its_year_needs_no_section() -> None:
    found = only("Nothing in the Contracts (Rights of Third Parties) Act 1999 applies.")

    assert found.text == "Contracts (Rights of Third Parties) Act 1999"
    assert found.whole


def test_two_acts_in_a_row_are_two_citations() -> None:
    found = find_citations(
        "under the Bribery Act 2010, the Modern Slavery Act 2015 and the Companies Act 2006."
    )

    assert [citation.text for citation in found] == [
        "Bribery Act 2010",
        "Modern Slavery Act 2015",
        "Companies Act 2006",
    ]


def test_an_act_by_its_popular_name_means_its_run_of_the_code() -> None:
    found = only("the Defend Trade Secrets Act of 2016")

    assert (found.key, found.section_end, found.by_name) == ("us-fed/usc/18/1831", "1839", True)


OWN_PARTS = [
    "as set out in Section 4.2, clause 7, Article 3 and Schedule 1",
    "Section 5 of this Agreement and Schedule 1 to this Agreement",
    "Sections 2 and 3 of the Agreement; paragraph 4(b) of Exhibit A",
    "§ 2708 and Section 16600",
    "Section 4. Governing Law. The Delaware Code governs.",
    "Section 4\n\nConsumer protection",
    "within 10 Or 20 days at 30 Main Street 10001",
    "the UCC financing statement, UCC 1",
    "Title 11 of the United States Code",
    "999 Umbrella 12",
    "This Act of 12 parties; the Order of 30 June 2024",
]


@pytest.mark.parametrize("text", OWN_PARTS)
def test_a_contracts_own_parts_are_no_citations(text: str) -> None:
    assert find_citations(text) == []


def test_no_citation_crosses_an_empty_line() -> None:
    found = find_citations("Section 4\n\nConsumer Rights Act 2015")

    assert [citation.text for citation in found] == ["Consumer Rights Act 2015"]


CASES = {
    "Bush v. Gore, 531 U.S. 98, 99-100 (2000)": ("case/531/u.s./98", "Bush v. Gore", 2000),
    "Dresser Indus. v. Page Petroleum, 853 S.W.2d 505 (Tex. 1993)": (
        "case/853/s.w.2d/505",
        "Dresser Indus. v. Page Petroleum",
        1993,
    ),
    "ABRY Partners V v. F&W Acquisition, 891 A.2d 1032 (Del. Ch. 2006)": (
        "case/891/a.2d/1032",
        "ABRY Partners V v. F&W Acquisition",
        2006,
    ),
    "Cavendish Square v Makdessi [2015] UKSC 67": ("case/2015/uksc/67", "Cavendish Square v Makdessi", 2015),
    "Smith v Jones [2012] EWHC 123 (Comm)": ("case/2012/ewhc/123(comm)", "Smith v Jones", 2012),
    "Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256": (
        "case/1893/1-qb/256",
        "Carlill v Carbolic Smoke Ball Co",
        1893,
    ),
    "Hadley v Baxendale (1854) 9 Exch 341": ("case/1854/9-exch/341", "Hadley v Baxendale", 1854),
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_a_case_has_its_reference_name_and_year(text: str, expected: tuple[str, str, int]) -> None:
    found = only(f"See {text}.")

    assert (found.key, found.name, found.year) == expected
    assert found.text == text


def test_parallel_references_of_one_case_are_one_citation() -> None:
    found = only("Smith v. Jones, 531 U.S. 98, 99-100, 121 S. Ct. 525 (2000)")

    assert (found.key, found.parallel) == ("case/531/u.s./98", ("case/121/s.ct./525",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12 F.4th 100 (2d Cir. 1998)", "F.4th begins in 2021"),
        ("Smith v Jones [2007] UKSC 3", "UKSC begin in 2009"),
    ],
)
def test_a_year_outside_the_reporters_life_is_a_defect(text: str, reason: str) -> None:
    assert reason in only(text).defect


@pytest.mark.parametrize(
    "text",
    [
        "Restatement (Second) of Contracts § 356",
        "U.S. Const. art. I, § 10",
        "Article I, Section 10 of the United States Constitution",
        "12 Harv. L. Rev. 193",
        "Pub. L. No. 114-153, 130 Stat. 376",
        "Regulation (EU) 2016/679",
        "Article 28 of the GDPR",
        "Section 14 of the German Civil Code",
        "Corporations Act 2001 (Cth)",
        "Indian Contract Act 1872",
        "Rule 26 of the Federal Rules of Civil Procedure",
        "Smith v Jones [2012] HCA 30",
    ],
)
def test_sources_beyond_every_index_are_found_and_marked(text: str) -> None:
    found = only(text)

    assert found.outside
    assert found.text == text


def test_statute_forms_of_contracts_are_all_found(shared_data: Path) -> None:
    forms = [
        form["text"]
        for form in json.loads((shared_data / "citations" / "statute_forms.json").read_text("utf-8"))
    ]

    # The last is nonsense that only looks like a reporter.
    assert [text for text in forms if not find_citations(text)] == ["999 Umbrella 12"]


def test_nearly_all_case_citations_of_eyecites_own_cases_are_found(shared_data: Path) -> None:
    cases = json.loads((shared_data / "citations" / "find_cases.json").read_text("utf-8"))["cases"]
    wanted = found = 0
    for case in cases:
        if case["clean_steps"]:
            continue
        written = " ".join(citation.text for citation in find_citations(case["text"]))
        for expected in case["expected"]:
            if expected["type"] == "FullCaseCitation" and expected["groups"]["page"]:
                wanted += 1
                found += f"{expected['groups']['page']}" in written

    assert wanted > 50
    # 56 of 59; the rest are reporters without points or with commas in them ("1 U,S, 1").
    assert found / wanted >= 0.94


LAWS = [
    "Act 1977",
    "Unfair Contract Terms ",
    "18 U.S.C. ",
    "Cal. Lab. Code ",
    "Title 6, ",
    "Delaware Code",
    "UCC ",
    "Regulations 1993",
]
CASELAW = [" v. ", "Smith", "[2015] UKSC 67", "531 U.S. 98", "(2000)"]
SIGNS = ["§", "§§ ", "Section ", "art. ", "(b)", "(3)", "1833", "2870.5", "24L", "et seq.", "-", "\u2013"]
JOINTS = [" and ", " of the ", ", ", ".", "\n", "\u00a0", "\n\n", "\u201c", "\u201d"]
FRAGMENTS = st.sampled_from([*LAWS, *CASELAW, *SIGNS, *JOINTS])


@given(st.lists(FRAGMENTS | st.text(max_size=6), max_size=25).map("".join))
def test_offsets_hold_and_citations_do_not_overlap_in_any_text(text: str) -> None:
    found = find_citations(text)

    assert all(text[citation.start : citation.end] == citation.text != "" for citation in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


UNITS = [
    " ",
    "\n",
    "\u00a0",
    "§",
    "§§ 1, ",
    "Section 4.2 ",
    "(a)",
    "(",
    "1-",
    "1 ",
    "A",
    "aaaaaaaaa ",
    "v ",
    "The Big ",
    "Act ",
]
UNITS += ["18 U.S.C. ", "12 F.", "[2015] ", "of the ", "Const. ", "Restatement of "]


@pytest.mark.parametrize("unit", UNITS)
def test_a_very_long_text_of_anything_is_read_to_its_end(unit: str) -> None:
    # A pattern that backtracks over the whole text would not come back from this.
    find_citations(unit * (60_000 // len(unit)) + " 18 U.S.C. § 1833")


def test_the_points_of_a_sentence_are_no_subdivisions() -> None:
    found = find_citations("under (i) 12 U.S.C. § 1829(a), (ii) 15 U.S.C. § 45b and (iii) the rest")

    assert [citation.pin for citation in found] == [("a",), ()]


def test_a_title_without_points_leaves_the_full_stop_to_the_sentence() -> None:
    assert only("under Section 9-307 of the UCC. The").text == "Section 9-307 of the UCC"


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("45 CFR 46", "45 C.F.R. pt. 46"),
        ("41 C.F.R. § 60- 741.4", "41 C.F.R. § 60-741.4"),
        ("Rule 24b-2 of the Securities Exchange Act of 1934", "17 C.F.R. § 240.24b-2"),
        ("Rule 21F-17(a) under the U.S. Securities Exchange Act of 1934", "17 C.F.R. § 240.21F-17(a)"),
        ("NOT REGISTERED UNDER THE SECURITIES ACT OF 1933", "Securities Act of 1933"),
        ("United States Foreign Corrupt Practices Act of 1977", "Foreign Corrupt Practices Act of 1977"),
        ("Federal Reserve Act of 1913", "Federal Reserve Act of 1913"),
        ("6 Del. C. ch. 12D", "6 Del. C. ch. 12D"),
        ("N.Y. State Tech. Law § 304", "N.Y. State Tech. Law § 304"),
    ],
)
def test_each_citation_of_real_contracts_is_spelled_as_lawyers_do(text: str, normalized: str) -> None:
    assert only(text).normalized == normalized
