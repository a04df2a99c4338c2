"""The linter takes any text: it never raises, and its offsets are true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.review.lint import lint, lint_document, lint_section
from actors.domain.review.outline import read_outline

SCRAPS = st.sampled_from(
    (
        *(
            "\n",
            "\n\n",
            " ",
            ". ",
            "; ",
            "(",
            ")",
            "[",
            "]",
            "“",
            "”",
            '"',
            "**",
            "{{",
            "}}",
            "____",
            "|",
            "#",
            "\r\n",
            "\u2028",
        ),
        *(
            "## 4. Term\n",
            "4.2 ",
            "(a) ",
            "(iv) ",
            "ARTICLE IV",
            "Section 4.2(b)",
            "Schedule 1",
            "SCHEDULE 1\n",
            "clause 9",
            "§ 5",
        ),
        *(
            "thirty (60) days",
            "one hundred (",
            "31 February 2024",
            "from 1 May 2020 to 1 May 2019",
            "2024-13-45",
            "$5,000",
            "60%",
        ),
        *(
            '"Affiliate" means ',
            '(the "Supplier")',
            "the Work Plan",
            "Acme, Inc.",
            "By:",
            "IN WITNESS WHEREOF",
            "subject to ",
            "TBD",
        ),
        *(
            "shall be governed by the laws of Delaware",
            "this Agreement ",
            "exclusive",
            "split",
            "notwithstanding",
            "and/or",
            "9" * 40,
        ),
    )
)
TEXTS = st.lists(SCRAPS | st.text(max_size=12), max_size=40).map("".join)


@given(TEXTS)
def test_every_finding_quotes_the_text_at_its_offsets(text: str) -> None:
    for finding in [*lint(text), *lint_document(text, None), *lint_section(text, "4", None)]:
        assert text[finding.start : finding.end] == finding.quote


@given(TEXTS)
def test_sections_tile_the_text_and_hold_their_clauses(text: str) -> None:
    sections = read_outline(text).sections

    assert "".join(text[section.start : section.end] for section in sections) == text
    for section in sections:
        assert all(section.start <= clause.start <= clause.end <= section.end for clause in section.clauses)


@given(TEXTS)
def test_findings_have_ids_of_their_own_and_come_in_reading_order(text: str) -> None:
    findings = lint(text)

    assert len({finding.id for finding in findings}) == len(findings)
    assert [finding.start for finding in findings] == sorted(finding.start for finding in findings)


PUMPS = (
    "(",
    "[",
    "“",
    '"A',
    "1.",
    "Section 1, ",
    "one hundred ",
    "a ",
    "A ",
    "____",
    "**",
    "\n",
    "{{",
    "(a) ",
    "3 May 2020 to ",
    "Acme ",
    "%",
    "Aa, ",
    " ",
    "\t",
    "1 ",
    "x-",
)


@pytest.mark.parametrize("pump", PUMPS)
def test_a_long_run_of_one_scrap_is_read_without_backtracking(pump: str) -> None:
    """A pattern that backtracks badly would hang here: no clock is needed to see it."""
    assert lint("a" + pump * (40_000 // len(pump)) + "a") is not None
