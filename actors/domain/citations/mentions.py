"""The places of a text that name a source of law."""

import re
from dataclasses import dataclass

from actors.domain.citations.sources import Source, SourceTable, source_table

_CAPITALIZED = re.compile(r"(?<!\w)[A-Z][A-Za-z]*")
_TITLE_BEFORE = re.compile(
    r"(?<![\w.])(?:Title\s+(\w{1,4})\s*,?\s+(?:of\s+)?(?:the\s+)?"
    r"|Chapter\s+(\w{1,4})\s*,?\s+of\s+(?:the\s+)?|(\d{1,4}[A-Z]?)\s+)$",
    re.IGNORECASE,
)
_NUMBER_AFTER = r"\s?(\d{1,4}[A-Z]?)\b\s?,?"
_TITLE_AFTER = {
    "ch": re.compile(rf"\s?,?\s?(?:ch(?:\.|apter)|c\.){_NUMBER_AFTER}", re.IGNORECASE),
    "tit": re.compile(rf"\s?,?\s?tit(?:\.|le){_NUMBER_AFTER}", re.IGNORECASE),
}
_TITLE_AFTER["front"] = _TITLE_AFTER["tit"]
_TITLE_BEFORE_CHARS = 32


@dataclass(frozen=True, slots=True)
class Mention:
    """The name of a source in a text, with the title where one is given."""

    source: Source
    start: int
    end: int
    title: str = ""
    run: str = ""
    """For an act by its popular name: its sections in a code, `us-fed/usc/9#401-402`, or a whole title."""


def find_mentions(folded: str) -> list[Mention]:
    """Return every named source in reading order, whether or not a section follows."""
    table = source_table()
    found: list[Mention] = []
    for word in _CAPITALIZED.finditer(folded):
        if word[0].lower() not in table.first_words or (found and word.start() < found[-1].end):
            continue
        if match := table.pattern.match(folded, word.start()):
            found.append(_mention(folded, match, table))
    return found


def _mention(folded: str, match: re.Match[str], table: SourceTable) -> Mention:
    source, title, run = table.by_group[match.lastindex or 0]
    start, end = match.span()
    if not source.title or title or run:
        return Mention(source, start, end, title, run)
    if after := _TITLE_AFTER[source.title].match(folded, end):
        return Mention(source, start, after.end(), after[1])
    before = _TITLE_BEFORE.search(folded[max(0, start - _TITLE_BEFORE_CHARS) : start])
    if before is None or (before[2] and source.title != "ch"):
        return Mention(source, start, end)
    return Mention(source, start - len(before[0]), end, before[1] or before[2] or before[3])
