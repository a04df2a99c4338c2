"""What each check says, on the smallest text that shows it, and where it stays silent."""

import datetime
from decimal import Decimal

import pytest

from actors.domain.findings import Finding
from actors.domain.review.completeness import EssentialClause, missing_clauses
from actors.domain.review.known import KnownFacts
from actors.domain.review.lint import lint, lint_document, lint_section
from actors.domain.review.numerals import letter_value, roman_value, to_roman, words_value
from actors.domain.review.outline import read_outline

FRAME = "".join(
    f"## {heading}\n\n{words}\n\n"
    for heading, words in (
        ("1. One", "Words of one."),
        ("2. Two", "Words of two."),
        ("3. Three", "{}"),
        ("4. Four", "Words of four."),
    )
)

AT_WILL = "Either party may terminate this Agreement for convenience"
CAP = "The total liability of the Seller shall not exceed $5."
GRANT = "Ada grants to Bob"


def spoken(findings: list[Finding], check: str) -> list[str]:
    return [finding.quote for finding in findings if finding.check == check]


@pytest.mark.parametrize(
    ("check", "words", "quote"),
    [
        ("C1", "Pay on [●].", "[●]"),
        ("C1", "Pay {{ amount }}.", "{{ amount }}"),
        ("C1", "The fee is TBD.", "TBD"),
        ("C1", "Pay within ________ days of invoice.", "________"),
        ("C5", "Pay. [Drafting note: confirm the amount]", "[Drafting note: confirm the amount]"),
        ("D1", "Pay by 31 November 2025.", "31 November 2025"),
        ("D1", "Runs from 1 May 2025 until 30 April 2025.", "1 May 2025 until 30 April 2025"),
        ("M1", "within one hundred and twenty (100) days", "one hundred and twenty (100)"),
        ("M1", "pay Five Thousand Dollars ($50,000)", "Five Thousand Dollars ($50,000)"),
        ("N5", "The (first of these is here.", "("),
        ("W1", "The Seller shall pay. The Seller will deliver.", "The Seller will"),
        ("W2", "goods and/or services", "and/or"),
        ("W3", "the aforesaid goods", "aforesaid"),
        ("W5", "Use best efforts here and reasonable efforts there.", "reasonable efforts"),
        ("W6", "Notwithstanding anything to the contrary, pay.", "Notwithstanding anything to the contrary"),
    ],
)
def test_one_section_is_enough_for(check: str, words: str, quote: str) -> None:
    assert spoken(lint_section(words, "3", None), check) == [quote]


@pytest.mark.parametrize(
    "words",
    [
        "The price is [***] and the term [* * *] years.",
        "See [the standard terms](https://example.org) and the box [x].",
        "[SIGNATURE PAGE FOLLOWS]",
        "[Reserved.]",
        "By: ____________________",
        "within thirty (30) days, one hundred twenty (120) days or two (2) years",
        "at ninety-five percent (95%) and Twenty-Five Thousand Dollars ($25,000)",
        "one and one-half (1.5) times",
        "on February 29, 2024 and on 31 December 2025",
        "between June 24 and May 30 parts",
        "(a) one; (b) two; and 1) three",
        'It said "done" and “done”.',
        "Section three (3) and exhibit one (2)",
    ],
)
def test_ordinary_words_raise_nothing_in_a_section(words: str) -> None:
    assert [f for f in lint_section(words, "3", None) if f.severity != "info"] == []


@pytest.mark.parametrize(
    ("check", "words", "quote"),
    [
        ("K2", "Disputes shall be finally settled by arbitration. Suits must be filed in the courts of Utah.", ""),
        ("K3", f"{AT_WILL} on 30 days' notice. {AT_WILL} on 60 days' notice.", ""),
        ("K4", f"{CAP} The Seller shall indemnify without limitation of amount.", ""),
        ("K5", "Section 9 survives the end of this Agreement.", "9"),
        ("K6", "It is incorporated by reference. This is the entire agreement.", "incorporated by reference"),
        ("K7", f"{GRANT} an exclusive license to use it. {GRANT} a non-exclusive license to use it.", ""),
        ("K8", "The term shall automatically renew each year. The term shall not be renewed.", "shall not be renewed"),
        ("M3", "Pay $500 at first and €400 later.", "€4"),
        ("M4", "Profits are shared between them, 60% to Ada and 30% to Bob.", ""),
        ("N4", "", "## 3. Three"),
        ("P2", "The Indemnitee shall indemnify the Indemnitor.", ""),
        ("T6", "The XQF data and the XQF file.", "XQF"),
        ("X1", "Section 12 applies.", "12"),
        ("X1", "Sections 2 and 7.1 apply.", "7.1"),
        ("X1", "Section 2 (Four) applies.", "2 (Four)"),
        ("X2", "The goods are listed in Exhibit B.", "Exhibit B"),
        ("X5", "As Section 4 above says.", "4 above"),
        ("D2", "It commences on 1 May 2025 for a period of two years and expires on 30 April 2026.", "30 April 2026"),
        ("D3", 'It starts on 1 May 2025 (the "Effective Date"). "Effective Date" means 2 May 2025.', "2 May 2025"),
    ],
)  # fmt: skip
def test_the_whole_text_is_needed_for(check: str, words: str, quote: str) -> None:
    found = spoken(lint_document(FRAME.format(words), None), check)

    assert len(found) == 1
    assert not quote or found == [quote]


