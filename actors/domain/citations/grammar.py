"""Every citation in a text: the families of citation, put in order."""

from collections.abc import Iterable
from dataclasses import replace

from actors.domain.citations.elsewhere import find_elsewhere
from actors.domain.citations.folding import FoldedText, fold
from actors.domain.citations.found import FoundCitation
from actors.domain.citations.statutes import find_statutes
from actors.domain.citations.uk_cases import find_uk_cases
from actors.domain.citations.us_cases import find_us_cases


def find_citations(text: str, *, us_cases: bool = True) -> list[FoundCitation]:
    """Return every citation of law in `text`, in reading order, without overlap.

    A contract's references to its own parts ("Section 4.2", "clause 7", "Schedule 1 to this Agreement") are none: a
    section counts only beside the name of the code, act or convention that it belongs to. An act named with its year
    counts without a section.

    Args:
        text: Any text, of any length; time grows with it in proportion.
        us_cases: Whether to look for American cases, too: the first one found costs a second of imports.

    Source:
        Forms: The Bluebook, rules 10 (cases), 12 (statutes), 14 (regulations); OSCOLA, 4th edition, part 2.
    """
    folded = fold(text)
    families = (find_statutes, find_elsewhere, find_uk_cases, *([find_us_cases] if us_cases else []))
    found = _without_overlap(citation for family in families for citation in family(folded.text))
    return [_placed(citation, text, folded) for citation in found]


def _placed(citation: FoundCitation, text: str, folded: FoldedText) -> FoundCitation:
    start, end = folded.original(citation.start, citation.end)
    return replace(citation, text=text[start:end], start=start, end=end)


def _without_overlap(found: Iterable[FoundCitation]) -> list[FoundCitation]:
    """Keep, of citations that overlap, the one that begins first; of two that begin together, the longer."""
    kept: list[FoundCitation] = []
    for citation in sorted(found, key=lambda citation: (citation.start, -citation.end)):
        if not kept or citation.start >= kept[-1].end:
            kept.append(citation)
        elif citation.kind == "case" and citation.name and kept[-1].end <= citation.end:
            kept = _make_room(kept, citation)
    return kept


def _make_room(kept: list[FoundCitation], citation: FoundCitation) -> list[FoundCitation]:
    """Shorten a case whose guessed name reached back into the citation before it."""
    cut = kept[-1].end
    rest = citation.text[cut - citation.start :]
    return [*kept, replace(citation, text=rest, start=cut)] if rest.strip() else kept
