"""Folded text and the way back to its offsets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.citations.folding import PARAGRAPH, fold
from actors.domain.markup import _NOTHING_SPECIAL, Run, _parser, runs

WHITE = " \t\n\xa0\u2003\u2028"
TEXTS = st.text(st.sampled_from("ab§1." + WHITE + "\u2019\u2013"), max_size=60)


@given(TEXTS)
def test_every_sign_of_a_folded_text_is_found_again_in_the_original(text: str) -> None:
    folded = fold(text)
    for at, sign in enumerate(folded.text):
        if not sign.isspace() and sign != PARAGRAPH:
            start, end = folded.original(at, at + 1)
            assert end == start + 1
            assert text[start].translate({0x2019: "'", 0x2013: "-"}) == sign


@given(TEXTS)
def test_a_folded_text_has_no_two_gaps_side_by_side(text: str) -> None:
    folded = fold(text).text
    assert not any(first in " \x00" and second in " \x00" for first, second in pairwise(folded))


@given(st.text(max_size=40))
def test_text_without_signs_of_markdown_reads_as_the_parser_reads_it(text: str) -> None:
    if _NOTHING_SPECIAL.fullmatch(text):
        tokens = _parser().parseInline(text)[0].children or []
        assert "".join(token.content for token in tokens) == text
        assert runs(text) == (Run(text, bold=False),)
