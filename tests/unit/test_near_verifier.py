"""The encoder's last word."""

import numpy as np

from actors.domain.near.verifier import Likeness, encoded, is_verified, likeness


def unit(*values: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    vector = np.array(values, dtype=np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def test_small_words_and_marks_do_not_count() -> None:
    rows = np.stack([unit(1, 0), unit(0, 1), unit(1, 1)])
    kept = encoded(unit(1, 0), rows, ["[CLS]", "of", "lease"])

    assert kept.tokens.shape == (1, 2)


def test_the_weakest_word_of_either_side_decides() -> None:
    lease, moon = unit(1, 0), unit(0, 1)
    short = encoded(lease, np.stack([lease]), ["lease"])
    long = encoded(lease, np.stack([lease, moon]), ["lease", "moon"])

    assert likeness(short, long).weakest < 0.01 < likeness(short, short).weakest
    assert likeness(short, long) == likeness(long, short)


def test_no_number_is_no_likeness() -> None:
    assert not is_verified(Likeness(float("nan"), 0.9))
    assert not is_verified(Likeness(0.9, float("nan")))


def test_both_floors_must_be_reached() -> None:
    assert is_verified(Likeness(0.9, 0.5))
    assert not is_verified(Likeness(0.9, 0.01))
    assert not is_verified(Likeness(0.3, 0.5))


def test_a_question_without_a_long_word_is_unlike_itself() -> None:
    blank = encoded(unit(1, 0), np.stack([unit(1, 0)]), ["is"])

    assert not is_verified(likeness(blank, blank))
