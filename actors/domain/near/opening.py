"""How a question begins: its lead dropped, a condition in front put behind, the kind of answer that it wants."""

from collections.abc import Sequence

from actors.domain.intake.word_lists import words_of
from actors.domain.near.lexicon import Lexicon
from actors.domain.near.pieces import Item, Piece, is_stop
from actors.domain.near.question import Form

_LONGEST_LEAD = 8
_SUBORDINATE = words_of(
    """
    in under if when where before after for without once while during upon absent with as at on unless until
    within since despite because assuming given although though
    """
)
_AUXILIARY = words_of("be do have will can could may must shall should would might")
_ASKING = _AUXILIARY | frozenset(
    ["what", "which", "who", "whom", "whose", "how", "when", "where", "why", "by"]
)
_SINGLE_ASKS = frozenset({"when", "where", "how", "why", "who"})
_ABOUT_CONCEPTS = frozenset({"definition", "difference", "effect", "requirement", "procedure"})
_NEAREST_AUXILIARY = 5


def without_lead(items: Sequence[Item], lexicon: Lexicon) -> list[Item]:
    """Drop "please explain whether …" and its like, as often as they follow one another."""
    rest = list(items)
    while rest:
        length = next(
            (n for n in range(min(_LONGEST_LEAD, len(rest) - 1), 0, -1) if _is_lead(rest[:n], lexicon)), 0
        )
        if not length:
            return rest
        rest = rest[length:]
    return rest


def _is_lead(start: Sequence[Item], lexicon: Lexicon) -> bool:
    forms = tuple(item.form for item in start)
    return forms in lexicon.leads or forms == (",",)


def unfronted(items: Sequence[Item]) -> list[Item]:
    """Put a condition or place that stands in front behind the question: "In Ohio, may …" is "may … in Ohio"."""
    if len(items) < 3 or items[0].form not in _SUBORDINATE or items[1].form in _AUXILIARY:  # noqa: PLR2004
        return list(items)
    commas = [n for n, item in enumerate(items) if item.form == "," and n + 1 < len(items)]
    split_at = next((n for n in commas if items[n + 1].form in _ASKING), None)
    if split_at is not None:
        return [*items[split_at + 1 :], items[split_at], *items[:split_at]]
    if items[0].form in {"in", "under"}:
        near = next(
            (n for n in range(2, min(_NEAREST_AUXILIARY, len(items))) if items[n].form in _ASKING), None
        )
        if near is not None:
            return [*items[near:], *items[:near]]
    return list(items)


def form_of(pieces: Sequence[Piece]) -> Form:
    """Return the kind of answer that the question wants."""
    first = next((piece.text.split()[0] for piece in pieces if not is_stop(piece)), "")
    opens = bool(pieces) and pieces[0].concept == "notice-period"
    if opens or (
        first in {"what", "which", "how"} and any(piece.concept in _ABOUT_CONCEPTS for piece in pieces)
    ):
        return "what"
    if pieces and pieces[0].concept in _ABOUT_CONCEPTS and first == "what":
        return "what"
    for position, piece in enumerate(pieces):
        if piece.part == "ask" and (position == 0 or piece.text not in _SINGLE_ASKS):
            return piece.concept  # type: ignore[return-value]
    if first in {"what", "which"}:
        return "what"
    if first in {"who", "whom", "whose"}:
        return "who"
    return "yes-no" if first in _AUXILIARY else "topic"
