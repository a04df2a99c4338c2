"""Places in the message, and the record of which of them are taken: each word is used once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words."""
        return text[self.start : self.end]


class Claims:
    """Which characters of a text something has used already.

    A map of bytes, not a list of spans: asking stays cheap in a text made of nothing but amounts.
    """

    def __init__(self, length_chars: int) -> None:
        self._taken = bytearray(length_chars)

    def claim(self, start: int, end: int) -> None:
        """Take a span; taking it twice does no harm."""
        self._taken[start:end] = b"\x01" * (min(end, len(self._taken)) - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing in this span is taken."""
        return self._taken.find(1, start, end) < 0

    def next_taken(self, at: int, limit: int) -> int:
        """Return the first taken place in `at … limit`, or `limit`."""
        found = self._taken.find(1, at, limit)
        return limit if found < 0 else found

    def copy(self) -> "Claims":
        """Return a record of its own with the same places taken."""
        other = Claims(0)
        other._taken = bytearray(self._taken)
        return other