@pytest.mark.parametrize(
    "words",
    [
        "Section 409A of the Code, Section 12(b) of the Exchange Act and Code Section 83 apply.",
        "Section 14 of the Lease and Sections 21 and 22 thereof apply; so does 11 U.S.C. § 365.",
        "Section 15 and Section 16 of the Master Agreement apply.",
        "Pursuant to Section 8, paragraph 2, under the Securities Act of 1933.",
        "Sections 1, 2 and 4 apply, also Section 3.",
        "Section 2 below applies to Section 4 above in that other contract."
        if False
        else "Section 4 below applies.",
        "Profits are shared, 60% to Ada and 40% to Bob.",
        "Pay $500, or the equivalent in euro: €460.",
        f"{CAP[:-1]}, except for unlimited liability for fraud.",
    ],
)
def test_ordinary_words_raise_nothing_in_a_document(words: str) -> None:
    assert [f for f in lint_document(FRAME.format(words), None) if f.severity != "info"] == []


def test_mutual_subjection_is_found_in_either_section() -> None:
    text = FRAME.format("Subject to Section 4, pay.").replace(
        "Words of four.", "Subject to Section 3, deliver."
    )

    assert spoken(lint_document(text, None), "X4") == ["3"]


def test_terms_defined_by_each_other_are_a_cycle() -> None:
    text = '"Buyer" means the Customer.\n\n"Customer" means a Buyer.\n\n"Goods" means tools. The Goods go to a Buyer.\n'

    assert spoken(lint_document(text, None), "T7") == ["Customer"]


def test_a_term_in_lower_case_and_a_term_used_early_are_only_information() -> None:
    text = (
        FRAME.format(
            'The "Work Plan" means a plan. The "Fee" means $5. "Site" means here. Fee, Site, Fee.'
        ).replace("Words of one.", "The Work Plan, the Work Plan and the Work Plan.")
        + "x " * 400
        + "the work plan\n"
    )

    found = {f.check: f.severity for f in lint_document(text, None)}

    assert found == {"T4": "info", "T5": "info"}


def test_a_skipped_heading_level_is_only_information() -> None:
    findings = lint_document("# Title\n\nWords.\n\n### Deep\n\nWords.\n", None)

    assert [(f.check, f.severity, f.quote) for f in findings] == [("N3", "info", "### Deep")]


def test_a_listed_open_point_is_information_and_any_other_bracket_an_error() -> None:
    known = KnownFacts(open_blanks=frozenset({"Governing Law"}))

    found = lint_section("Under [governing law], with [Other Thing].", "8", known)

    assert [(f.quote, f.severity, f.section) for f in found] == [
        ("[governing law]", "info", "8"),
        ("[Other Thing]", "error", "8"),
    ]


@pytest.mark.parametrize(
    ("words", "quotes"),
    [
        ("Blue Heron Works LLC pays. **Blue Heron Works LLC** signs.", []),
        ("BLUE HERON WORKS LLC pays Ada Tools, Inc.", []),
        ("Blue Heron Works, Inc. pays.", ["Blue Heron Works, Inc."]),
        ("Blue Herron Works LLC pays.", ["Blue Herron Works LLC"]),
        ('Green Owl GmbH (the "Seller") pays.', ["Green Owl GmbH"]),
        ("Green Owl GmbH\n\nBy: ____", ["Green Owl GmbH"]),
        ("The insurer is Green Owl GmbH.", []),
    ],
)
def test_names_are_held_against_the_parties(words: str, quotes: list[str]) -> None:
    known = KnownFacts(parties={"Client": "Blue Heron Works LLC", "Supplier": "Ada Tools, Inc."})

    assert spoken(lint_section(words, "1", known), "P1") == quotes


