"""The notation of patterns in the rule files.

A pattern is a regular expression in any case, with these things added: a blank matches any white space, `...`
matches up to 160 characters without leaving the sentence or list item, `....` up to 400 without leaving the sentence
or the list, `{name}` stands for a group of words from `words.yaml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from actors.domain.rules.chain import LONG_GAP, SHORT_GAP, Chain
from actors.domain.rules.needles import Needles, needles
from actors.domain.yaml_files import DATA, read_mapping
from actors.errors import LibraryError

RULES = DATA / "rules"
WORDS = RULES / "words.yaml"

DOTS = re.compile(r"\.{3,4}")
LONG_DOTS = "...."


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, ready for a text in lower case."""

    alternatives: tuple[Chain, ...]
    needles: Needles
    """One of these stands in every match; empty: not known."""

    def spans(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the pattern stands between two offsets of a text in lower case."""
        for chain in self.alternatives:
            yield from chain.spans(text, start, end)


@cache
def compiled(pattern: str) -> Pattern:
    """Return a pattern of the files' notation, compiled.

    Raises:
        LibraryError: It is no regular expression, or names unknown words.
    """
    spelled = re.sub(r"\{([a-z_]+)\}", lambda match: _words(match[1]), pattern)
    try:
        chains = tuple(_chain(alternative) for alternative in _alternatives(spelled))
    except (re.error, RecursionError) as error:
        raise LibraryError("rules", f"pattern {pattern!r}: {error}") from error
    needed = [chain.needles for chain in chains]
    return Pattern(chains, frozenset().union(*needed) if all(needed) else frozenset())


def _chain(spelled: str) -> Chain:
    """Split an alternative at its gaps: in one expression, several gaps cost the power of their number."""
    pieces = _split(spelled, DOTS)
    expressions = [_expression(piece) for piece in pieces[::2]]
    gaps = tuple(LONG_GAP if dots == LONG_DOTS else SHORT_GAP for dots in pieces[1::2])
    known = [found for expression in expressions if (found := needles(expression))]
    rarest: Needles = max(known, key=lambda found: (min(map(len, found)), -len(found)), default=frozenset())
    return Chain(tuple(re.compile(expression) for expression in expressions), gaps, rarest)


def _alternatives(spelled: str) -> Iterator[str]:
    """Yield the alternatives of a pattern, also of one that is a single group."""
    pieces = _split(spelled, re.compile(r"\|"))[::2]
    if len(pieces) > 1:
        for piece in pieces:
            yield from _alternatives(piece)
    elif spelled.startswith("(?:") and _closing(spelled) == len(spelled) - 1:
        yield from _alternatives(spelled[3:-1])
    else:
        yield spelled


def _split(spelled: str, separator: re.Pattern[str]) -> list[str]:
    """Return the pieces outside groups and classes, with the separators between them at odd positions."""
    pieces, start, index = [], 0, 0
    for index, depth in _depths(spelled):
        found = separator.match(spelled, index) if depth == 0 and index >= start else None
        if found:
            pieces += [spelled[start:index], found[0]]
            start = found.end()
    return [*pieces, spelled[start:]]


def _closing(spelled: str) -> int:
    """Return where the first group ends, or -1."""
    return next((index for index, depth in _depths(spelled) if depth == 0 and spelled[index] == ")"), -1)


def _depths(spelled: str) -> Iterator[tuple[int, int]]:
    """Yield position and depth in groups of every sign that is no escape; signs in a class lie one deeper."""
    depth, in_class, escaped = 0, False, False
    for index, sign in enumerate(spelled):
        if escaped or sign == "\\":
            escaped = not escaped
            continue
        if not in_class:
            depth += (sign == "(") - (sign == ")")
        in_class = sign == "[" or (in_class and sign != "]")
        yield index, depth + in_class


def _expression(piece: str) -> str:
    """Return the regular expression of a piece, in lower case but for its escapes."""
    out, in_class = [], False
    for sign in re.findall(r"\\.|\.{3,4}|[\s\S]", piece):
        blank = r"\s" if in_class else r"\s+"
        dots = {"...": SHORT_GAP.inline, LONG_DOTS: LONG_GAP.inline}
        if sign.startswith("\\"):
            out.append(sign)
        elif sign in dots and not in_class:
            out.append(dots[sign])
        else:
            in_class = sign == "[" or (in_class and sign != "]")
            out.append(blank if sign == " " else sign.lower())
    return re.sub(r"\\s\+(?=[?*+{])", r"\\s", "".join(out))


def _words(name: str) -> str:
    words = _vocabulary().get(name)
    if words is None:
        raise LibraryError(WORDS.name, f"there are no words {name!r}")
    return f"(?:{words})"


@cache
def _vocabulary() -> dict[str, str]:
    """Return the groups of words, each spelled out by those above it."""
    spelled: dict[str, str] = {}
    for name, words in read_mapping(WORDS).items():
        spelled[name] = re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{spelled[match[1]]})", str(words))
    return spelled
