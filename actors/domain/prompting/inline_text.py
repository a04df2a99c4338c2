"""One paragraph of a model's text as the Markdown of our sections: bold and blanks are kept, all else is text."""

import re
from collections.abc import Callable

from actors.domain.markup import Run, escape, relax, runs
from actors.domain.sections import Blank
from actors.domain.wording_context import CLOSE, OPEN

FindBlank = Callable[[str], Blank | None]
"""By the words in the brackets; `None`: they are no blank."""

_SIGN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<bold>\*\*)|\[(?P<blank>[^\[\]\\\n]{1,120})\]|(?P<other>.)", re.DOTALL
)
_NOTHING_SPECIAL = re.compile(r"[^\\`*_<\[\]~&#>|+=\-\d][^\\`*_<\[\]~&]*")
# What a reader's program takes for more than text where it opens a paragraph: headings, quotes, lists, code, tables.
_OPENS_BLOCK = re.compile(r"(?:#{1,6}(?= |$)|[>|<]|[-+*=](?= |$)|[-=_*](?:\s*[-=_*])+$|`{3}|~{3})")
_OPENS_COUNT = re.compile(r"(\d{1,9})([.)])(?= |$)")
_BLANK = re.compile(f"{OPEN}(\\d+){CLOSE}")
# `[Fee](…)`, `[Fee]: …` and `[Fee][…]` would be links.
_MAKES_LINK = re.compile(r"(?<=\])(?=[(\[:])")


def inline(source: str, find_blank: FindBlank, *, opens: bool = True) -> tuple[str, tuple[Blank, ...]]:
    """Return the Markdown of a paragraph, and its blanks in reading order.

    A reader sees every sign of `source` but the stars of bold and the backslashes before punctuation.

    Args:
        source: A model's Markdown, on one line.
        find_blank: Tells blanks from brackets.
        opens: Whether the text begins its paragraph: without a label before it.
    """
    text = " ".join(source.split())
    if _NOTHING_SPECIAL.fullmatch(text):
        return text, ()
    blanks: list[Blank] = []
    marked = relax(_marked(_stretches(text, find_blank, blanks)))
    if opens:
        marked = _without_block(marked)
    shown = _BLANK.sub(lambda sign: f"[{blanks[int(sign[1])].label}]", marked)
    return (_MAKES_LINK.sub(" ", shown) if blanks else shown), tuple(blanks)


def _stretches(text: str, find_blank: FindBlank, blanks: list[Blank]) -> list[str]:
    """Split at the signs of bold: what stands at an odd position is bold. Blanks become signs that hold a number."""
    parts = [""]
    for sign in _SIGN.finditer(text):
        if sign["bold"]:
            parts.append("")
        elif sign["blank"] is not None:
            blank = find_blank(sign["blank"])
            parts[-1] += sign[0] if blank is None else f"{OPEN}{len(blanks)}{CLOSE}"
            blanks += [blank] if blank else []
        else:
            parts[-1] += sign["escaped"] or sign["other"]
    if len(parts) % 2 == 0:  # a sign of bold that nothing closes is a pair of stars
        last = parts.pop()
        parts[-1] += f"**{last}"
    return parts


def _marked(parts: list[str]) -> str:
    """Set the stretches in Markdown; where it would not read as meant, without bold and with its stars as text."""
    wanted = tuple(Run(part, bold=position % 2 == 1) for position, part in enumerate(parts) if part)
    marked = "".join(f"**{_escaped(run.text)}**" if run.bold else _escaped(run.text) for run in wanted)
    if len(parts) == 1 or runs(marked) == wanted:
        return marked
    return _escaped("**".join(parts))


def _escaped(text: str) -> str:
    """Escape as `escape` does, but keep the spaces at the ends of a stretch."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{escape(text)}{after}" if text.strip() else text


def _without_block(text: str) -> str:
    if _OPENS_BLOCK.match(text) and not text.startswith("**"):
        return f"\\{text}"
    return _OPENS_COUNT.sub(r"\1\\\2", text, count=1) if _OPENS_COUNT.match(text) else text
