"""Words of a text with their places, and where terms of several words occur among them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

MOST_REMEMBERED_CHARS = 8_000
_WORD = re.compile(r"[^\W_]+(?:[’'&.-][^\W_]+)*")


class Word(NamedTuple):
    """One word. `stem` is lower case, without possessive and plural."""

    text: str
    stem: str
    start: int
    end: int


def read_words(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order; "Party's", "co-operate" and "U.S" are one word each."""
    return _remembered(text) if len(text) <= MOST_REMEMBERED_CHARS else _read(text)


def _read(text: str) -> tuple[Word, ...]:
    return tuple(Word(match[0], stem(match[0]), match.start(), match.end()) for match in _WORD.finditer(text))


_remembered = lru_cache(maxsize=64)(_read)
"""Several checks read one section after the other."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return one form for "Affiliate", "Affiliates" and "affiliate's"."""
    lower = word.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")
    if lower.endswith("ies") and len(lower) > len("ties"):
        return lower[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes")):
        return lower[:-2]
    return lower[:-1] if lower.endswith("s") and not lower.endswith(("ss", "us", "is")) else lower


def stems_of(phrase: str) -> tuple[str, ...]:
    """Return the stems of a phrase's words."""
    return tuple(stem(match[0]) for match in _WORD.finditer(phrase))


class TermFinder:
    """Finds many terms in one pass over the words, the longest term first."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for term in terms:
            stems = stems_of(term)
            if stems:
                self._by_first.setdefault(stems[0], []).append((stems, term))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def find(self, words: Sequence[Word]) -> Iterator[tuple[str, int, int]]:
        """Yield (term, index of its first word, index after its last), in any letter case."""
        after = 0
        for index in [at for at, word in enumerate(words) if word.stem in self._by_first]:
            if index < after:
                continue
            for stems, term in self._by_first[words[index].stem]:
                if tuple(word.stem for word in words[index : index + len(stems)]) == stems:
                    after = index + len(stems)
                    yield term, index, after
                    break
