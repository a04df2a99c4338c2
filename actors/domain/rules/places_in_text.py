"""Where in a text something stands: its sentence and its section."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from actors.domain.rules.plain_text import BREAK

MAX_QUOTE_CHARS = 500
MAX_SENTENCE_CHARS = 4000
"""What runs on longer without a stop is cut, so that no text costs more than its length."""
ABBREVIATIONS = (
    "No|Nos|Inc|Ltd|Corp|Co|Cal|Bus|Prof|Gen|Oblig|Civ|Lab|Tex|Del|Stat|Ann|U\\.S|S\\.C|F\\.R|art|arts|pt|s|ss|v|e\\.g|"
    "i\\.e|N\\.Y|D\\.C|Prac|Rem|Com|Prop|Proc|Mr|Ms|Mrs|Dr"
)
SENTENCE_END = re.compile(rf"{BREAK}|[.?!][\"')\]]*(?=\s+[A-Z\"(\d])")
ABBREVIATED = re.compile(rf"\b(?:{ABBREVIATIONS})\.$")
LABEL = re.compile(r"(?:[\s#>•-]|\d+(?:\.\d+)*[.)]?\s|\([a-z0-9]{1,5}\)\s)+", re.IGNORECASE)

MARKDOWN_HEADING = re.compile(r"(?m)^#{1,6}[ \t]+(?P<title>[^\n]*)$")
PLAIN_HEADING = re.compile(
    r"(?m)^[ \t]{0,3}(?:(?i:article|section|clause)[ \t]+)?(?P<number>\d{1,3})[.):][ \t]+\S"
)
NUMBER = re.compile(r"(?:(?i:article|section|clause)\s+)?(?P<number>\d{1,3}|[IVXLC]+)(?:[.):]|\s|$)")
ATTACHMENT = re.compile(r"(?i:schedule|exhibit|annex|appendix)\s+[A-Z0-9]{1,4}\b")


@dataclass(frozen=True)
class Sentences:
    """The sentences of a plain text, by offset. A list counts as one with the words that lead into it."""

    text: str
    ends: tuple[int, ...]

    def bounds(self, index: int) -> tuple[int, int]:
        """Return start and end of a sentence, the last one being that after the last end."""
        start = self.ends[index - 1] if index else 0
        return start, self.ends[index] if index < len(self.ends) else len(self.text)

    def index_at(self, offset: int) -> int:
        """Return the position of the sentence at an offset."""
        return bisect_right(self.ends, offset)

    def around(self, offset: int) -> tuple[int, int]:
        """Return start and end of the sentence at an offset, without label and surrounding white space."""
        start, end = self.bounds(self.index_at(offset))
        while end > start and self.text[end - 1] in f" \t\r\n{BREAK}":
            end -= 1
        label = LABEL.match(self.text, start, end)
        return (label.end() if label and label.end() <= offset else start), end

    def quote(self, start: int, end: int) -> tuple[int, int]:
        """Return what to quote for words at `start:end`: their sentence, or only them in a long one."""
        first, last = self.around(start)
        last = max(last, end)
        return (first, last) if last - first <= MAX_QUOTE_CHARS else (start, end)


@dataclass(frozen=True)
class Sections:
    """The printed numbers of a text's sections, by offset."""

    starts: tuple[int, ...]
    numbers: tuple[str, ...]

    def number_at(self, offset: int) -> str:
        """Return the number of the section at an offset, empty before the first and in unnumbered ones."""
        index = bisect_right(self.starts, offset)
        return self.numbers[index - 1] if index else ""


def read_sentences(plain_text: str) -> Sentences:
    """Return the sentences of a plain text. Linear in its length."""
    stops = [
        match.end() for match in SENTENCE_END.finditer(plain_text) if not _abbreviated(plain_text, match)
    ]
    ends: list[int] = []
    for stop in [*stops, len(plain_text)]:
        start = ends[-1] if ends else 0
        ends += [*range(start + MAX_SENTENCE_CHARS, stop, MAX_SENTENCE_CHARS), stop]
    return Sentences(plain_text, tuple(ends))


def read_sections(text: str) -> Sections:
    """Return the sections of a text: by Markdown headings, or by paragraphs numbered 1, 2, 3 where it has none."""
    found = [(match.start(), _printed(match["title"])) for match in MARKDOWN_HEADING.finditer(text)]
    if not any(number for _, number in found):
        found = _counted(text)
    return Sections(tuple(start for start, _ in found), tuple(number for _, number in found))


def _abbreviated(text: str, end: re.Match[str]) -> bool:
    return bool(ABBREVIATED.search(text, max(0, end.start() - 8), end.start() + 1))


def _printed(title: str) -> str:
    words = title.strip().strip("*").strip()
    attachment = ATTACHMENT.match(words)
    if attachment:
        return attachment[0]
    number = NUMBER.match(words)
    return number["number"] if number else ""


def _counted(text: str) -> list[tuple[int, str]]:
    """Return the paragraphs that count up from 1; a list inside a section starts at 1 again and is passed over."""
    found: list[tuple[int, str]] = []
    for match in PLAIN_HEADING.finditer(text):
        if int(match["number"]) == len(found) + 1:
            found.append((match.start(), match["number"]))
    return found
