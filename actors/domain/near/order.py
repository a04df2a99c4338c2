"""One order for the ways to arrange a sentence, but for its voice: genitive, authority, what is required for what."""

from collections.abc import Sequence

from actors.domain.intake.word_lists import words_of
from actors.domain.near.clauses import OWN_ACTS, clause_end, clause_start, names, noun_end, run_end
from actors.domain.near.pieces import Piece

_LAWS = words_of(
    """
    law act code statute rule regulation convention ucc flsa fmla dtsa faa gdpr cisg hipaa erisa ccpa adea
    nlra dmca fcra ucta statute-of-frauds
    """
)
_RULES = frozenset({"allow", "permit", "require"})
_TAKES_FOR = frozenset(
    {"fee", "penalty", "liable", "remedy", "deadline", "procedure", "requirement", "damages"}
)
_TAKES_TO = frozenset({"amend", "damage"})
_TIED = frozenset({"adjective", "negation"})


def in_one_order(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces as the plain compound has them.

    "Breach of the lease" is "lease breach"; "under the act" stands last, also where the act itself allows or requires;
    what is required comes behind what it is required for.
    """
    return _required(_authority_last(_ruling_last(_compound(list(pieces)))))


def _compound(pieces: list[Piece]) -> list[Piece]:
    """Turn "X of Y" into "Y X", the last first: "rejection of an offer of employment"."""
    for at in range(len(pieces) - 2, 0, -1):
        if _ties(pieces, at):
            head = at - 1
            while (
                head > 0 and pieces[head - 1].part in _TIED and pieces[head - 1].text not in {"no", "without"}
            ):
                head -= 1
            end = noun_end(pieces, at + 1)
            pieces[at - 1].objects = end - at - 1
            _mark_objects(pieces[at - 1], pieces[at + 1 : end])
            pieces = [*pieces[:head], *pieces[at + 1 : end], *pieces[head:at], *pieces[end:]]
    return pieces


def _mark_objects(act: Piece, objects: Sequence[Piece]) -> None:
    """Note that "eviction of the tenant" is done to the tenant; "death of the tenant" is the tenant's own."""
    for piece in objects:
        if act.part == "verb" and piece.part in {"party", "anybody"} and act.concept not in OWN_ACTS:
            piece.role = "patient"


def _ties(pieces: Sequence[Piece], at: int) -> bool:
    """Tell whether a preposition makes one noun of two: "fee for cancellation", "change to the price"."""
    before, after = pieces[at - 1], pieces[at + 1]
    if not names(before) or not names(after):
        return False
    if pieces[at].text == "of":
        return True
    plain = after.part in {"thing", "verb", "other"}
    return plain and (
        (pieces[at].text == "for" and before.concept in _TAKES_FOR)
        or (pieces[at].text == "to" and before.concept in _TAKES_TO and before.nominal)
    )


def _ruling_last(pieces: list[Piece]) -> list[Piece]:
    """Put an act that allows or requires behind: "does the act allow …" is "is … allowed under the act"."""
    at = next((n for n, piece in enumerate(pieces) if piece.part == "modal" and piece.text in _RULES), None)
    if at is None:
        return pieces
    start = next((n for n in range(clause_start(pieces, at), at) if names(pieces[n])), at)
    ruling = pieces[start:at]
    if not any(piece.text in _LAWS or piece.concept in _LAWS for piece in ruling):
        return pieces
    return [*pieces[:start], *pieces[at:], *ruling]


def _authority_last(pieces: list[Piece]) -> list[Piece]:
    for at in range(len(pieces) - 1, -1, -1):
        end = run_end(pieces, at + 1)
        if pieces[at].text == "under" and end > at + 1 and pieces[at + 1].part != "number":
            pieces = [*pieces[:at], *pieces[end:], *pieces[at:end]]
    return pieces


def _required(pieces: list[Piece]) -> list[Piece]:
    """Turn "is X required for Y" into "Y must X"."""
    for at, piece in enumerate(pieces):
        begin = _required_for(pieces, at)
        if begin is None:
            continue
        start = next((n for n in range(clause_start(pieces, at), at) if names(pieces[n])), at)
        end = clause_end(pieces, begin)
        return [*pieces[:start], *pieces[begin:end], piece, *pieces[start:at], *pieces[end:]]
    return pieces


def _required_for(pieces: Sequence[Piece], at: int) -> int | None:
    """Return where that begins for which something is required, or `None`."""
    piece = pieces[at]
    if piece.part != "modal" or piece.concept != "must" or at == 0:
        return None
    if piece.text.endswith(" for"):
        return at + 1
    follows = pieces[at + 1].text if at + 2 < len(pieces) else ""
    is_place = at + 2 < len(pieces) and pieces[at + 2].part == "place"
    return at + 2 if follows in {"for", "in"} and not is_place else None
