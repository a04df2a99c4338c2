"""Waits that servers ask for, in every form in which they do."""

import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.llm.retry_after import CAP_S, retry_after_s

NOW_S = 1_800_000_000.0


def wait(*values: str, name: str = "Retry-After") -> float | None:
    return retry_after_s([(name, value) for value in values], NOW_S)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("120", 120.0),
        ("121", CAP_S),
        ("1000000000000", CAP_S),
        ("9" * 400, CAP_S),
        ("inf", CAP_S),
        ("-5", None),
        ("-inf", None),
        ("NaN", None),
        ("", None),
        ("soon", None),
        ("2, 9", 9.0),
        (email.utils.formatdate(NOW_S + 30, usegmt=True), 30.0),
        (email.utils.formatdate(NOW_S - 30, usegmt=True), 0.0),
        (email.utils.formatdate(NOW_S + 1e6, usegmt=True), CAP_S),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0.0),
        ("Wed, 99 Foo 2026 99:99:99 GMT", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)
def test_a_wait_is_read_in_every_form(value: str, seconds: float | None) -> None:
    assert wait(value) == seconds


def test_milliseconds_have_a_header_of_their_own() -> None:
    assert wait("1500", name="retry-after-ms") == 1.5


def test_of_two_headers_that_disagree_the_longer_wait_counts() -> None:
    assert wait("3", "11") == 11.0
    assert wait("nonsense", "4") == 4.0
    assert retry_after_s([("Retry-After", "2"), ("Retry-After-Ms", "2500")], NOW_S) == 2.5


def test_other_headers_are_no_waits() -> None:
    assert retry_after_s([("Age", "30"), ("X-Retry-After", "9")], NOW_S) is None


@given(st.lists(st.text()))
def test_no_header_breaks_the_reader_or_asks_for_more_than_the_cap(values: list[str]) -> None:
    seconds = wait(*values)
    assert seconds is None or 0 <= seconds <= CAP_S
