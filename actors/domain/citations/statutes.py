"""Statutes, regulations, conventions and rules: a named source joined with its provisions."""

import re
from collections.abc import Container, Iterable
from dataclasses import replace

from actors.domain.citations.canonical import canonical, key_base, key_number
from actors.domain.citations.elsewhere import find_foreign_codes
from actors.domain.citations.found import FoundCitation
from actors.domain.citations.mentions import Mention, find_mentions
from actors.domain.citations.named_acts import find_named_acts
from actors.domain.citations.sections import DESIGNATOR, Locator, Locators, parse_bare, parse_list
from actors.domain.citations.sources import regulation_under

_OF = re.compile(r"\s*,?\s*(?:(?P<of>of|to)\s+)?(?:the\s+)?", re.IGNORECASE)
_NATION = re.compile(
    r"(?:U\.?K\.?|U\.?S\.?|United\s+Kingdom|United\s+States|English|Federal)\s+", re.IGNORECASE
)
_UNDER = re.compile(
    r"\s?,?\s?(?:as\s)?(?:promulgated\s|adopted\s)?under\s(?:the\s)?(?:U\.?S\.?\s|United\sStates\s)?",
    re.IGNORECASE,
)
_PIN_IN_FRONT = re.compile(
    r"\b(?:subdivision|subsection|subparagraph|paragraph)\s+((?:\(\w{1,3}\)){1,4})\s+of\s+$", re.IGNORECASE
)
_PIN_IN_FRONT_CHARS = 40
_TITLE_IN_FRONT = re.compile(r"\b(?:Title|Chapter)\s+(\d{1,4}[A-Z]?)\s*,?\s*$", re.IGNORECASE)
_OPENING = re.compile(r"\s*,?\s*")


def find_statutes(folded: str) -> list[FoundCitation]:
    """Return the citations of written law in reading order; `text` is taken from the folded text."""
    mentions = _longest([*find_mentions(folded), *find_named_acts(folded), *find_foreign_codes(folded)])
    starts = {mention.start: mention for mention in mentions}
    before = _lists_before(folded, starts, {_after(folded, mention.end) for mention in mentions})
    claimed = {listed.start for listed in before.values()}
    return [found for mention in mentions for found in _cited(folded, mention, before, claimed, starts)]


def _longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Drop a mention that lies in a longer one that begins no later."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _lists_before(folded: str, starts: dict[int, Mention], following: Container[int]) -> dict[int, Locators]:
    """Return the lists that run up to a source, as in `sections 2 and 3 of the …`, by the source's offset.

    Args:
        folded: The text.
        starts: The sources by their offset.
        following: Where a list would follow a source; such a list belongs to a later one only by an "of".
    """
    lists, read_to = {}, 0
    for designator in DESIGNATOR.finditer(folded):
        if designator.start() < read_to:
            continue
        # Read first with the commonest numbering; the source, known only now, decides how hyphens count.
        found = parse_list(folded, designator.start(), 0, starts)
        read_to = found.end if found else 0
        mention = _linked(folded, found, starts, designator.start() in following) if found else None
        read = parse_list(folded, designator.start(), mention.source.numbers, starts) if mention else None
        if mention is not None and read is not None:
            lists[mention.start] = _with_pin(folded, read)
    return lists


def _linked(folded: str, listed: Locators, starts: dict[int, Mention], needs_of: bool) -> Mention | None:
    """Return the source that "of the", "of the United Kingdom" or nothing joins to a list; "under" joins a rule."""
    if listed.unit == "r" and (under := _UNDER.match(folded, listed.end)):
        return starts.get(under.end())
    link = _OF.match(folded, listed.end)
    if link is None or (needs_of and link["of"] is None):
        return None
    nation = _NATION.match(folded, link.end())
    return starts.get(link.end()) or (starts.get(nation.end()) if nation else None)


