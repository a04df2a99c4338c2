"""Acts and statutory instruments that a text names with their year."""

import re
from functools import lru_cache

from actors.domain.citation import CitationKind
from actors.domain.citations.mentions import Mention
from actors.domain.citations.sources import Source, slug
from actors.domain.yaml_files import DATA, read_mapping

_HEAD = re.compile(
    r"\b(Act|ACT|Regulations|REGULATIONS|Order|ORDER)\s+(\([A-Z][^()]{2,48}\)\s+)?(of\s+|OF\s+)?"
    r"(1[2-9]\d\d|20\d\d)\b(?![-/]\d)"
)
_TOKEN = re.compile(r"(\([^()\x00]{2,60}\)|[^\s\x00]+)\s*$")
_JOINING = re.compile(r"and|&|of|for|to|in|on|with|at|by|against|from", re.IGNORECASE)
_NEVER_IN = re.compile(
    r"sections?|ss?|see|per|the|this|that|these|such|each|any|articles?|clauses?|schedule|rules?|whereas|if"
    r"|when|where|as|said|under|pursuant|subject|according|notwithstanding|except|unless|nothing|neither|both|either"
    r"|including|following|compliance|requirements?|provisions?|application|exclusion|shall|been|not|is|are|has|have",
    re.IGNORECASE,
)
_NOT_FIRST = re.compile(
    r"part|or|an?|uk(?:'s)?|u\.k|us|u\.s|united|states|kingdom|english|british|all|no|purposes?",
    re.IGNORECASE,
)
_KINDS: dict[str, tuple[CitationKind, str]] = {
    "Act": ("statute", "s"),
    "Regulations": ("regulation", "reg"),
    "Order": ("regulation", "art"),
}
_LONGEST_CHARS = 160


def find_named_acts(folded: str) -> list[Mention]:
    """Return every act, regulation or order that is named with a year, in reading order.

    `Act 1977` is of the United Kingdom, `Act of 1934` of the United States, unless foreign law is marked as such
    (`Corporations Act 2001 (Cth)`, `Indian Contract Act 1872`).
    """
    found: list[Mention] = []
    for head in _HEAD.finditer(folded):
        floor = max(found[-1].end if found else 0, head.start() - _LONGEST_CHARS)
        start = _name_start(folded, head.start(), floor)
        if start < head.start():
            found.append(_mention(folded, head, start))
    return found


def _mention(folded: str, head: re.Match[str], start: int) -> Mention:
    name = " ".join(folded[start : head.end()].split())
    name = (
        re.sub(r"\b(?:Of|And|For|To|In|On)\b", lambda word: word[0].lower(), name.title())
        if name.isupper()
        else name
    )
    mark = _marks().match(folded, head.end())
    end = mark.end() if mark else head.end()
    if mark or name.split()[0] in _adjectives():
        return Mention(Source(f"foreign/{slug(name)}", name, "", whole=True, outside=True), start, end)
    place, key = ("US-FED", "us-fed") if head[3] else ("UK-EW", "uk")
    kind, unit = _KINDS[head[1].title()]
    return Mention(Source(f"{key}/{slug(name)}", name, place, kind, unit=unit, whole=True), start, end)


def _name_start(folded: str, end: int, floor: int) -> int:
    """Walk back over the words of a name that ends at `end`; return `end` where there are none."""
    starts: list[tuple[int, str]] = []
    position, and_seen = end, False
    while match := _TOKEN.search(folded, floor, position):
        word = match[1]
        and_seen = and_seen or word.lower() in ("and", "&")
        if not _belongs(word, and_seen):
            break
        starts.append((match.start(1), word))
        position = match.start(1)
    while starts and _cannot_lead(starts[-1][1]):
        starts.pop()
    return starts[-1][0] if starts else end


def _belongs(word: str, and_seen: bool) -> bool:
    if word.startswith("("):
        return word.endswith(")") and word[1].isupper()
    if _JOINING.fullmatch(word):
        return True
    # A comma belongs to a name only inside a list that an "and" closes: Copyright, Designs and Patents.
    bare = word.removesuffix(",")
    if _NEVER_IN.fullmatch(bare):
        return False
    return (and_seen or bare == word) and bool(re.fullmatch(r"[A-Z][\w'&-]*|U\.S\.|U\.K\.", bare))


def _cannot_lead(word: str) -> bool:
    bare = word.rstrip(".,")
    return word.startswith("(") or bool(_NOT_FIRST.fullmatch(bare) or _JOINING.fullmatch(word))


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    marks = read_mapping(DATA / "codes.yaml")["foreign"]["marks"]
    return re.compile(rf"\s?\((?:{'|'.join(map(re.escape, marks))})\)")


@lru_cache(maxsize=1)
def _adjectives() -> frozenset[str]:
    return frozenset(read_mapping(DATA / "codes.yaml")["foreign"]["adjectives"])
