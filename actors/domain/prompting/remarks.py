"""What a lawyer must look at in a model's section: law, terms and numbers that came from nowhere."""

from collections.abc import Collection, Iterator, Sequence

from actors.domain.authority import ResearchPacket
from actors.domain.citations.found import FoundCitation
from actors.domain.citations.grammar import find_citations
from actors.domain.prompting.skeleton import Skeleton, Stems, citation_keys, terms_of
from actors.domain.prompting.values import stated_values
from actors.domain.review.remark import Remark
from actors.domain.review.vocabulary import DETERMINERS, NOT_TERMS
from actors.domain.review.words import Word, read_words
from actors.domain.sections import Section

FOREIGN_CITATION, UNDEFINED_TERM, NEW_NUMBER = "L3", "L4", "L5"
"""Checks of a model's words; L1 and L2 are remarks that a model makes itself."""

_MOST_WORDS = 6


def remarks(section: Section, known: Skeleton, packet: ResearchPacket) -> Iterator[Remark]:
    """Yield L3 to L5. Offsets count from the start of the section's Markdown."""
    text = section.markdown
    cited = find_citations(text)
    yield from _citations(cited, known, packet)
    yield from _terms(text, cited, known)
    yield from _numbers(text, known)


def _citations(cited: Sequence[FoundCitation], known: Skeleton, packet: ResearchPacket) -> Iterator[Remark]:
    researched = citation_keys(hit.authority.citation for hit in packet.hits if hit.authority.citation)
    for found in cited:
        if found.key not in researched and found.key not in known.citations:
            message = (
                f"{found.normalized} was cited by the model and is not among the authorities researched."
            )
            yield Remark(FOREIGN_CITATION, "warning", message, found.start, found.end)


def _terms(text: str, cited: Sequence[FoundCitation], known: Skeleton) -> Iterator[Remark]:
    """Yield L4 once a term: a capitalised phrase behind an article that nothing in the document defines."""
    terms = known.terms | terms_of(text)
    words, told = read_words(text), set[Stems]()
    usual = f"{known.markdown}\n{known.given}"
    for first, after in _phrases(text, words):
        start, end = words[first].start, words[after - 1].end
        stems = tuple(word.stem for word in words[first:after])
        is_law = any(found.start < end and start < found.end for found in cited)
        if (
            stems in told
            or is_law
            or NOT_TERMS & set(stems)
            or _is_known(stems, terms)
            or text[start:end] in usual
        ):
            continue
        told.add(stems)
        message = f"{text[start:end]!r} reads like a defined term; the document does not define it."
        yield Remark(UNDEFINED_TERM, "warning", message, start, end)


def _is_known(stems: Stems, terms: Collection[Stems]) -> bool:
    """Whether the phrase is a term, ends in one ("Initial Term"), begins with one, or is the end of one."""
    if any(stems[at:] in terms or stems[: at + 1] in terms for at in range(len(stems))):
        return True
    return any(term[-len(stems) :] == stems for term in terms)


def _phrases(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield runs of capitalised words behind an article or the like: their first index, and that after the last."""
    for first in range(1, len(words)):
        if words[first - 1].text not in DETERMINERS:
            continue
        after = first
        while after < len(words) and after - first < _MOST_WORDS and _continues(text, words, after):
            after += 1
        if after > first and not _is_name(text, words, after):
            yield first, after


def _continues(text: str, words: Sequence[Word], at: int) -> bool:
    word, before = words[at], words[at - 1]
    is_capital = word.text[0].isupper() and not word.text.isupper() and len(word.text) > 2  # noqa: PLR2004
    return is_capital and text[before.end : word.start] == " "


def _is_name(text: str, words: Sequence[Word], after: int) -> bool:
    """Whether the phrase runs on as a name does: "the Bank of America", "the Copyright, Designs and Patents Act"."""
    if after + 1 >= len(words):
        return False
    joins = words[after].text in {"of", "on", "for", "and", "&"} and words[after + 1].text[0].isupper()
    return joins and "\n" not in text[words[after - 1].end : words[after + 1].start]


def _numbers(text: str, known: Skeleton) -> Iterator[Remark]:
    for value in stated_values(text):
        if value.key not in known.values:
            message = "This number stands neither in the request nor in the library's wording."
            yield Remark(NEW_NUMBER, "warning", message, value.start, value.end)