def test_known_amounts_and_dates_are_held_against_the_text() -> None:
    known = KnownFacts(
        amounts={"Purchase Price": Decimal(5000)}, dates={"Effective Date": datetime.date(2025, 5, 1)}
    )
    text = FRAME.format('The Purchase Price is $6,000. "Effective Date" means 2 May 2025.')

    found = lint_document(text, known)

    assert [(f.check, f.quote) for f in found] == [("M2", "$6,000"), ("D3", "2 May 2025")]


def test_a_blank_in_a_form_that_is_attached_only_warns() -> None:
    text = FRAME.format("See Exhibit A.") + "\n## Exhibit A: Order Form\n\nDate: [insert date]\n"

    assert [(f.check, f.severity, f.section) for f in lint(text)] == [("C1", "warning", "Exhibit A")]


def test_a_missing_clause_has_no_place_in_the_text() -> None:
    clauses = (
        EssentialClause("law", "governing law", (r"governed by",)),
        EssentialClause("term", "its term", (r"\bterm\b", r"\bexpires\b"), "error"),
    )

    found = missing_clauses("It EXPIRES in May.", clauses)

    assert [(f.check, f.severity, f.start, f.end, f.quote) for f in found] == [("C2", "warning", 0, 0, "")]
    assert "governing law" in found[0].message


def test_an_edit_elsewhere_does_not_rename_a_finding() -> None:
    text = FRAME.format("Pay in thirty (60) days, then in thirty (60) days.")

    before, after = lint(text), lint("Some words in front.\n\n" + text)

    assert [f.id for f in before] == [f.id for f in after]
    assert len({f.id for f in before}) == 2


def test_a_section_alone_and_in_its_document_gives_the_same_ids() -> None:
    words = "Pay in thirty (60) days on [●]."

    alone, within = lint_section(words, "3", None), lint(FRAME.format(words))

    assert {f.id for f in alone} <= {f.id for f in within}


def test_the_outline_reads_every_habit_of_numbering() -> None:
    for text, numbers in (
        ("## 1. A\n\nx\n\n## 2. B\n\ny\n\n## Schedule 1\n\nz", ["1", "2", "Schedule 1"]),
        ("1. A. Words.\n2. B. Words.\n3. C. Words.\nEXHIBIT A\nWords", ["1", "2", "3", "Exhibit A"]),
        ("ARTICLE I\nA\nSection 1.01 B. Words\nARTICLE II\nC", ["I", "II"]),
        ("Section 1. A. Words\nSection 2. B. Words\nIN WITNESS WHEREOF, x", ["1", "2", ""]),
        ("I. ONE\nWords\nII. TWO\nWords\nIII. THREE\nWords", ["I", "II", "III"]),
        ("1. **A**. Words.\n\n2. **B**. Words.\n", ["1", "2"]),
        ("1.0 A\nWords\n2.0 B\nWords", ["1", "2"]),
        ("Words only, and 120 days.", [""]),
    ):
        assert [section.number for section in read_outline(text).sections] == numbers, text


def test_a_list_inside_a_section_is_no_run_of_sections() -> None:
    text = (
        "1. First Things\n\nThese are:\n\n1. salt, and\n2. pepper.\n\n"
        "2. Second Things\n\nWords.\n\n3. Third Things\n\nWords.\n"
    )

    assert [s.heading for s in read_outline(text).sections] == [
        "First Things",
        "Second Things",
        "Third Things",
    ]


def test_clauses_know_their_number_and_their_span() -> None:
    text = "## 4. Term\n\n4.1 One.\n\n(a) a;\n\n(b) b.\n\n4.2 Two.\n"

    clauses = read_outline(text).sections[0].clauses

    assert [(c.number, text[c.body : c.end].strip()) for c in clauses] == [
        ("4.1", "One.\n\n(a) a;\n\n(b) b."),
        ("(a)", "a;"),
        ("(b)", "b."),
        ("4.2", "Two."),
    ]


def test_numerals_are_read_strictly() -> None:
    assert [roman_value(n) for n in ("iv", "XLIX", "IIII", "")] == [4, 49, None, None]
    assert [to_roman(n) for n in (4, 49)] == ["IV", "XLIX"]
    assert [letter_value(n) for n in ("a", "Z", "bb", "ab", "1")] == [1, 26, 28, None, None]
    assert [
        words_value(words.split())
        for words in ("one hundred and five", "two million", "thirty fifteen", "ten five")
    ] == [
        105,
        2_000_000,
        None,
        None,
    ]
