"""Reading a question: from words to concepts, so that wordings of one question read the same."""

from collections.abc import Sequence

from actors.domain.near.lexicon import the_lexicon
from actors.domain.near.marks import with_marks, with_units
from actors.domain.near.opening import form_of, unfronted, without_lead
from actors.domain.near.order import in_one_order
from actors.domain.near.pieces import Piece, is_stop, items_of, mark_acts, pieces_of, without
from actors.domain.near.question import Form, Kind, Mention, Question
from actors.domain.near.tokens import Token, split

_PAST = frozenset({"did", "was", "were", "had"})
_SELF = frozenset({"i", "me", "we", "us"})
_ASK_WORDS = frozenset({"when", "where", "how", "why", "who"})
_ABOUT_CONCEPTS = frozenset({"definition", "difference", "effect", "requirement", "procedure"})


def read(question: str) -> Question:
    """Return what a question says, free of its wording as far as the lexicon reaches; some 0.2 ms."""
    lexicon = the_lexicon()
    tokens = split(question)
    items = unfronted(without_lead(items_of(tokens, lexicon), lexicon))
    pieces = [piece for piece in pieces_of(items, lexicon) if piece.part != "aside"]
    form = form_of(pieces)
    pieces = _settled(pieces, form)
    mark_acts(pieces)
    named = with_marks(in_one_order(with_units(pieces)))
    return Question(form, _is_past(tokens), _mentions(named))


def _is_past(tokens: Sequence[Token]) -> bool:
    return any(token.text in _PAST for token in tokens)


def _settled(pieces: list[Piece], form: Form) -> list[Piece]:
    """Decide the words that have two uses, by what stands beside them."""
    for at, piece in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.text == "legal" and (after is None or after.part == "empty"):
            piece.part, piece.concept = "modal", "may"
        if piece.part == "ask" and (piece.text in _ASK_WORDS or piece.concept == form):
            piece.part = "empty"
    return without(pieces, [piece for piece in pieces if is_stop(piece) and piece is pieces[-1]])


def _mentions(pieces: Sequence[Piece]) -> tuple[Mention, ...]:
    persons = [piece for piece in pieces if piece.part == "party"]
    mentions = [_mention(piece) for piece in pieces if not _is_nobody(piece, persons)]
    return tuple(mentions)


def _is_nobody(piece: Piece, persons: Sequence[Piece]) -> bool:
    """Tell whether "you" or "one" may as well be missing: "can you evict a tenant", "can a tenant be evicted"."""
    if piece.part != "anybody" or piece.marks:
        return False
    return not persons or (piece.role == "agent" and piece.text not in _SELF)


def _mention(piece: Piece) -> Mention:
    kind: Kind
    if piece.part == "anybody":
        concept, kind = ("self" if piece.text in _SELF else "anyone"), "party"
    else:
        concept, kind = piece.concept, piece.part  # type: ignore[assignment]
    role = piece.role if kind == "party" else "other"
    return Mention(concept, kind, tuple(sorted(piece.marks)), role, piece.head, piece.nominal)
