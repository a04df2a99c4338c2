"""The provisions that a section of the US Code speaks of."""

import re
from collections.abc import Iterable, Iterator

from actors.domain.citations.numbers import members, split_range
from actors.domain.citations.sections import DESIGNATOR, Locator, parse_list
from actors.domain.citations.sources import source_table
from actors.domain.importing.provisions import SOURCE, citation_of, plain_dashes, read_identifier

# "section 503 or 505(b) of title 5": the list goes on where a singular word did not promise one.
_MORE = r"(?P<more>(?: ?,? ?(?:and|or|through) \d[\w.-]*(?:\(\w{1,5}\))*)*)(?: ?,? ?\([^()]{0,80}\))? ?,? ?"
_TAIL = re.compile(
    rf"{_MORE}of (?:title (?P<title>\d+)\b(?! ?,? ?(?:of the )?Code of Federal)"
    r"|this (?P<own>title|chapter|subchapter|part|subpart|section|Act)\b"
    r"|(?:the|such|that|an?|those|title|division)\b|[A-Z])"
)
_FURTHER = re.compile(r"(?:and|or|through) (\d[\w.-]*)((?:\(\w{1,5}\))*)")
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
        if listed is None:
            continue
        tail = _TAIL.match(folded, listed.end)
        meant = (tail["title"] or (title if tail["own"] else "")) if tail else title
        if meant:
            for item in listed.items:
                yield from _citations(meant, item)
            for number, pins in _FURTHER.findall(tail["more"] if tail else ""):
                yield citation_of(meant, number, tuple(re.findall(r"\w+", pins)))


def _linked(links: Iterable[str]) -> Iterator[str]:
    for link in links:
        if found := read_identifier(link):
            title, written, pin = found
            number, last = split_range(written, source_table().by_id[SOURCE].numbers)
            yield from _citations(title, Locator(0, 0, number, last, pin))


def _citations(title: str, item: Locator) -> Iterator[str]:
    if not item.number_end:
        yield citation_of(title, item.number, item.pin)
        return
    named = members(item.number, item.number_end, _MOST_OF_A_RANGE) or [item.number, item.number_end]
    for number in named:
        yield citation_of(title, number)
