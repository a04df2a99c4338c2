"""What bears on what: numbers on units, comparators on numbers, negation and scope words on what follows them."""

from collections.abc import Sequence
from itertools import pairwise

from actors.domain.near.pieces import MENTIONED, Piece, without

_OF_ABSENCE = frozenset(
    {
        "no",
        "without",
        "lack",
        "lacks",
        "lacking",
        "lacked",
        "absent",
        "absence",
        "omit",
        "omits",
        "free of",
        "devoid",
    }
)
_ONLY_BEFORE_NUMBERS = frozenset({"under", "over"})
_SAID_OF = frozenset(
    {
        "enforce",
        "liable",
        "void",
        "voidable",
        "illegal",
        "reasonable",
        "unreasonable",
        "may",
        "must",
        "should",
    }
)
"""What is said of a noun is not its end: "an NDA without a time limit | enforceable"."""
_OF_ROLES = frozenset({"against", "from"})
_TAKES_TO = frozenset({"apply", "amend", "damage", "own"})


def with_marks(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that name something, each with its marks."""
    bound = list(pieces)
    _tell_courts(bound)
    _tell_heads(bound)
    _tell_aims(bound)
    for at, piece in enumerate(bound):
        if piece.part == "comparator" and not _is_plain(bound, at):
            _mark_number(bound, at)
        elif piece.part == "negation":
            _mark(bound, at, "not", head=piece.text in _OF_ABSENCE)
        elif piece.part == "scope" and not _leads_to_person(bound, at):
            _mark(bound, at, piece.concept, head=False)
    return [piece for at, piece in enumerate(bound) if _stays(bound, at)]


def with_units(pieces: Sequence[Piece]) -> list[Piece]:
    """Bind numbers to their units; "within two months of" is "within two months after"."""
    merged: list[Piece] = []
    for at, piece in enumerate(pieces):
        before = pieces[at - 1] if at else None
        if piece.part == "unit" and before is not None and before.part == "number":
            before.concept = f"{before.concept} {piece.concept}"
            merged.append(piece)
            _of_as_after(pieces, at)
    return without(pieces, merged)


def _of_as_after(pieces: Sequence[Piece], unit: int) -> None:
    follows = unit + 1 < len(pieces) and pieces[unit + 1].text == "of"
    if follows and unit > 1 and pieces[unit - 2].concept == "within":
        pieces[unit + 1].part, pieces[unit + 1].concept, pieces[unit + 1].text = "scope", "after", "after"


def _tell_heads(pieces: Sequence[Piece]) -> None:
    """Note what an adjective or a place stands right before: "a German company's subsidiary" is another one's."""
    for piece, after in pairwise(pieces):
        if piece.part in {"adjective", "place"} and after.part in {"party", "thing", "other"}:
            piece.head = after.concept


def _tell_courts(pieces: Sequence[Piece]) -> None:
    """Mark the place of a court where several places are named: whose court, and whose law."""
    places = [at for at, piece in enumerate(pieces) if piece.part == "place"]
    for at in places if len(places) > 1 else ():
        if at + 1 < len(pieces) and pieces[at + 1].concept == "court":
            pieces[at].marks.append("court")


def _is_plain(pieces: Sequence[Piece], at: int) -> bool:
    """Tell whether "under" or "over" is a mere preposition here."""
    follows_number = at + 1 < len(pieces) and pieces[at + 1].part == "number"
    return pieces[at].text in _ONLY_BEFORE_NUMBERS and not follows_number


def _mark_number(pieces: Sequence[Piece], at: int) -> None:
    for other in (at + 1, at - 1):
        if 0 <= other < len(pieces) and pieces[other].part == "number":
            pieces[other].marks.append(pieces[at].concept)
            return


def _leads_to_person(pieces: Sequence[Piece], at: int) -> bool:
    """Tell whether "against" or "from" only says who acts on whom: the person's role holds that."""
    if pieces[at].text not in _OF_ROLES:
        return False
    named = next(
        (piece for piece in pieces[at + 1 :] if piece.part not in {"adjective", "place", "other"}), None
    )
    return named is not None and named.part in {"party", "anybody"}


def _tell_aims(pieces: Sequence[Piece]) -> None:
    """Mark a thing that something goes to: a fine payable to the treasury is not payable by it."""
    for at in range(1, len(pieces) - 1):
        aim = pieces[at + 1]
        leads = pieces[at].text == "to" and pieces[at - 1].concept not in _TAKES_TO
        if leads and aim.part in {"thing", "other"} and aim.determined:
            aim.marks.append("to")


def _mark(pieces: Sequence[Piece], at: int, mark: str, *, head: bool) -> None:
    """Put a mark on the next name, or on the last of the names that follow one another, for "no" and "without"."""
    start = next((n for n in range(at + 1, len(pieces)) if _can_carry(pieces[n])), None)
    if start is None:
        start = next((n for n in range(at - 1, -1, -1) if _can_carry(pieces[n])), None)
        mark = f"{mark}<"
    if start is None:
        return
    end = start
    head = head and not pieces[start].gerund  # "without notifying the borrower" denies the notice
    while (
        head
        and end + 1 < len(pieces)
        and _can_carry(pieces[end + 1])
        and pieces[end + 1].concept not in _SAID_OF
    ):
        end += 1
    pieces[end].marks.append(mark)


def _can_carry(piece: Piece) -> bool:
    return piece.part in MENTIONED and piece.part not in {"comparator", "ask"}


def _stays(pieces: Sequence[Piece], at: int) -> bool:
    piece = pieces[at]
    if piece.part == "comparator":
        beside = [pieces[n] for n in (at + 1, at - 1) if 0 <= n < len(pieces)]
        return not _is_plain(pieces, at) and not any(piece.concept in other.marks for other in beside)
    return piece.part in MENTIONED
