"""The provisions that a section of the US Code speaks of."""

import re
from collections.abc import Iterable, Iterator

from actors.domain.citations.numbers import members, split_range
from actors.domain.citations.sections import DESIGNATOR, Locator, parse_list
from actors.domain.citations.sources import source_table
from actors.domain.importing.provisions import SOURCE, citation_of, plain_dashes, read_identifier

_OTHER_TITLE = re.compile(r"\s?,?\s?of title (\d+)\b(?! ?,? ?(?:of the )?Code of Federal)")
_OWN = re.compile(r"\s?,?\s?of this (?:title|chapter|subchapter|part|subpart|section|Act)\b")
_ELSEWHERE = re.compile(
    r"\s?,?\s?(?:\([^)]{0,80}\) ?)?of (?:the|such|that|an?|those|title|Public|Pub|division) ?"
)
_MOST_OF_A_RANGE = 60


def find_references(text: str, title: str, links: Iterable[str]) -> tuple[str, ...]:
    """Return the sections of the Code that a text refers to, in print, in reading order, each once.

    Args:
        text: The text of a section.
        title: The title that it stands in: "section 106" means one of the same title.
        links: Identifiers that the publisher linked.
    """
    spoken = list(_spoken(text, title))
    return tuple(dict.fromkeys((*spoken, *_linked(links))))


def _spoken(text: str, title: str) -> Iterator[str]:
    # Without the grammar's own folding, whose way back to offsets is not needed here and takes most of the time.
    folded = plain_dashes(" ".join(text.split())) if "ection" in text or "§" in text else ""
    numbers = source_table().by_id[SOURCE].numbers
    for designator in DESIGNATOR.finditer(folded):
        written = (designator["sign"] or designator["word"]).lower()
        listed = (
            parse_list(folded, designator.start(), numbers) if written.startswith(("§", "section")) else None
        )
        meant = _title_meant(folded, listed.end, title) if listed else ""
        if listed and meant:
            for item in listed.items:
                yield from _citations(meant, item)


def _linked(links: Iterable[str]) -> Iterator[str]:
    for link in links:
        if found := read_identifier(link):
            title, written, pin = found
            number, last = split_range(written, source_table().by_id[SOURCE].numbers)
            yield from _citations(title, Locator(0, 0, number, last, pin))


def _title_meant(folded: str, end: int, title: str) -> str:
    """Return the title whose sections a list names; "" where they are sections of an act."""
    if other := _OTHER_TITLE.match(folded, end):
        return other[1]
    if _OWN.match(folded, end):
        return title
    return "" if _ELSEWHERE.match(folded, end) else title


def _citations(title: str, item: Locator) -> Iterator[str]:
    if not item.number_end:
        yield citation_of(title, item.number, item.pin)
        return
    named = members(item.number, item.number_end, _MOST_OF_A_RANGE) or [item.number, item.number_end]
    for number in named:
        yield citation_of(title, number)
