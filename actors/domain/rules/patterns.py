"""The notation of patterns in the rule files, and the text as patterns see it.

A pattern is a regular expression in any case, with these things added: a blank matches any white space, `...`
matches up to 160 characters without leaving the sentence or list item, `....` up to 400 without leaving the sentence
or the list, `{name}` stands for a group of words from `words.yaml`.
"""

import re
from dataclasses import dataclass
from functools import cache

from actors.domain.rules.needles import Needles, needles
from actors.domain.yaml_files import DATA, read_mapping
from actors.errors import LibraryError

RULES = DATA / "rules"
WORDS = RULES / "words.yaml"

BREAK = "¶"
"""Ends a paragraph in the plain form of a text; no pattern's gap crosses it."""

GAP = rf"(?:[^.;{BREAK}]|\.(?=\S)){{0,160}}?"
LONG_GAP = rf"(?:[^.{BREAK}]|\.(?=\S)){{0,400}}?"
PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
        "\u2011": "-",
        "–": "-",
        "*": " ",
        BREAK: " ",
        "İ": "I",
    }
)
PARAGRAPH_END = re.compile(
    r"\n(?=[ \t]*\r?\n)"  # a blank line,
    r"|\n(?=[ \t]*(?:#|[-*•] |\(?[a-z0-9]{1,4}\)|\d+\.))"  # a heading or list item below
)


def plain(text: str) -> str:
    """Return the text as patterns see it: of the same length, so that every offset holds in both.

    Emphasis becomes blanks, curly quotes straight ones, and the end of a paragraph `BREAK`, except after a colon, a
    comma, a semicolon or a dash: there a list or sentence goes on.
    """
    simple = text.translate(PLAIN)
    heading_ends = re.sub(r"(?m)^(#[^\n]*)\n", rf"\1{BREAK}", simple)
    return PARAGRAPH_END.sub(lambda match: _break(match, heading_ends), heading_ends)


def _break(match: re.Match[str], text: str) -> str:
    before = text[max(0, match.start() - 80) : match.start()].rstrip()
    return " " if before.endswith((":", ",", ";", "-", " and", " or")) else BREAK


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, ready for a text in lower case."""

    regex: re.Pattern[str]
    needles: Needles
    """One of these stands in every match; empty: not known."""


@cache
def compiled(pattern: str) -> Pattern:
    """Return a pattern of the files' notation, compiled.

    Raises:
        LibraryError: It is no regular expression, or names unknown words.
    """
    try:
        expression = _lower(_expanded(pattern))
        return Pattern(re.compile(expression), needles(expression))
    except (re.error, RecursionError) as error:
        raise LibraryError("rules", f"pattern {pattern!r}: {error}") from error


def _lower(expression: str) -> str:
    """Return the expression in lower case, but for its escapes, which mean something else in each case."""
    return re.sub(
        r"\\.|[^\\]+", lambda match: match[0] if match[0][0] == "\\" else match[0].lower(), expression
    )


def _expanded(pattern: str) -> str:
    spelled = re.sub(r"\{([a-z_]+)\}", lambda match: _words(match[1]), pattern)
    out, in_class, index = [], False, 0
    while index < len(spelled):
        sign = spelled[index]
        if sign == "\\":
            out.append(spelled[index : index + 2])
            index += 2
            continue
        dots = re.match(r"\.{3,4}", spelled[index:])
        if dots and not in_class:
            out.append(LONG_GAP if len(dots[0]) == len("....") else GAP)
            index += len(dots[0])
            continue
        in_class = sign == "[" or (in_class and sign != "]")
        counted = in_class or spelled[index + 1 : index + 2] in ("?", "*", "+", "{")
        out.append((r"\s" if counted else r"\s+") if sign == " " else sign)
        index += 1
    return "".join(out)


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
