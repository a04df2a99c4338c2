"""References to law in words, which no citation grammar sees: found by a model, reported as unchecked."""

from collections.abc import Sequence

from actors.domain.citation import Citation, CitationKind, CitationState
from actors.domain.citations.grammar import find_citations
from actors.domain.intake.word_lists import words_of
from actors.domain.matter import Value
from actors.domain.prompting.draft_prompt import fenced_section
from actors.domain.prompting.prompt import Prompt
from actors.domain.prompting.quotes import place_of
from actors.domain.prompting.texts import prompt_of
from actors.domain.review.words import stems_of
from actors.domain.sections import Section

MOST_PASSAGES = 20
_MOST_QUOTE_CHARS = 300
_COVERED = frozenset({"statute", "regulation", "case", "uniform_law"})
_GENERAL = words_of(
    """
    a an any all the of in by to for under and or with its their that this such other each every applicable governing
    relevant competent law legal court jurisdiction statute regulation rule statutory right agreement contract act
    code provision mandatory requirement authority order section clause schedule exhibit
    """
)
"""Stems that name no particular source, not even together."""


class SpokenReference(Value):
    """A passage that refers to law in words."""

    kind: CitationKind
    quote: str


class CitationAnswer(Value):
    """What a model found in a section."""

    passages: tuple[SpokenReference, ...]


def citation_prompt(section: Section) -> Prompt:
    """Return the question for references to law in words.

    Raises:
        LibraryError: A prompt file is wrong.
    """
    return prompt_of(
        "citations", {"section": fenced_section(section)}, CitationAnswer, max_output_tokens=2_000
    )


def spoken_references(answer: CitationAnswer, section: Section) -> tuple[tuple[SpokenReference, ...], int]:
    """Return the passages that count, in reading order, with their words as they stand; and how many were dropped.

    A passage is dropped that does not stand in the section, that names no particular source, that the citation grammar
    sees anyway, that overlaps another, or that comes after twenty.
    """
    text = section.markdown
    seen = [(found.start, found.end) for found in find_citations(text)]
    kept: list[tuple[int, SpokenReference]] = []
    for passage in answer.passages:
        place = place_of(passage.quote, text)
        if (
            place is None
            or len(place.words) > _MOST_QUOTE_CHARS
            or _GENERAL.issuperset(stems_of(place.words))
        ):
            continue
        if any(place.start < end and start < place.end for start, end in seen) or len(kept) == MOST_PASSAGES:
            continue
        seen.append((place.start, place.end))
        kept.append((place.start, passage.model_copy(update={"quote": place.words})))
    kept.sort(key=lambda one: one[0])
    return tuple(passage for _, passage in kept), len(answer.passages) - len(kept)


def spoken_citations(passages: Sequence[SpokenReference], text: str, start: int = 0) -> tuple[Citation, ...]:
    """Return passages as citations that nobody could check.

    Args:
        passages: From `spoken_references`.
        text: The section, or a text that holds it.
        start: Where in `text` the section starts; offsets count in `text`.
    """
    return tuple(
        _citation(passage, at) for passage in passages if (at := text.find(passage.quote, start)) >= 0
    )


def _citation(passage: SpokenReference, at: int) -> Citation:
    state: CitationState = "not_found" if passage.kind in _COVERED else "out_of_scope"
    return Citation(
        text=passage.quote,
        start=at,
        end=at + len(passage.quote),
        kind=passage.kind,
        normalized=" ".join(passage.quote.split()),
        state=state,
        detail="It refers to law in words only; a language model pointed it out, and nothing could be looked up.",
    )
