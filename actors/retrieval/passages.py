"""What is searched: passages, and the windows in which an encoder reads long ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WINDOW_WORDS = 180
"""About 235 word pieces of a contract: what MiniLM reads at once is 256."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that a search can return."""

    id: str
    text: str


def windows(text: str, size_words: int = WINDOW_WORDS) -> Iterator[str]:
    """Cut a text into pieces of `size_words` words, the last one shorter; an empty text is one empty piece."""
    words = text.split()
    for start in range(0, max(len(words), 1), size_words):
        yield " ".join(words[start : start + size_words])


def all_windows(passages: Sequence[Passage]) -> tuple[list[str], list[int]]:
    """Return the windows of all passages in order, and where each passage's windows start among them."""
    pieces: list[str] = []
    starts: list[int] = []
    for passage in passages:
        starts.append(len(pieces))
        pieces.extend(windows(passage.text))
    return pieces, starts
