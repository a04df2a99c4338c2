"""Markup to lines of text, with a record of where each numbered part stands."""

import re
from dataclasses import dataclass, field

_SPACE = re.compile(r"\s+")


@dataclass
class TextBuilder:
    """Text in the making: runs of space become one, breaks never pile up, a number keeps its first words beside it."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _last: str = ""
    _break: bool = False
    _numbered: bool = False

    @property
    def end(self) -> int:
        """Where the last word ends."""
        return self._length - (self._last == " ")

    @property
    def ends_in_word(self) -> bool:
        """Whether a letter or a digit was added last."""
        return self._last.isalnum()

    def add(self, text: str) -> None:
        """Add running text."""
        plain = _SPACE.sub(" ", text)
        if self._break or self._last in ("", "\n", " "):
            plain = plain.lstrip(" ")
        if not plain:
            return
        self._end_line()
        self._append(plain)
        self._numbered = False

    def add_number(self, number: str) -> int:
        """Begin a line with a number, and return where it starts."""
        self.break_line()
        self._numbered = False
        self._end_line()
        start = self._length
        self._append(f"{' '.join(number.split())} ")
        self._numbered = True
        return start

    def break_line(self) -> None:
        """End the line, unless only a number stands in it."""
        if self._last and not self._numbered:
            self._break = True

    def add_cell(self) -> None:
        """Begin a cell of a row of a table."""
        if self._last and not self._break:
            self._append(" | ")

    def text(self) -> str:
        """Return what was added, without space at its end."""
        return "".join(self._parts).rstrip()

    def _end_line(self) -> None:
        if not self._break:
            return
        if self._last == " ":
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
        self._append("\n")
        self._break = False

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._last = text[-1]
