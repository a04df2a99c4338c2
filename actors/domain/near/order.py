"""One order for the ways to arrange a sentence: genitive, passive, and who acts on whom."""

from collections.abc import Sequence

from actors.domain.intake.word_lists import words_of
from actors.domain.near.pieces import MENTIONED, Piece, is_stop, without
from actors.domain.near.question import Role

_BOUNDARIES = words_of(
    """
    if when where who which because while unless before after until once whether although since
    """
)
_BEFORE_SUBJECT = words_of("be do have will would")
_TOWARDS = frozenset({"to", "against", "on", "upon"})


def in_one_order(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces as the active voice and the plain compound have them, each person with a role.

    "Breach of the lease" is "lease breach", "be sued by the tenant" is "tenant sue", whoever is sued is a patient; "under
    the act" stands last, and what is required comes behind what it is required for.
    """
    return _with_roles(_active(_required(_authority_last(_compound(list(pieces))))))


def _authority_last(pieces: list[Piece]) -> list[Piece]:
    for at in range(len(pieces) - 1, -1, -1):
        end = _run_end(pieces, at + 1)
        if pieces[at].text == "under" and end > at + 1 and pieces[at + 1].part != "number":
            pieces = [*pieces[:at], *pieces[end:], *pieces[at:end]]
    return pieces


def _required(pieces: list[Piece]) -> list[Piece]:
    """Turn "is X required for Y" into "Y must X"."""
    for at, piece in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        says_for = piece.text.endswith(" for") or (after is not None and after.text == "for")
        if piece.concept != "must" or piece.part != "modal" or not says_for:
            continue
        start = _clause_start(pieces, at)
        while start < at and not _names(pieces[start]):
            start += 1
        begin = at + (1 if piece.text.endswith(" for") else 2)
        end = next((n for n in range(begin, len(pieces)) if _is_boundary(pieces[n])), len(pieces))
        return [*pieces[:start], *pieces[begin:end], piece, *pieces[start:at], *pieces[end:]]
    return pieces


def _compound(pieces: list[Piece]) -> list[Piece]:
    """Turn "X of Y" into "Y X", the last first: "rejection of an offer of employment"."""
    for at in range(len(pieces) - 2, 0, -1):
        if pieces[at].text == "of" and _names(pieces[at - 1]) and _names(pieces[at + 1]):
            head = at - 1
            while head > 0 and pieces[head - 1].part == "adjective":
                head -= 1
            end = _run_end(pieces, at + 1)
            pieces = [*pieces[:head], *pieces[at + 1 : end], *pieces[head:at], *pieces[end:]]
    return pieces


def _names(piece: Piece) -> bool:
    return piece.part in MENTIONED and piece.part not in {"modal", "ask", "comparator"}


def _run_end(pieces: Sequence[Piece], start: int) -> int:
    """Return the index behind the names that follow each other from `start`."""
    end = start
    while end < len(pieces) and _names(pieces[end]):
        end += 1
    return end


def _active(pieces: list[Piece]) -> list[Piece]:
    for at in range(len(pieces) - 1, 0, -1):
        end = _run_end(pieces, at + 1)
        if pieces[at].text == "by" and end > at + 1:
            pieces = _with_actor(pieces, at, end)
    return pieces


def _with_actor(pieces: list[Piece], at: int, end: int) -> list[Piece]:
    """Put whoever stands behind "by" before what is done: before the passive's subject, or before the noun of an act."""
    actor = pieces[at + 1 : end]
    start = _clause_start(pieces, at)
    verb = _passive_verb(pieces, start, at)
    for piece in actor:
        piece.role = "agent"
    if verb is None:
        head = _head_before(pieces, at)
        return [*pieces[:head], *actor, *pieces[head:at], *pieces[end:]]
    _mark_patients(pieces[start:verb])
    pieces[verb].participle = False
    done = [pieces[verb], *pieces[start:verb], *pieces[verb + 1 : at]]
    return [*pieces[:start], *actor, *done, *pieces[end:]]


def _head_before(pieces: Sequence[Piece], at: int) -> int:
    """Return the index of the name before `at`, with its adjectives: "early termination by"."""
    head = at - 1 if at > 0 and _names(pieces[at - 1]) else at
    while 0 < head < at and pieces[head - 1].part == "adjective":
        head -= 1
    return head


def _clause_start(pieces: Sequence[Piece], at: int) -> int:
    for n in range(at - 1, -1, -1):
        if _is_boundary(pieces[n]) and n > 0:
            return n + 1
    return 0


def _is_boundary(piece: Piece) -> bool:
    return piece.text in _BOUNDARIES or is_stop(piece)


def _passive_verb(pieces: Sequence[Piece], start: int, end: int) -> int | None:
    """Return the index of the last passive participle in `pieces[start:end]`."""
    for n in range(end - 1, start, -1):
        is_last = n + 1 >= len(pieces) or not _names(pieces[n + 1]) or pieces[n + 1].part == "place"
        if pieces[n].participle and is_last and any(piece.text == "be" for piece in pieces[start:n]):
            return n
    return None


def _mark_patients(pieces: Sequence[Piece]) -> None:
    for n, piece in enumerate(pieces):
        bare = n == 0 or pieces[n - 1].part != "empty" or pieces[n - 1].text in _BEFORE_SUBJECT
        if piece.part in {"party", "anybody"} and bare:
            piece.role = "patient"


def _with_roles(pieces: list[Piece]) -> list[Piece]:
    for at, piece in enumerate(pieces):
        if piece.part in {"party", "anybody"} and piece.role == "other":
            start = _clause_start(pieces, at)
            end = next((n for n in range(at, len(pieces)) if _is_boundary(pieces[n])), len(pieces))
            piece.role = _role(pieces, start, at, end)
    return pieces


def _role(pieces: Sequence[Piece], start: int, at: int, end: int) -> Role:
    head = at
    while (
        head > start
        and _names(pieces[head - 1])
        and pieces[head - 1].part in {"adjective", "place", "party", "thing", "other"}
    ):
        head -= 1
    before = pieces[head - 1] if head > 0 else None
    if before is not None and before.text in _TOWARDS:
        return "patient"
    if before is not None and before.text == "from":
        return "agent"
    is_subject = (
        before is None or _is_boundary(before) or before.part == "modal" or before.text in _BEFORE_SUBJECT
    )
    if is_subject:
        return "patient" if _passive_verb(pieces, start, end) is not None else "agent"
    if before is not None and before.part == "empty":
        return "other"
    return "patient"
