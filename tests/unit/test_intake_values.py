"""Dates, amounts, lengths of time and percentages: read where they are plain, left out where they are not."""

import pytest

from actors.domain.intake.amounts import read_amounts
from actors.domain.intake.counts import read_counts
from actors.domain.intake.dates import read_dates
from actors.domain.intake.mentions import Mentions
from actors.domain.intake.periods import read_periods
from actors.domain.intake.spans import Claims
from actors.errors import InvalidInputError
from tests.unit.intake_reading import TODAY, short


def values(text: str) -> tuple[list[str], list[str]]:
    found = Mentions(Claims(len(text)))
    read_dates(text, TODAY, found)
    read_amounts(text, found)
    read_periods(text, found)
    read_counts(text, found)
    found.values.sort(key=lambda mention: mention.start)
    return [short(mention.value) for mention in found.values], found.notices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a two-year term", ["2 year"]),
        ("for 18 months", ["18 month"]),
        ("24-month", ["24 month"]),
        ("a period of 2 (two) years", ["2 year"]),
        ("two (2) years", ["2 year"]),
        ("within ten business days", ["10 business_day"]),
        ("forty-five (45) calendar days", ["45 day"]),
        ("net 30", ["30 day"]),
        ("one hundred days", ["100 day"]),
        ("for a year", ["1 year"]),
        ("$100 a month", ["USD 100"]),
        ("$5,000 per month", ["USD 5000"]),
        ("USD 10k", ["USD 10000"]),
        ("£2.5m", ["GBP 2500000"]),
        ("€1,000.50", ["EUR 1000.50"]),
        ("1,500 euros and 20 US dollars", ["EUR 1500", "USD 20"]),
        ("CHF 1'000", ["CHF 1000"]),
        ("C$ 5 million", ["CAD 5000000"]),
        ("$5,000 CAD", ["CAD 5000"]),
        ("12.5% and 5 percent", ["12.5", "5"]),
        ("January 5, 2027", ["2027-01-05"]),
        ("5 January 2027", ["2027-01-05"]),
        ("the 5th of January, 2027", ["2027-01-05"]),
        ("Sept. 30 2027", ["2027-09-30"]),
        ("2027-01-05", ["2027-01-05"]),
        ("1/25/2027 and 25.1.2027", ["2027-01-25", "2027-01-25"]),
        ("5/5/2027", ["2027-05-05"]),
        ("effective today", ["2026-11-22"]),
        ("50 users and twenty-five seats", ["50", "25"]),
    ],
)  # fmt: skip
def test_a_plain_value_is_read(text: str, expected: list[str]) -> None:
    assert values(text) == (expected, [])


@pytest.mark.parametrize(
    "text",
    [
        "EUR 1.000,50",
        "€1.000",
        "$1 500",
        "$5,000-$7,000",
        "1/5/2027",
        "3/4/27",
        "March 3",
        "1.5 years",
        "2-3 years",
        "two to three years",
        "two (3) years",
        "effective tomorrow",
        "starting next Monday",
    ],
)
def test_an_ambiguous_value_is_left_out_with_a_reason(text: str) -> None:
    found, notices = values(text)

    assert notices
    assert all(len(value.split()) == 1 and value.isdecimal() for value in found)


@pytest.mark.parametrize(
    "text",
    ["3 days a week", "5 years of experience", "a 10-year-old company", "every two weeks", "two years ago"],
)
def test_what_is_no_length_of_a_contract_is_none(text: str) -> None:
    assert not [value for value in values(text)[0] if not value.isdecimal()]


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2027",
        "February 30, 2027",
        "2027-13-01",
        "0000-01-01",
        "13/13/2027",
        "-$500",
        "$-500",
        "minus USD 500",
        "-5%",
        "term of -2 years",
        "0 days",
        "20,000 years",
        "$99999999999999999",
    ],
)
def test_an_impossible_value_is_refused_by_its_words(text: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        values(text)

    assert raised.value.field == "message"
    assert text.removeprefix("term of ") in raised.value.reason
