"""Names of the parties that a text almost writes: misspelt, with another legal form, or with a word exchanged."""

import difflib
from collections.abc import Iterator, Sequence
from functools import lru_cache

from actors.domain.intake.entities import ending
from actors.domain.review.words import Word, read_words

_LEAST_CHARS = 5
_LIKE = 0.75


def wrong_names(text: str, names: Sequence[str], known: str) -> Iterator[tuple[str, str]]:
    """Yield (what the text writes, the name that it nearly is), each pair once, in reading order.

    Args:
        text: A section, as a reader sees it.
        names: Full and short names of the parties.
        known: Words that may stand there whatever they look like, from `folded`: the library's and the request's.
    """
    words = read_words(text)
    plain, told = _folded(words), set()
    for name in dict.fromkeys(names):
        wanted = _folded(read_words(name))
        for at in _nearly(plain, wanted):
            window = words[at : at + len(wanted)]
            if _stands_in(window, wanted) and f" {' '.join(plain[at : at + len(wanted)])} " not in known:
                written = text[window[0].start : window[-1].end]
                if (written, name) not in told:
                    told.add((written, name))
                    yield written, name


def _nearly(plain: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    """Yield where all words but one are those of the name."""
    count = len(wanted)
    for at in range(len(plain) - count + 1) if count else ():
        left = 1
        for there, word in enumerate(wanted, start=at):
            left -= plain[there] != word
            if left < 0:
                break
        if left == 0:
            yield at


def says(text: str, words: str) -> bool:
    """Whether a text has the words of a name or an address, in this order; case, commas and stops do not count."""
    return folded(words) in folded(text)


@lru_cache(maxsize=256)
def folded(text: str) -> str:
    """Return the words of a text in lower case, with a space around each."""
    return f" {' '.join(_folded(read_words(text)))} "


def _folded(words: Sequence[Word]) -> list[str]:
    return [word.text.casefold().replace(".", "").replace("’", "'") for word in words]


def _stands_in(window: Sequence[Word], wanted: Sequence[str]) -> bool:
    """Whether the one word that is not the name's stands in for that of the name."""
    if not any(word.text[0].isupper() for word in window):
        return False
    different = [
        (word.text, name)
        for word, plain, name in zip(window, _folded(window), wanted, strict=True)
        if plain != name
    ]
    (written, name), count = different[0], len(wanted)
    if count == 1:
        return (
            written[0].isupper() and min(len(written), len(name)) >= _LEAST_CHARS and _one_off(written, name)
        )
    if ending(name) and ending(written):
        return True
    exchanged = count > 2 and written[0].isupper()  # noqa: PLR2004
    return exchanged or difflib.SequenceMatcher(None, written.casefold(), name).ratio() >= _LIKE


def _one_off(written: str, name: str) -> bool:
    """Whether one letter is wrong, missing, added or exchanged with the next; a possessive or plural is not."""
    a, b = written.casefold().replace("’", "'").removesuffix("'s"), name
    if a in {b, f"{b}s"}:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return swapped or a[at + 1 :] == b[at + 1 :] or a[at:] == b[at + 1 :] or a[at + 1 :] == b[at:]
