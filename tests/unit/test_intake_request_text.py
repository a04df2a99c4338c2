"""What a message must be before it is read."""

import sys

import pytest

from actors.domain.intake.request_text import (
    CONTROL,
    LIMIT_CHARS,
    PRIVATE_SIGNS,
    SURROGATE,
    SUSPECT,
    TURNING,
    UNSEEN,
    check_request_text,
)
from actors.errors import InvalidInputError


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\u2003\u00a0", "empty"),
        ("x" * (LIMIT_CHARS + 1), "20,001 characters; the limit is 20,000"),
        ("NDA \ud800", "U+D800"),
        ("NDA \x00", "U+0000"),
        ("NDA \x1b[31m", "U+001B"),
        ("NDA \x85", "U+0085"),
        ("NDA \ue000name\ue001", "U+E000"),
        ("NDA with \u202ecnI ,emcA", "turns the direction of text (U+202E) at character 10"),
        ("NDA with \u2067Acme\u2069", "U+2067"),
        ("NDA with Ac\u200bme", "an invisible sign (U+200B) at character 12"),
        ("NDA with Ac\u00adme", "U+00AD"),
        ("NDA with Ac\u200dme", "U+200D"),
        ("NDA with Acme\U000e0041", "U+E0041"),
    ],
)
def test_a_text_that_no_document_can_carry_is_refused(message: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        check_request_text(message)

    assert raised.value.field == "message"
    assert reason in raised.value.reason


def test_a_text_is_put_into_one_form() -> None:
    assert check_request_text("  Cafe\u0301\r\nA\rB\tC \n") == "Caf\u00e9\nA\nB\tC"


@pytest.mark.parametrize("name", ["می\u200cخواهم", "क्\u200dष", "👩\u200d💼 Studio"])
def test_joiners_that_shape_a_word_stay(name: str) -> None:
    assert check_request_text(f"NDA with {name}") == f"NDA with {name}"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert check_request_text("\ufeffNDA") == "NDA"


def test_the_longest_text_is_taken() -> None:
    assert len(check_request_text("x" * LIMIT_CHARS)) == LIMIT_CHARS


def test_no_sign_that_is_refused_escapes_the_first_look() -> None:
    """That look decides alone about nearly all texts."""
    signs = "".join(map(chr, range(sys.maxunicode + 1)))
    refused = {
        sign
        for pattern in (SURROGATE, CONTROL, PRIVATE_SIGNS, TURNING, UNSEEN)
        for sign in pattern.findall(signs)
    }
    assert refused | {"\u200c", "\u200d"} <= set(SUSPECT.findall(signs))
