"""The parts of a section in plain text: lines that begin with (a), (1), (A), (i), (I)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from actors.domain.importing.passage import Subdivision
from actors.domain.review.numerals import roman_value

_LABEL = re.compile(r"[ \t]*[\[“\"]?\(([A-Za-z]{1,5}|\d{1,3}[A-Za-z]{0,2})\)")
_LINE = re.compile(r"^(?=[ \t>]*[\[“\"]?\()[ \t>]*", re.MULTILINE)
_HEADING = re.compile(r"[ \t]*([^\n.—(]{3,100})\.[ ]?—")


@dataclass(slots=True)
class _Open:
    """A part that has begun and may not have ended."""

    form: str
    label: str
    pin: tuple[str, ...]
    start: int
    heading: str = ""


@dataclass
class _Reader:
    text: str
    within: tuple[str, ...]
    stack: list[_Open] = field(default_factory=list)
    done: list[Subdivision] = field(default_factory=list)

    def label(self, label: str, start: int, heading: str) -> None:
        depth, form = self._place(label)
        self._close(depth, start)
        outer = self.stack[-1].pin if self.stack else self.within
        self.stack.append(_Open(form, label, (*outer, label), start, heading))

    def finish(self) -> tuple[Subdivision, ...]:
        self._close(0, len(self.text))
        return tuple(sorted(self.done, key=lambda part: part.start))

    def _place(self, label: str) -> tuple[int, str]:
        """Return how many parts stay open around a label, and its form.

        `(i)` is the letter after `(h)` or the first small Roman numeral; what is open decides.
        """
        forms = _forms(label)
        inner = self.stack[-1].form if self.stack else ""
        if (label, inner) in (("i", "upper"), ("I", "roman")):
            return len(self.stack), "roman" if label == "i" else "ROMAN"
        for depth in range(len(self.stack) - 1, -1, -1):
            if self.stack[depth].form in forms and _follows(self.stack[depth], label):
                return depth, self.stack[depth].form
        open_forms = {part.form: depth for depth, part in enumerate(self.stack)}
        for form in forms:
            if form not in open_forms:
                return len(self.stack), form
        return open_forms[forms[0]], forms[0]

    def _close(self, depth: int, end: int) -> None:
        for part in self.stack[depth:]:
            last = len(self.text[:end].rstrip())
            self.done.append(Subdivision(pin=part.pin, heading=part.heading, start=part.start, end=last))
        del self.stack[depth:]


def find_subdivisions(text: str, within: tuple[str, ...] = ()) -> tuple[Subdivision, ...]:
    """Return the numbered parts of a section in reading order, each with all that lies in it.

    Args:
        text: The section's text, its parts at the beginning of lines.
        within: The part of the section that the text is: `("b",)` for the text of § 1833(b), with or without its `(b)`.
    """
    reader = _Reader(text, within)
    first = True
    for label, start, heading in _labels(text):
        if first and label in within:
            reader.within = within[: within.index(label)]
        first = False
        reader.label(label, start, heading)
    return reader.finish()


def _labels(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield label, offset and heading; `(a)(1)` at the beginning of a line are two."""
    for line in _LINE.finditer(text):
        at = line.end()
        while match := _LABEL.match(text, at):
            following = _HEADING.match(text, match.end())
            yield match[1], match.start(), following[1].strip() if following else ""
            at = match.end()


def _forms(label: str) -> list[str]:
    """Return what a label can be, the commonest first."""
    if label[0].isdigit():
        return ["digit"]
    roman = roman_value(label.upper()) is not None
    if len(label) == 1:
        plain = "upper" if label.isupper() else "lower"
        return [plain, *(["ROMAN" if label.isupper() else "roman"] if roman else [])]
    if roman and label not in ("cc", "dd", "mm", "CC", "DD", "MM"):
        return ["ROMAN" if label.isupper() else "roman"]
    return ["double"]


def _follows(part: _Open, label: str) -> bool:
    if part.form == "digit":
        return (
            int(re.sub(r"\D", "", label)) - int(re.sub(r"\D", "", part.label)) in (0, 1)
            and label != part.label
        )
    if part.form in ("roman", "ROMAN"):
        return (roman_value(label.upper()) or 0) == (roman_value(part.label.upper()) or 0) + 1
    return len(label) == len(part.label) and ord(label[0]) == ord(part.label[0]) + 1
