"""T1: capitalised terms that no place of the text defines."""

import re
from collections.abc import Collection, Iterator, Sequence

from actors.domain.review.outline import Outline
from actors.domain.review.remark import Remark
from actors.domain.review.vocabulary import DETERMINERS, NOT_TERMS
from actors.domain.review.words import Word, stems_of

_LEAST_USES = 2
_LEAST_USES_OF_ONE_WORD = 3  # single capitals are often mere style
_MAX_WORDS = 6
# A defined term takes an article like a common noun; a name does not: "the Purchase Price", "each Deliverable".
_JOINING = re.compile(r"[ \u00a0]")


def undefined_terms(
    text: str, words: Sequence[Word], introduced: Collection[tuple[str, ...]], outline: Outline
) -> Iterator[Remark]:
    """Yield T1 once per term, at its first use.

    A term is a capitalised phrase inside a sentence, after an article or the like, used at least twice that way.
    Names, headings, sentence starts and capitals throughout do not count; neither do terms that a heading carries
    or that stand in quotation marks anywhere.
    """
    known = set(introduced)
    known.update(stems_of(section.heading) for section in outline.sections)
    parts = {stems for known_stems in known for stems in _parts(known_stems)}
    uses: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for first, after in _phrases(text, words):
        key = tuple(word.stem for word in words[first:after])
        uses.setdefault(key, []).append((words[first].start, words[after - 1].end))
    for key, places in uses.items():
        least = _LEAST_USES if len(key) > 1 else _LEAST_USES_OF_ONE_WORD
        if len(places) < least or key in parts or _is_built(key, known) or NOT_TERMS & set(key):
            continue
        start, end = places[0]
        message = f"{text[start:end]!r} is used as a defined term and defined nowhere."
        yield Remark("T1", "warning", message, start, end)


def _parts(stems: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield a term and its endings: "Initial Term" introduces "Term"."""
    for first in range(len(stems)):
        yield stems[first:]


def _is_built(key: tuple[str, ...], known: set[tuple[str, ...]]) -> bool:
    """Say whether a phrase is two known terms side by side, such as "Supplier Personnel", or ends in a known one."""
    return any(key[at:] in known or key[:at] in known for at in range(1, len(key)))


def _phrases(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield runs of capitalised words that follow a determiner on the same line."""
    free = 1  # a phrase may begin here: behind the one before, and the word that ended it
    for index in [at for at, word in enumerate(words, start=1) if word.text in DETERMINERS]:
        if index < free:
            continue
        after = index
        while after < len(words) and after - index < _MAX_WORDS and _continues(text, words, after):
            after += 1
        if after > index:
            free = after + 1
            if not _is_name(text, words, after):
                yield index, after


def _continues(text: str, words: Sequence[Word], at: int) -> bool:
    word, before = words[at], words[at - 1]
    capital = word.text[0].isupper() and not word.text.isupper() and len(word.text) > 2  # noqa: PLR2004
    return capital and _JOINING.fullmatch(text[before.end : word.start]) is not None


def _is_name(text: str, words: Sequence[Word], after: int) -> bool:
    """Say whether the phrase runs on as a name does: "the Bank of America", "the Securities Exchange Act"."""
    if after >= len(words):
        return False
    between = text[words[after - 1].end : words[after].start]
    following = words[after]
    if following.stem in NOT_TERMS and following.text[0].isupper() and len(between) <= 2:  # noqa: PLR2004
        return True
    if between == " " and (following.text.isupper() or following.text[0].isdigit()):
        return True
    if following.stem in {"corporation", "limited", "company", "partnership", "law", "court", "resident"}:
        return True
    if "&" in between or (between.startswith(",") and following.text in {"Inc", "LLC", "Ltd", "L.P", "LP"}):
        return True
    after_of = (
        words[after + 1] if following.text in {"of", "on", "for", "and"} and after + 1 < len(words) else None
    )
    return between == " " and after_of is not None and after_of.text[0].isupper()
