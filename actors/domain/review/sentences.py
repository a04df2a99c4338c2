"""Sentences of contract text, well enough for checks that read one at a time."""

import re
from collections.abc import Iterator

_END = re.compile(
    r"(?<=[a-z\d)\]”\"’%])[.;!?][)”\"’]?(?=\s+[A-Z“\"(\[*#\d])|\n[ \t]*(?=\n|[#*\-•(]|\d+\.)|\n(?=\s*\n)"
)


def read_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence; a blank line or a list item ends one, a semicolon does too."""
    stop = len(text) if end is None else end
    for match in _END.finditer(text, start, stop):
        if text[start : match.end()].strip():
            yield _trim(text, start, match.end())
        start = match.end()
    if text[start:stop].strip():
        yield _trim(text, start, stop)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
