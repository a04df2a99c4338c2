"""Where a quote stands in a text, though spacing, quotation marks or bold signs were not kept."""

from dataclasses import dataclass
from functools import lru_cache

_FOLDED = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "‑": "-",
    "‐": "-", "−": "-",
})  # fmt: skip
_SIGNS = "*\\"
_LEAST_CHARS = 4
MOST_QUOTE_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """`text[start:end] == words`."""

    start: int
    end: int
    words: str


def place_of(quote: str, text: str) -> Place | None:
    """Return where `quote` first stands in `text`, or `None`.

    White space, the kind of quotation marks and dashes, and Markdown's stars and backslashes do not count; letters
    and digits do, in their case. A quote of fewer than four characters proves nothing and has no place.
    """
    if len(quote) > MOST_QUOTE_CHARS:
        return None
    wanted = _folded(quote)[0].strip(" ")
    if len(wanted) < _LEAST_CHARS or not any(char.isalnum() for char in wanted):
        return None
    folded, offsets = _folded(text)
    at = folded.find(wanted)
    if at < 0:
        return None
    start, end = offsets[at], offsets[at + len(wanted) - 1] + 1
    return Place(start, end, text[start:end])


@lru_cache(maxsize=32)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text without what does not count, and the offset of each of its characters in the original."""
    chars: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text.translate(_FOLDED)):
        if char in _SIGNS or (char.isspace() and chars and chars[-1] == " "):
            continue
        chars.append(" " if char.isspace() else char)
        offsets.append(offset)
    return "".join(chars), tuple(offsets)
