"""Words of two uses, decided by what stands beside them."""

from collections.abc import Sequence

from actors.domain.near.pieces import Piece, is_stop, without
from actors.domain.near.question import Form

_ASK_WORDS = frozenset({"when", "where", "how", "why", "who"})
_OF_A_WILL = frozenset({"by", "of", "under", "in", "from", "with", "without"})
_RIGHTS = ("entitl", "right", "eligible")
_NOTICES = frozenset({"notice", "notice-period"})


def settled(pieces: Sequence[Piece], form: Form) -> list[Piece]:
    """Return the pieces with every such word in the one use that it has here."""
    dropped = [piece for piece in pieces if is_stop(piece) and piece is pieces[-1]]
    gives_notice = any(piece.concept in _NOTICES for piece in pieces)
    for at, piece in enumerate(pieces):
        before = pieces[at - 1] if at else None
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        _settle(piece, before, after)
        if piece.part == "ask" and (piece.text in _ASK_WORDS or piece.concept == form):
            piece.part = "empty"
        if piece.concept == "give" and gives_notice:
            piece.part = "light"
        if _says_nothing(piece, before, after):
            dropped.append(piece)
    return without(pieces, dropped)


def _settle(piece: Piece, before: Piece | None, after: Piece | None) -> None:
    if piece.text == "legal" and (after is None or after.part == "empty"):
        piece.part, piece.concept = "modal", "may"
    elif piece.text == "will" and (piece.determined or (before is not None and before.text in _OF_A_WILL)):
        piece.part, piece.concept = "thing", "testament"
    elif (
        piece.text == "once"
        and after is not None
        and after.part in {"thing", "party", "other", "anybody", "verb"}
    ):
        piece.part, piece.concept = "scope", "after"


def _says_nothing(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """Tell whether a piece adds nothing: Texas *law*, *entitled to* overtime, the difference *between*."""
    if piece.text in {"law", "court"} and piece.part == "light":
        return before is not None and before.part == "place" and piece.text == "law"
    if piece.part == "modal" and piece.text.startswith(_RIGHTS):
        return after is not None and after.part == "thing"
    return piece.text == "between" and before is not None and before.concept == "difference"
