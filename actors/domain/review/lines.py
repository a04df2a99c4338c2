"""One line of a contract: is it a heading, a numbered clause, a list item, an attachment?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from actors.domain.review.numerals import roman_value

LineKind = Literal[
    "article", "section", "integer", "dotted", "roman", "item", "attachment", "title", "signature"
]

_SIGNATURE = re.compile(
    r"IN WITNESS WHEREOF|(?:SIGNED|EXECUTED) (?:and delivered )?(?:as a deed|by|on behalf)"
    r"|(?:The )?parties have (?:signed|executed) this|\[?SIGNATURE (?:PAGE|BLOCK)|SIGNATURES?$|EXECUTION$",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(
    r"(?P<word>(?i:SCHEDULE|EXHIBIT|ANNEX|APPENDIX|ATTACHMENT))[ \t]+[\"“]?"
    r"(?P<number>[A-Z]{1,2}(?:-\d{1,2})?|\d{1,2}(?:\.\d{1,3})?|[IVX]{1,5})[\"”]?(?![\w-]"
    r"|\.\d)(?P<heading>[^\n]*)"
)
# Material contracts filed with the SEC carry "Exhibit 10.14" on top of their pages: not an attachment of theirs.
_FILING_HEADER = re.compile(r"EXHIBIT[ \t]+\d{1,3}\.\d", re.IGNORECASE)
_ARTICLE = re.compile(
    r"ARTICLE[ \t]+(?P<number>[IVXLC]{1,7}|\d{1,3})\b[ \t.:)–—-]*(?P<heading>[^\n]*)", re.IGNORECASE
)
_SECTION = re.compile(
    r"(?:SECTION|Section|CLAUSE|Clause)[ \t]+(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})\b(?![.(]?\w)"
    r"[ \t.:)–—-]*(?P<heading>[^\n]*)"
)
_NUMBERED = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?P<dot>[.)]?)(?:\*\*)?[ \t]+(?P<heading>\S[^\n]*)"
)
_BARE = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})[.)]?")
_ROMAN = re.compile(r"(?P<number>[IVX]{1,6})\.[ \t]+(?P<heading>\S[^\n]*)")
_ITEM = re.compile(r"\((?P<number>[a-z]{1,4}|[A-Z]{1,4}|\d{1,2})\)(?:[ \t]|$)")
_CONTENTS_LINE = re.compile(r"(?:\.{3}[ .]{0,3}|[ ]{2}|\t)\d{1,3}$")
_PREFIX = re.compile(
    r"[ \t>\u2002\u2003\u202f\xa0]*(?P<hash>#{1,6}[ \t]+)?(?:[-*+][ \t]+)?(?P<bold>\*\*|__)?"
)
_MAX_HEADING_CHARS = 80

_Build = Callable[[LineKind, str, str, int], "Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that carries structure. `start` and `end` leave the line break out; `body` is where its words begin."""

    kind: LineKind
    number: str
    heading: str
    start: int
    body: int
    end: int
    markdown_level: int
    """Number of `#`; 0 for plain lines."""
    headed: bool
    """The words after the number look like a heading, not like a sentence."""


def read_line(line: str, offset: int) -> Line | None:
    """Classify one line, or return `None` for running text.

    Args:
        line: Without its line break.
        offset: Where it starts in the whole text.
    """
    prefix = _PREFIX.match(line)
    at = prefix.end() if prefix else 0
    level = len(prefix["hash"].strip()) if prefix and prefix["hash"] else 0
    bold = bool(prefix and prefix["bold"])
    rest = line[at:].rstrip()
    if not rest or (not level and _CONTENTS_LINE.search(rest)):
        return None

    def build(kind: LineKind, number: str, heading: str, body: int) -> Line:
        words = heading_words(heading)
        headed = bool(words) and (level > 0 or bold or _looks_like_heading(words, heading))
        return Line(kind, number, words, offset, offset + at + body, offset + len(line), level, headed)

    if _SIGNATURE.match(rest):
        return build("signature", "", rest.strip("*# "), 0)
    if _FILING_HEADER.match(rest):
        return None
    if (found := _ATTACHMENT.match(rest)) and _is_attachment_heading(found["word"], found["heading"], level):
        return build("attachment", f"{found['word'].title()} {found['number'].upper()}", found["heading"], 0)
    return _read_numbered(rest, level, build)


def _read_numbered(rest: str, level: int, build: _Build) -> Line | None:
    if found := _ARTICLE.match(rest):
        return build("article", found["number"], found["heading"], found.start("heading"))
    if (found := _SECTION.match(rest)) and not found["heading"][:1].islower():
        kind: LineKind = "dotted" if "." in found["number"] else "section"
        return build(kind, plain_number(found["number"]), found["heading"], found.start("heading"))
    if found := _NUMBERED.match(rest):
        return _read_plain_number(found, level, build)
    if level:
        bare = _BARE.fullmatch(rest)
        return (
            build("integer", plain_number(bare["number"]), "", len(rest))
            if bare
            else _read_title(rest, build)
        )
    return _read_roman_or_item(rest, build)


def _read_plain_number(found: re.Match[str], level: int, build: _Build) -> Line | None:
    number = plain_number(found["number"])
    if "." in number:
        return build("dotted", number, found["heading"], found.start("heading"))
    if level or found["dot"] or found["number"].endswith(".0"):
        return build("integer", number, found["heading"], found.start("heading"))
    return None  # "120 days" at the start of a line


def _read_title(rest: str, build: _Build) -> Line:
    return _read_roman_or_item(rest, build) or build("title", "", rest, 0)


def _read_roman_or_item(rest: str, build: _Build) -> Line | None:
    if (found := _ROMAN.match(rest)) and roman_value(found["number"]):
        return build("roman", found["number"], found["heading"], found.start("heading"))
    if found := _ITEM.match(rest):
        return build("item", f"({found['number']})", "", found.end())
    return None


def plain_number(number: str) -> str:
    """Return "4" for "4.0": a habit of old templates."""
    return number.removesuffix(".0") if number.count(".") == 1 else number


def heading_words(heading: str) -> str:
    """Return the heading in front of the first sentence of its line: "Term" of "Term. This Agreement …"."""
    words = heading.strip().removeprefix("**").strip()
    cut = re.search(r"\*\*|[.:](?:\s|$)|\.\*\*|\s[–—]\s", words)
    return (words[: cut.start()] if cut else words).strip(" .:*_–—-")


def _looks_like_heading(words: str, heading: str) -> bool:
    if len(words) > _MAX_HEADING_CHARS or not words[0].isupper() or heading.rstrip().endswith((",", ";")):
        return False
    long_words = [word for word in re.findall(r"[^\W\d_]+", words) if len(word) > len("with")]
    return all(word[0].isupper() for word in long_words)


def _is_attachment_heading(word: str, heading: str, level: int) -> bool:
    tail = heading.strip(" *\t")
    if level or not tail or tail[0] in ":–—-(":
        return len(tail) <= 2 * _MAX_HEADING_CHARS and not tail.endswith((";", ","))
    return (
        (word.isupper() or tail[0].isupper())
        and _looks_like_heading(tail, heading)
        and not tail.endswith(".")
    )
