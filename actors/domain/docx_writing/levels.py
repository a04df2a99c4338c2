"""The levels of Word's lists: how each prints its numbers, and where they stand. Lengths are in twips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from actors.domain.wording import letter, roman

Form = Literal["decimal", "lowerLetter", "upperLetter", "lowerRoman"]

CLAUSE_INDENT = 720
"""Where the text of sections and clauses starts."""
STEP = 567
"""Indent of each further level: one centimetre."""

# Word prints 90 as "xc", `roman` does not.
_ROMAN = {roman(index): index + 1 for index in range(89)}
_HIGHEST = 32_767  # the last number that Word counts to
_OWN = "\0"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list."""

    form: Form
    text: str
    """Word's pattern: `%1.%2` for a clause."""
    left: int
    """Where the text starts; the number hangs before it."""
    hanging: int
    style: str = ""
    """Id of the paragraph style that brings this level along."""


OUTLINE = (
    Level("decimal", "%1.", CLAUSE_INDENT, CLAUSE_INDENT, "Heading1"),
    Level("decimal", "%1.%2", CLAUSE_INDENT, CLAUSE_INDENT, "Clause"),
    Level("lowerLetter", "(%3)", CLAUSE_INDENT + STEP, STEP, "ClauseItem"),
    Level("lowerRoman", "(%4)", CLAUSE_INDENT + 2 * STEP, STEP, "ClauseSubitem"),
    # Nothing is drafted this deep; a lawyer who presses Tab gets there.
    Level("upperLetter", "(%5)", CLAUSE_INDENT + 3 * STEP, STEP),
)


def stand_alone(form: Form, indent: int) -> tuple[Level, ...]:
    """Return the levels of a list whose numbers stand at `indent`."""
    first = STEP if indent else CLAUSE_INDENT
    return (
        Level(form, "(%1)", indent + first, first),
        Level("lowerRoman", "(%2)", indent + first + STEP, STEP),
    )


def printed(levels: Sequence[Level], counts: Sequence[int]) -> str:
    """Return what the innermost of the counted levels prints as.

    Args:
        levels: Of the list, from the outermost inwards.
        counts: One for each level down to the printed one, all from 1.
    """
    return _filled(levels, [_shown(level.form, count) for level, count in zip(levels, counts, strict=False)])


def count_at(levels: Sequence[Level], higher: Sequence[int], label: str) -> int | None:
    """Return the count at which the level below `higher` prints as `label`; `None` where it never does.

    Args:
        levels: Of the list, from the outermost inwards.
        higher: The counts of the levels above.
        label: As printed: `4.2`.
    """
    above = [_shown(level.form, count) for level, count in zip(levels, higher, strict=False)]
    before, after = _filled(levels, [*above, _OWN]).split(_OWN)
    own = label.removeprefix(before).removesuffix(after)
    return _count(levels[len(higher)].form, own) if label == before + own + after else None


def _filled(levels: Sequence[Level], shown: Sequence[str]) -> str:
    text = levels[len(shown) - 1].text
    for position, number in enumerate(shown, start=1):
        text = text.replace(f"%{position}", number)
    return text


def _shown(form: Form, count: int) -> str:
    match form:
        case "decimal":
            return str(count)
        case "lowerLetter":
            return letter(count - 1)
        case "upperLetter":
            return letter(count - 1).upper()
        case "lowerRoman":
            return roman(count - 1)


def _count(form: Form, own: str) -> int | None:
    """Undo `_shown`."""
    count: int | None = None
    if form == "decimal":
        count = int(own) if own.isascii() and own.isdecimal() else None
    elif form == "lowerRoman":
        count = _ROMAN.get(own)
    elif own and own.isascii() and own.isalpha():
        count = ord(own[0].lower()) - ord("a") + 1 + 26 * (len(own) - 1)
    return count if count and count <= _HIGHEST and _shown(form, count) == own else None
