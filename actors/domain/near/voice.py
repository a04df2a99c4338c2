"""The active voice for the passive, and who acts on whom."""

from collections.abc import Sequence

from actors.domain.intake.word_lists import words_of
from actors.domain.near.clauses import (
    OWN_ACTS,
    clause_end,
    clause_start,
    is_boundary,
    is_done,
    names,
    run_end,
)
from actors.domain.near.pieces import Piece
from actors.domain.near.question import Role

_BEFORE_SUBJECT = words_of("be do have will would")
_TOWARDS = frozenset({"to", "against", "on", "upon"})
_MODIFIERS = frozenset({"adjective", "place", "party", "thing", "other"})
_GIVEN = frozenset({"consent", "approve", "notice"})
"""What comes from somebody is that person's: "approval from the landlord"."""
_PERSONS = frozenset({"party", "anybody"})


def in_active_voice(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with the doer first and each person's role: who is sued is a patient, by whom an agent."""
    active = list(pieces)
    for at in range(len(active) - 1, 0, -1):
        end = run_end(active, at + 1)
        if active[at].text == "by" and end > at + 1:
            active = _with_actor(active, at, end)
    return _deeds_first(_with_roles(active))


def _with_actor(pieces: list[Piece], at: int, end: int) -> list[Piece]:
    """Put whoever stands behind "by" before what is done: the passive's subject, or the noun of an act."""
    actor = pieces[at + 1 : end]
    start = clause_start(pieces, at)
    verb = _passive(pieces, start, at)
    for piece in actor:
        piece.role = "agent"
    if verb is None:
        head = _head_before(pieces, at)
        head -= pieces[at - 1].objects if head < at else 0
        return [*pieces[:head], *actor, *pieces[head:at], *pieces[end:]]
    _mark_patients(pieces[start:verb])
    pieces[verb].participle = False
    done = [pieces[verb], *pieces[start:verb], *pieces[verb + 1 : at]]
    return [*pieces[:start], *actor, *done, *pieces[end:]]


def _head_before(pieces: Sequence[Piece], at: int) -> int:
    """Return the index of the name before `at`, with its adjectives: "early termination by"."""
    head = at - 1 if at > 0 and names(pieces[at - 1]) else at
    while 0 < head < at and pieces[head - 1].part == "adjective":
        head -= 1
    return head


def _passive(pieces: Sequence[Piece], start: int, end: int) -> int | None:
    """Return the index of the last passive participle in `pieces[start:end]`."""
    for n in range(end - 1, start, -1):
        if is_done(pieces, n) and any(piece.text == "be" for piece in pieces[start:n]):
            return n
    return None


def _mark_patients(pieces: Sequence[Piece]) -> None:
    for n, piece in enumerate(pieces):
        bare = n == 0 or pieces[n - 1].part != "empty" or pieces[n - 1].text in _BEFORE_SUBJECT
        if piece.part in _PERSONS and bare:
            piece.role = "patient"


def _with_roles(pieces: list[Piece]) -> list[Piece]:
    for at, piece in enumerate(pieces):
        if piece.part in _PERSONS and piece.role == "other":
            piece.role = _role(pieces, at)
    return pieces


def _role(pieces: Sequence[Piece], at: int) -> Role:
    start, end = clause_start(pieces, at), clause_end(pieces, at)
    head = at
    while head > start and not pieces[head].determined and pieces[head - 1].part in _MODIFIERS:
        head -= 1
    before = pieces[head - 1] if head > 0 else None
    if at + 1 < len(pieces) and pieces[at + 1].concept in OWN_ACTS:
        return "agent"
    if before is None or is_boundary(before) or before.part == "modal" or before.text in _BEFORE_SUBJECT:
        return "patient" if _passive(pieces, start, end) is not None else "agent"
    if before.text in _TOWARDS:
        return "patient"
    if before.text == "from":
        return "agent" if head > 1 and pieces[head - 2].concept in _GIVEN else "source"
    return "other" if before.part in {"empty", "negation", "scope"} else "patient"


def _deeds_first(pieces: list[Piece]) -> list[Piece]:
    """Put what is done before what it is done to, where nobody says by whom: "can it be appealed", "appeal it"."""
    for at in range(len(pieces) - 1, 0, -1):
        start = clause_start(pieces, at)
        if _passive(pieces, start, at + 1) != at:
            continue
        first = next((n for n in range(start, at) if names(pieces[n])), at)
        pieces = [*pieces[:first], pieces[at], *pieces[first:at], *pieces[at + 1 :]]
    return pieces
