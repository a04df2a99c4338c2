"""Expressions that follow one another in a sentence."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actors.domain.rules.needles import Needles
from actors.domain.rules.plain_text import BREAK

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Gap:
    """What may stand between two expressions."""

    chars: int
    barrier: re.Pattern[str]
    """Must not stand in it."""
    inline: str
    """The same as an expression, for gaps inside a group."""


SHORT_GAP = Gap(160, re.compile(rf"[;{BREAK}]|\.(?!\S)"), rf"(?:[^.;{BREAK}]|\.(?=\S)){{0,160}}?")
LONG_GAP = Gap(400, re.compile(rf"{BREAK}|\.(?!\S)"), rf"(?:[^.{BREAK}]|\.(?=\S)){{0,400}}?")


@dataclass(frozen=True, slots=True)
class Chain:
    """Expressions with gaps between them; there is one gap less than expressions."""

    parts: tuple[re.Pattern[str], ...]
    gaps: tuple[Gap, ...]
    needles: Needles
    """One of these stands in every match; empty: not known."""

    def spans(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the whole chain stands between two offsets, by its first part."""
        found: list[Spans] = []
        for part in self.parts:
            found.append([match.span() for match in part.finditer(text, start, end)])
            if not found[-1]:
                return
        walk = _Walk(text, self.gaps, found)
        for first, after in found[0]:
            last = walk.end_of(1, after)
            if last is not None:
                yield first, last


class _Walk:
    """Finds how far a chain reaches. Every step is taken once, however many beginnings lead to it."""

    def __init__(self, text: str, gaps: Sequence[Gap], found: Sequence[Spans]) -> None:
        self._text = text
        self._gaps = gaps
        self._found = found
        self._known: dict[tuple[int, int], int | None] = {}

    def end_of(self, part: int, at: int) -> int | None:
        """Return where the chain from `part` on ends, when it goes on at an offset; `None` where it does not."""
        if part == len(self._found):
            return at
        if (part, at) not in self._known:
            self._known[part, at] = self._step(part, at)
        return self._known[part, at]

    def _step(self, part: int, at: int) -> int | None:
        gap, spans = self._gaps[part - 1], self._found[part]
        for index in range(bisect_left(spans, (at, 0)), len(spans)):
            start, end = spans[index]
            if start - at > gap.chars or gap.barrier.search(self._text, at, start):
                return None
            last = self.end_of(part + 1, end)
            if last is not None:
                return last
        return None
