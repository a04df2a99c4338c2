"""A text as patterns see it."""

import re

from actors.domain.signs import exchanged

BREAK = "¶"
"""Ends a paragraph in the plain form of a text; no pattern's gap crosses it."""

PLAIN = {
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
PARAGRAPH_END = re.compile(
    r"\n(?=[ \t]*\r?\n)"  # a blank line,
    r"|\n(?=[ \t]*(?:#|[-*•] |\(?[a-z0-9]{1,4}\)|\d+\.))"  # a heading or list item below
)


def plain(text: str) -> str:
    """Return the text as patterns see it: of the same length, so that every offset holds in both.

    Emphasis becomes blanks, curly quotes straight ones, and the end of a paragraph `BREAK`, except after a colon, a
    comma, a semicolon or a dash: there a list or sentence goes on.
    """
    simple = exchanged(text, PLAIN)
    heading_ends = re.sub(r"(?m)^(#[^\n]*)\n", rf"\1{BREAK}", simple)
    return PARAGRAPH_END.sub(lambda match: _break(match, heading_ends), heading_ends)


def _break(match: re.Match[str], text: str) -> str:
    before = text[max(0, match.start() - 80) : match.start()].rstrip()
    return " " if before.endswith((":", ",", ";", "-", " and", " or")) else BREAK
