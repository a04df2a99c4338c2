"""Where a clause begins and ends, and which pieces of it name something."""

from collections.abc import Sequence

from actors.domain.intake.word_lists import words_of
from actors.domain.near.pieces import MENTIONED, Piece, is_stop

_BOUNDARIES = words_of(
    "if when where who which because while unless before after until once whether although since"
)
OWN_ACTS = frozenset(
    {
        "die",
        "resign",
        "retire",
        "default",
        "consent",
        "approve",
        "negligence",
        "breach",
        "refuse",
        "insolvency",
    }
)
"""Acts of which the person named is always the doer: "the tenant's death"."""
_NOT_NAMES = frozenset({"modal", "ask", "comparator"})


def names(piece: Piece) -> bool:
    """Tell whether a piece names a thing, a person, an act or a quality."""
    return piece.part in MENTIONED and piece.part not in _NOT_NAMES


def run_end(pieces: Sequence[Piece], start: int) -> int:
    """Return the index behind the names that follow each other from `start`."""
    end = start
    while end < len(pieces) and names(pieces[end]):
        end += 1
    return end


def noun_end(pieces: Sequence[Piece], start: int) -> int:
    """Return the index behind the noun that begins at `start`: what is done, to it or by it, is no part of it."""
    end = run_end(pieces, start)
    another = next((n for n in range(start + 1, end) if pieces[n].determined), None)
    if another is not None:  # "breach of warranty | voids the policy"
        end = max(start + 1, another - 1)
    return next((n for n in range(start + 1, end) if is_done(pieces, n)), end)


def is_done(pieces: Sequence[Piece], at: int) -> bool:
    """Tell whether a participle says what is done, not what kind of thing follows ("a written lease")."""
    if not pieces[at].participle or pieces[at].part not in {"verb", "other", "thing"}:
        return False
    return at + 1 >= len(pieces) or not names(pieces[at + 1]) or pieces[at + 1].part == "place"


def is_boundary(piece: Piece) -> bool:
    """Tell whether another clause begins here."""
    return piece.text in _BOUNDARIES or is_stop(piece)


def clause_start(pieces: Sequence[Piece], at: int) -> int:
    """Return the index of the first piece of the clause that holds `at`."""
    return next((n + 1 for n in range(at - 1, 0, -1) if is_boundary(pieces[n])), 0)


def clause_end(pieces: Sequence[Piece], at: int) -> int:
    """Return the index behind the last piece of the clause that holds `at`."""
    return next((n for n in range(at, len(pieces)) if is_boundary(pieces[n])), len(pieces))
