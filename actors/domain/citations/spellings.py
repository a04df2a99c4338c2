"""All the ways to write the name of a source: abbreviated, in full, with and without points and spaces."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Words = Mapping[str, list[str]]
"""Words accepted in place of an abbreviation of the canonical name."""
Places = Mapping[str, Mapping[str, Any]]
"""Places with the `names` that stand in front of their codes."""


def pattern_of(name: str, words: Words, places: Places) -> str:
    """Return a pattern for a name in all its spellings."""
    for place in places.values():
        first, *others = place["names"]
        if name.startswith(first + " "):
            rest = _words(name.removeprefix(first), words)
            return rf"{_any_of([first, *others])}(?:'s)?\s*{rest}"
    return _words(name, words)


def _words(name: str, words: Words) -> str:
    return r"\s*".join(_any_of([word, *words.get(word, ())]) for word in name.split()) + r"(?!\w)"


def _any_of(spellings: list[str]) -> str:
    return f"(?:{'|'.join(map(_word, sorted(spellings, key=len, reverse=True)))})"


def _word(word: str) -> str:
    if word == "&":
        return "(?:&|and)"
    if re.fullmatch(r"(?:\w\.)+", word):
        letters = word.replace(".", "")
        # Without points inside, a point at the end closes the sentence: "of the UCC."
        return "(?:" + r"\.\s?".join(letters) + r"\.?|" + r"\s?".join(letters) + ")"
    return r"\s+".join(re.escape(part).replace(r"\.", r"\.?").replace(",", ",?") for part in word.split())


def first_words_of(name: str, words: Words, places: Places) -> Iterator[str]:
    """Yield the runs of letters that a spelling of the name can begin with: `N.Y.` with "n" and "ny"."""
    known = [place["names"] for place in places.values() if name.startswith(place["names"][0] + " ")]
    first = name.split(maxsplit=1)[0]
    for spelling in [first, *words.get(first, ()), *(known[0] if known else ())]:
        letters = re.findall(r"[a-z]+", spelling.lower())
        yield from ("".join(letters[:n]) for n in range(1, len(letters) + 1))
        if re.fullmatch(r"(?:\w\.)+\w*", spelling):
            yield re.sub(r"\W", "", spelling.lower())
