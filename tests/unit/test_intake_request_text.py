"""What a message must be before it is read."""

import pytest

from actors.domain.intake.request_text import LIMIT_CHARS, check_request_text
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
    ],
)
def test_a_text_that_no_document_can_carry_is_refused(message: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        check_request_text(message)

    assert raised.value.field == "message"
    assert reason in raised.value.reason


def test_a_text_is_put_into_one_form() -> None:
    assert check_request_text("  Cafe\u0301\r\nA\rB\tC \n") == "Caf\u00e9\nA\nB\tC"


def test_the_longest_text_is_taken() -> None:
    assert len(check_request_text("x" * LIMIT_CHARS)) == LIMIT_CHARS
