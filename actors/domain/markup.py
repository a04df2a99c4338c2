"""Inline Markdown: what a value needs so that it reads in the document exactly as it was given."""

import re
from functools import lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt

_SPECIAL = re.compile(r"([\\`*_<\[\]~]|&(?=#?\w+;))")
_ESCAPED = re.compile(r"\\([\\`*_<\[\]~&])")
_NOTHING_SPECIAL = re.compile(r"[^\\`*_<\[\]&!\r\n\x00]+")


class Run(NamedTuple):
    """A stretch of text with one look."""

    text: str
    bold: bool


def escape(value: str) -> str:
    """Return `value` such that a Markdown reader shows it unchanged, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(value.split()))


def relax(text: str) -> str:
    """Take the escapes out of a paragraph when it reads the same without them.

    A name such as `{{7*7}}` needs none; `A & B <Ltd>` does, since a browser would take `<Ltd>` for a tag.
    """
    if "\\" not in text:
        return text
    bare = _ESCAPED.sub(r"\1", text)
    return bare if _runs(bare, html="") == runs(text) else text


def plain(text: str) -> str:
    """Return what a reader sees of an inline Markdown text."""
    return "".join(run.text for run in runs(text))


def runs(text: str) -> tuple[Run, ...]:
    """Split inline Markdown into stretches of bold and regular text.

    Only bold is ours; any other construct is given back as the signs that stand in the text.
    """
    return _runs(text, html=None)


@lru_cache(maxsize=4096)
def _runs(text: str, html: str | None) -> tuple[Run, ...]:
    """Split as `runs` does; `html` replaces each stretch that a browser would take for a tag.

    Kept, since documents of one type share most of their paragraphs, and each is read by several steps.
    """
    if _NOTHING_SPECIAL.fullmatch(text):
        return (Run(text, bold=False),)
    tokens = _parser().parseInline(text)[0].children or []
    found: list[Run] = []
    depth = 0
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            depth += token.nesting
            continue
        shown = "\n" if token.type in {"softbreak", "hardbreak"} else token.content
        if token.type == "html_inline" and html is not None:
            shown = html
        if not shown:
            continue
        if found and found[-1].bold == (depth > 0):
            found[-1] = Run(found[-1].text + shown, depth > 0)
        else:
            found.append(Run(shown, depth > 0))
    return tuple(found)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # What a common reader (CommonMark with inline HTML) would understand: so that `relax` sees what it would swallow.
    return MarkdownIt("commonmark")