def _with_pin(folded: str, listed: Locators) -> Locators:
    """Take the pin from `subdivision (a) of Section 2870`."""
    front = _PIN_IN_FRONT.search(folded[max(0, listed.start - _PIN_IN_FRONT_CHARS) : listed.start])
    first = listed.items[0]
    if front is None or first.pin or first.number_end:
        return listed
    start = listed.start - len(front[0])
    pin = tuple(re.findall(r"\((\w+)\)", front[1]))
    return replace(listed, start=start, items=(replace(first, start=start, pin=pin), *listed.items[1:]))


def _cited(
    folded: str, mention: Mention, before: dict[int, Locators], claimed: Container[int], stops: Container[int]
) -> list[FoundCitation]:
    if listed := before.get(mention.start):
        return _joined(folded, _with_title(folded, mention, listed), listed, leading=True)
    at = _after(folded, mention.end)
    listed = None if at in claimed else _list_after(folded, mention, at, stops)
    if listed is not None:
        return _joined(folded, mention, listed, leading=False)
    return [_whole(folded, mention)] if mention.run or mention.source.whole else []


def _after(folded: str, end: int) -> int:
    gap = _OPENING.match(folded, end)
    return gap.end() if gap else end


def _list_after(folded: str, mention: Mention, at: int, stops: Container[int]) -> Locators | None:
    found = parse_list(folded, at, mention.source.numbers, stops)
    bare_allowed = "," not in folded[mention.end : at] and not mention.source.whole and not mention.run
    return parse_bare(folded, at, mention.source.numbers, stops) if not found and bare_allowed else found


def _with_title(folded: str, mention: Mention, before: Locators) -> Mention:
    """Take the title from `Title 6, Section 2708 of the Delaware Code`."""
    if mention.title or not mention.source.title:
        return mention
    match = _TITLE_IN_FRONT.search(folded[max(0, before.start - 24) : before.start])
    if match is None:
        return mention
    return Mention(mention.source, before.start - len(match[0]), mention.end, match[1], mention.run)


def _joined(folded: str, mention: Mention, listed: Locators, *, leading: bool) -> list[FoundCitation]:
    """Return one citation per member; the source's name belongs to the member beside it."""
    found = []
    for n, item in enumerate(listed.items):
        first, last = n == 0, n == len(listed.items) - 1
        start = min(item.start, mention.start) if first else item.start
        end = max(item.end, mention.end) if leading and last else item.end
        found.append(_provision(folded[start:end], start, mention, listed.unit, item))
    return found


def _provision(text: str, start: int, mention: Mention, unit: str, item: Locator) -> FoundCitation:
    if unit == "r" and (rules := regulation_under(mention.source.id)):
        part_of, title, part = rules
        mention, unit = Mention(part_of, mention.start, mention.end, title), "s"
        item = replace(item, number=f"{part}.{item.number}")
    source, base = mention.source, key_base(mention)
    return FoundCitation(
        text=text,
        start=start,
        end=start + len(text),
        kind=source.kind,
        normalized=canonical(mention, unit, item),
        key=f"{base}/{key_number(source, unit, item.number)}",
        source=base,
        jurisdiction=source.jurisdiction,
        pin=item.pin,
        section_end=item.number_end.lower(),
        pin_end=item.pin_end,
        outside=source.outside,
    )


def _whole(folded: str, mention: Mention) -> FoundCitation:
    """Return the citation of a whole act; by its popular name, of its sections in a code."""
    start, end, source = mention.start, mention.end, mention.source
    base, _, run = (mention.run or source.id).partition("#")
    first, _, last = run.partition("-")
    return FoundCitation(
        text=folded[start:end],
        start=start,
        end=end,
        kind=source.kind,
        normalized=" ".join(folded[start:end].split()) if mention.run else source.name,
        key=f"{base}/{first}" if first else base,
        source=base,
        jurisdiction=source.jurisdiction,
        section_end=last,
        by_name=bool(mention.run),
        outside=source.outside,
    )
