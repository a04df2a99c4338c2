"""Letters and short forms: lines to sign on are no blanks, and an exhibit of an unnumbered text is attached."""

import pytest

from actors.domain.review.lint import lint


def checks(text: str) -> list[str]:
    return [found.check for found in lint(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Company: ____________   Contractor: ____________",
        "Accepted and agreed: ____________ Priya Nair",
        "Signed for Arbor Energy Limited: ____________ Date: ____________",
        "Juniper Wines LLC  ____________    Paloma Design Group, Inc.  ____________",
    ],
)
def test_a_line_to_sign_on_is_no_blank(line: str) -> None:
    assert "C1" not in checks(f"We agree on these terms.\n\n{line}\n")


@pytest.mark.parametrize("line", ["The fee is ____________ for each day.", "It starts on ____________."])
def test_a_line_in_a_sentence_is_a_blank(line: str) -> None:
    assert "C1" in checks(f"We agree on these terms. {line}\n")


def test_an_exhibit_below_a_letter_is_attached() -> None:
    letter = "Dear Priya,\n\nWe offer you the position. Your pay notice is attached as Exhibit A.\n\nSincerely,\nTom\n"
    notice = "\nExhibit A: Notice of Pay\nRate of pay: $95,000 a year, every second Friday.\n"

    assert "X2" not in checks(letter + notice)
    assert "X2" in checks(letter)


def test_an_exhibit_number_on_top_of_a_filing_attaches_nothing() -> None:
    body = "We sell the goods that Schedule 2 lists, at its prices and on the terms of this letter.\n" * 8

    assert "X2" in checks(f"SCHEDULE 2\n\n{body}")
