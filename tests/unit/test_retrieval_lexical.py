"""Search by words, and the windows of long passages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import InvalidInputError
from actors.retrieval.lexical_index import LexicalIndex, Stemmer
from actors.retrieval.passages import Passage, all_windows, windows

PASSAGES = [
    Passage("rent", "Tenant shall pay the rent monthly."),
    Passage("cap", "Liability is limited to the fees that were paid."),
    Passage("both", "Rent and liability: the rent is limited."),
]


def found(index: LexicalIndex, *stems: str, limit: int = 10) -> list[str]:
    return [PASSAGES[position].id for position in index.scores(dict.fromkeys(stems, 1.0), limit)]


def test_a_word_finds_its_other_forms() -> None:
    index = LexicalIndex.build(PASSAGES)
    assert set(found(index, *Stemmer()("limits"))) == {"cap", "both"}
    assert set(found(index, *Stemmer()("rents"))) == {"both", "rent"}


def test_a_heavier_word_counts_more() -> None:
    index = LexicalIndex.build(PASSAGES)
    assert next(iter(index.scores({"rent": 5.0, "fee": 0.1}, 3))) == 2
    assert next(iter(index.scores({"rent": 0.1, "fee": 5.0}, 3))) == 1


def test_no_more_than_asked_for_is_returned() -> None:
    assert found(LexicalIndex.build(PASSAGES), "rent", limit=1) == ["both"]
    assert found(LexicalIndex.build(PASSAGES), "rent", limit=0) == []


def test_an_index_in_a_folder_is_found_again(tmp_path: Path) -> None:
    built = LexicalIndex.build(PASSAGES, tmp_path / "index")
    opened = LexicalIndex.open(tmp_path / "index")
    assert opened.scores({"rent": 1.0}, 3) == built.scores({"rent": 1.0}, 3)
    assert len(opened) == 3


def test_a_folder_that_holds_something_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InvalidInputError):
        LexicalIndex.build(PASSAGES, tmp_path)
    with pytest.raises(InvalidInputError):
        LexicalIndex.open(tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_index_of_nothing_finds_nothing() -> None:
    assert LexicalIndex.build([]).scores({"rent": 1.0}, 3) == {}


@given(st.text())
def test_no_text_is_search_syntax(text: str) -> None:
    stems = dict.fromkeys(Stemmer()(text), 1.0)
    LexicalIndex.build([Passage("it", text)]).scores(stems, 3)


@given(st.text(), st.integers(1, 9))
def test_windows_hold_every_word_once_and_no_more_than_their_size(text: str, size: int) -> None:
    pieces = list(windows(text, size))
    assert " ".join(pieces).split() == text.split()
    assert all(len(piece.split()) <= size for piece in pieces)


def test_every_passage_has_a_window_of_its_own() -> None:
    texts, starts = all_windows(
        [Passage("empty", ""), Passage("long", "word " * 400), Passage("short", "word")]
    )
    assert starts == [0, 1, 4]
    assert [len(text.split()) for text in texts] == [0, 180, 180, 40, 1]
