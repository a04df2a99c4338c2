"""One form for all inflections of a word."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

_VOWELS = frozenset("aeiou")
_SHORTEST = 4
_DOUBLED = frozenset("bdglmnprt")


@dataclass(frozen=True, slots=True)
class Inflections:
    """What the lists know of English words."""

    spellings: Mapping[str, str]
    irregular: Mapping[str, str]
    whole: Collection[str]
    """Words that only look inflected."""
    known: Callable[[str], bool]
    """Whether a form is in the vocabulary."""


def lemma(word: str, lists: Inflections) -> str:
    """Return the form under which a word is compared.

    A known word gives its dictionary form. An unknown one gives a stem that is the same for its regular inflections and
    need not be a word ("waive", "waived" and "waiving" give "waiv"). Prefixes and derivations stay: "assignor",
    "assignee" and "assignment" never meet here.
    """
    word = lists.spellings.get(word, word)
    if word in lists.irregular:
        return lists.irregular[word]
    if word in lists.whole or lists.known(word):
        return word
    for candidate in _candidates(word):
        if lists.known(candidate):
            return candidate
    return _stem(word)


def _candidates(word: str) -> Iterator[str]:
    """Return the dictionary forms that a word may belong to, the likeliest first."""
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]
    for ending in ("ing", "ed"):
        if word.endswith(ending):
            yield from _verbs(word[: -len(ending)])
    if word.endswith("able"):
        yield from _verbs(word[:-4])
    if word.endswith("ied"):
        yield f"{word[:-3]}y"
    yield from _adjectives(word)


def _adjectives(word: str) -> Iterator[str]:
    """Undo the ending of an adverb."""
    if word.endswith(("ably", "ibly")):
        yield f"{word[:-1]}e"
    if word.endswith("ily"):
        yield f"{word[:-3]}y"
    if word.endswith("ly"):
        yield word[:-2]


def _verbs(base: str) -> Iterator[str]:
    yield base
    yield f"{base}e"
    if len(base) > 2 and base[-1] == base[-2]:  # noqa: PLR2004 ("sublett-ing")
        yield base[:-1]


def _stem(word: str) -> str:
    """Cut the regular endings of an unknown word."""
    if len(word) < _SHORTEST:
        return word
    if word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif word.endswith(("ches", "shes", "xes", "sses", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return _without_verb_ending(word)


def _without_verb_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        base = word[: -len(ending)]
        if (
            word.endswith(ending)
            and not word.endswith("eed")
            and len(base) >= _SHORTEST - 1
            and _VOWELS & set(base)
        ):
            word = base[:-1] if base[-1] == base[-2] and base[-1] in _DOUBLED else base
            break
    return word[:-1] if word.endswith("e") and not word.endswith("ee") and len(word) > _SHORTEST else word
