"""The linter: which checks need one section, which need the whole text."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

from actors.domain.findings import Finding
from actors.domain.review.attachments import check_attachments
from actors.domain.review.completeness import check_blanks
from actors.domain.review.conflicts import check_conflicts
from actors.domain.review.dates import check_days, check_spans
from actors.domain.review.facts import check_figures, check_words_and_figures
from actors.domain.review.known import KnownFacts
from actors.domain.review.language import check_language
from actors.domain.review.numbering import check_brackets, check_numbering
from actors.domain.review.outline import Outline, Section, read_outline
from actors.domain.review.parties import check_known_names, check_parties
from actors.domain.review.references import check_references
from actors.domain.review.remark import Remark, to_findings
from actors.domain.review.terms import check_terms

MOST_REMEMBERED_CHARS = 8_000
"""Longest section whose remarks are kept for the next document that has it."""
ATTACHMENT_WORDS = ("Schedule", "Exhibit", "Annex", "Appendix", "Attachment")


def lint_section(text: str, number: str, known: KnownFacts | None) -> list[Finding]:
    """Check one section by itself, as soon as it is written.

    Args:
        text: The section; offsets count in it.
        number: Its number as printed; every finding carries it.
        known: What is known of the matter; without it, names are not checked.

    Returns:
        C1, C5, M1, N5, D1, P1 and W1-W6, in reading order.
    """
    return to_findings(text, _section_remarks(text, number, known), lambda _: number)


def lint_document(text: str, known: KnownFacts | None) -> list[Finding]:
    """Check what needs the whole text: N1-N4, X1-X5, T1-T7, P2-P3, M2-M4, D1-D3, C4 and K1-K9, in reading order.

    P1 is among them where no parties are known: the opening of the text then names them.
    """
    outline = read_outline(text)
    return to_findings(text, _document_remarks(text, outline, known), _numbers(outline))


def lint(text: str, known: KnownFacts | None = None) -> list[Finding]:
    """Check a whole text for everything, in reading order. One run is linear in the text: about a second a megabyte."""
    outline = read_outline(text)
    remarks = chain(
        _document_remarks(text, outline, known),
        *(_shifted(text, section, known) for section in outline.sections),
    )
    return to_findings(text, remarks, _numbers(outline))


def _section_remarks(text: str, number: str, known: KnownFacts | None) -> Iterator[Remark]:
    yield from check_blanks(text, known, form=number.startswith(ATTACHMENT_WORDS))
    # Documents that differ in names share most of their sections, word for word.
    yield from _remembered(text) if len(text) <= MOST_REMEMBERED_CHARS else _wording_remarks(text)
    if known is not None and known.parties:
        yield from check_known_names(text, known)


def _wording_remarks(text: str) -> Iterator[Remark]:
    """Yield what a section's words alone can tell."""
    yield from check_words_and_figures(text)
    yield from check_days(text)
    yield from check_brackets(text)
    yield from check_language(text)


@lru_cache(maxsize=512)
def _remembered(text: str) -> tuple[Remark, ...]:
    return tuple(_wording_remarks(text))


def _document_remarks(text: str, outline: Outline, known: KnownFacts | None) -> Iterator[Remark]:
    yield from check_numbering(text, outline)
    yield from check_references(text, outline)
    yield from check_attachments(text, outline)
    yield from check_terms(text, outline)
    yield from check_figures(text, outline, known)
    yield from check_spans(text, known)
    yield from check_parties(text, outline, known)
    yield from check_conflicts(text, outline)


def _shifted(text: str, section: Section, known: KnownFacts | None) -> Iterator[Remark]:
    start = section.start
    for r in _section_remarks(text[start : section.end], section.scope or section.number, known):
        yield Remark(r.check, r.severity, r.message, r.start + start, r.end + start)


def _numbers(outline: Outline) -> Callable[[int], str]:
    return lambda offset: outline.section_at(offset).number
