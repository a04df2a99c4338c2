"""Words of two uses, decided by what stands beside them."""

from collections.abc import Sequence

from actors.domain.near.pieces import Piece, is_stop, without
from actors.domain.near.question import Form

_ASK_WORDS = frozenset({"when", "where", "how", "why", "who"})
_OF_A_WILL = frozenset({"by", "of", "under", "in", "from", "with", "without"})
_RIGHTS = ("entitl", "right", "eligible")
_BEFORE_COURTS = frozenset({"be", "do", "have", "will", "would", "in", "choice-of-law", "enforce"})
_BEGIN_CLAUSES = frozenset({"thing", "party", "other", "anybody", "verb"})
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
        if (piece.concept == "give" and gives_notice) or (piece.concept == "apply" and form == "what"):
            piece.part = "light"
        if _says_nothing(piece, before, after):
            dropped.append(piece)
    return without(pieces, dropped)


def _settle(piece: Piece, before: Piece | None, after: Piece | None) -> None:
    match piece.text:
        case "legal" if after is None or after.part == "empty":
            piece.part, piece.concept = "modal", "may"
        case "will" if piece.determined or (before is not None and before.text in _OF_A_WILL):
            piece.part, piece.concept = "thing", "testament"
        case "court" if before is not None and not _opens_for_court(before):
            piece.part = "party"
        case "state" if after is None or after.part in {"empty", "modal"} or _is_sued(before):
            piece.part = "party"
        case "once" if after is not None and after.part in _BEGIN_CLAUSES:
            piece.part, piece.concept = "scope", "after"
        case _:
            return


def _opens_for_court(before: Piece) -> bool:
    """Tell whether a court is only where the question comes up: "will a court enforce", "Delaware courts"."""
    return before.part in {"modal", "place", "adjective", "light"} or before.text in _BEFORE_COURTS


def _is_sued(before: Piece | None) -> bool:
    return before is not None and before.concept == "sue"


def _says_nothing(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """Tell whether a piece adds nothing: Texas *law*, *entitled to* overtime, the difference *between*."""
    if piece.text in {"law", "court"} and piece.part == "light":
        return before is not None and before.part == "place" and piece.text == "law"
    if piece.part == "modal" and piece.text.startswith(_RIGHTS):
        return after is not None and after.part == "thing"
    return piece.text == "between" and before is not None and before.concept == "difference"
