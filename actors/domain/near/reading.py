"""Reading a question: from words to concepts, so that wordings of one question read the same."""

from collections.abc import Sequence

from actors.domain.near.lexicon import the_lexicon
from actors.domain.near.marks import with_marks, with_units
from actors.domain.near.opening import form_of, unfronted, without_lead
from actors.domain.near.order import in_one_order
from actors.domain.near.pieces import Piece, items_of, mark_acts, pieces_of
from actors.domain.near.question import Kind, Mention, Question, Time
from actors.domain.near.settling import settled
from actors.domain.near.tokens import Token, split
from actors.domain.near.voice import in_active_voice

_PAST = frozenset({"did", "was", "were", "had"})
_PERFECT = frozenset({"has", "have"})
_SELF = frozenset({"i", "me", "we", "us"})


def read(question: str) -> Question:
    """Return what a question says, free of its wording as far as the lexicon reaches; some 0.2 ms."""
    lexicon = the_lexicon()
    tokens = split(question)
    if not tokens:
        return Question("topic", "present", ())
    items = unfronted(without_lead(items_of(tokens, lexicon), lexicon))
    pieces = [piece for piece in pieces_of(items, lexicon) if piece.part != "aside"]
    form = form_of(pieces)
    pieces = settled(pieces, form)
    mark_acts(pieces)
    named = with_marks(in_active_voice(in_one_order(with_units(pieces))))
    opening = items[0].token.text if items else ""
    return Question(form, _time(tokens, opening), _mentions(named))


def _time(tokens: Sequence[Token], opening: str) -> Time:
    if any(token.text in _PAST for token in tokens):
        return "past"
    return "perfect" if opening in _PERFECT else "present"


def _mentions(pieces: Sequence[Piece]) -> tuple[Mention, ...]:
    persons = [piece for piece in pieces if piece.part == "party"]
    mentions = [_mention(piece) for piece in pieces if not _is_nobody(piece, persons)]
    return tuple(mentions)


def _is_nobody(piece: Piece, persons: Sequence[Piece]) -> bool:
    """Tell whether "you" or "one" may as well be missing: "can you evict a tenant", "can a tenant be evicted"."""
    if piece.part != "anybody" or piece.marks:
        return False
    return not persons or piece.role == "agent"


def _mention(piece: Piece) -> Mention:
    kind: Kind
    if piece.part == "anybody":
        concept, kind = ("self" if piece.text in _SELF else "anyone"), "party"
    else:
        concept, kind = piece.concept, piece.part  # type: ignore[assignment]
    role = piece.role if kind == "party" else "other"
    return Mention(concept, kind, tuple(sorted(piece.marks)), role, piece.head, piece.nominal)
