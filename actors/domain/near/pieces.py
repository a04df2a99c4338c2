"""A question cut into the phrases of the lexicon, small words included."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from actors.domain.intake.word_lists import words_of
from actors.domain.near.lexicon import ARTICLES, Lexicon, Meaning, Part, forms
from actors.domain.near.question import Role
from actors.domain.near.tokens import Token

MENTIONED = frozenset(
    (
        "party",
        "thing",
        "verb",
        "adjective",
        "place",
        "unit",
        "number",
        "year",
        "modal",
        "ask",
        "comparator",
        "light",
        "other",
        "anybody",
    )
)
"""Parts that name something; the others only shape what is said of it."""

_ENDS_OF_ACTS = ("tion", "sion", "ment", "ance", "ence", "ity", "ure", "al", "ery", "ry")
_VERB_OR_NOUN = words_of(
    """
    default consent claim repair record audit award use charge limit ban notice breach object supply return
    """
)
_AFTER_SUBJECT = frozenset({"be", "have", "do"})
_BEFORE_VERBS = frozenset({"party", "anybody", "modal", "negation"})
_BEFORE_ACTS = frozenset({"of", "for", "no", "without", "against", "an", "any"})
_NOT_ALLOWED = frozenset({"enforce", "apply", "pay", "charge"})
"""What is payable must be paid; all else that ends so may be done."""
_STOPS = frozenset(",;:?!.")
_ENDS_OF_PEOPLE = ("er", "or", "ee", "ist", "ian", "eer")
_NOT_PEOPLE = words_of(
    """
    order offer letter matter number paper quarter under over after either other whether power labor former
    later summer winter center error favor honor factor tenor vigor rumor tutor minor major prior interior
    exterior superior fee degree committee guarantee referee agree free three decree counter cover consider
    render tender remainder register transfer newspaper computer software hardware server router folder
    disorder border murder weather feather water meter chapter character filter master
    """
)
_FIRST_YEAR, _LAST_YEAR = 1600, 2200


@dataclass(slots=True)
class Piece:
    """A phrase at its place. What bears on it is added while the question is read."""

    text: str
    """Dictionary forms of its words."""
    concept: str
    part: Part
    participle: bool = False
    """Written as a past participle."""
    determined: bool = False
    """An article stood before it."""
    objects: int = 0
    """How many pieces before it are what it is done to: "the *lease* assignment"."""
    gerund: bool = False
    """Written with -ing."""
    joined: bool = False
    """A hyphen ties it to what is behind it."""
    marks: list[str] = field(default_factory=list)
    role: Role = "other"
    head: str | None = None
    """The noun that it stands right before."""
    nominal: bool = False
    """An act that is spoken of as a thing: "the termination"."""


@dataclass(frozen=True, slots=True)
class Item:
    """A token with its dictionary form."""

    form: str
    token: Token
    determined: bool
    joins_next: bool


def items_of(tokens: Sequence[Token], lexicon: Lexicon) -> list[Item]:
    """Return the tokens with their forms; articles are left out, and noted on what they stand before."""
    items: list[Item] = []
    determined = False
    following = [*tokens[1:], None]
    for token, form, after in zip(tokens, forms(tokens, lexicon.inflections), following, strict=True):
        if form in ARTICLES:
            determined = True
            continue
        items.append(Item(form, token, determined, joins_next=bool(after and after.joined)))
        determined = False
    return items


def pieces_of(items: Sequence[Item], lexicon: Lexicon) -> list[Piece]:
    """Cut into phrases, the longest first; what no phrase covers is a piece of its own."""
    pieces: list[Piece] = []
    at = 0
    while at < len(items):
        length, found = _longest(items, at, lexicon)
        pieces += found
        at += length
    return pieces


def _longest(items: Sequence[Item], at: int, lexicon: Lexicon) -> tuple[int, list[Piece]]:
    first = items[at]
    # "a no oral modification clause": the word belongs to the clause's name; "has no clause" denies it.
    if first.form == "no" and (first.determined or first.joins_next):
        return 1, [Piece("no", "no-", "other")]
    if first.token.written in lexicon.capitals:
        return 1, [_piece([first], lexicon.capitals[first.token.written], lexicon)]
    for length in range(min(lexicon.longest.get(first.form, 0), len(items) - at), 0, -1):
        window = items[at : at + length]
        meaning = lexicon.phrases.get(tuple(item.form for item in window))
        if meaning is not None:
            return length, _meant(window, meaning, lexicon)
    return 1, [_piece([first], _unknown(first), lexicon)]


def _meant(window: Sequence[Item], meaning: Meaning, lexicon: Lexicon) -> list[Piece]:
    pieces = [_piece(window, meaning, lexicon)]
    if (
        meaning.part == "verb"
        and window[-1].form.endswith(("able", "ible"))
        and meaning.concept not in _NOT_ALLOWED
    ):
        pieces.insert(0, Piece("able", "may", "modal"))
    return [Piece("not", "not", "negation"), *pieces] if meaning.negated else pieces


def _piece(window: Sequence[Item], meaning: Meaning, lexicon: Lexicon) -> Piece:
    last = window[-1]
    return Piece(
        " ".join(item.form for item in window),
        meaning.concept,
        meaning.part,
        participle=_is_participle(last, lexicon),
        determined=window[0].determined,
        gerund=last.token.text.endswith("ing"),
        joined=last.joins_next,
    )


def _is_participle(item: Item, lexicon: Lexicon) -> bool:
    written = item.token.text
    irregular = lexicon.inflections.irregular.get(written, written) != written and not written.endswith("s")
    return not item.token.number and item.form != "be" and (written.endswith("ed") or irregular)


def _unknown(item: Item) -> Meaning:
    form = item.form
    if item.token.number:
        is_year = form.isdecimal() and _FIRST_YEAR <= int(form) < _LAST_YEAR
        return Meaning(form, "year" if is_year else "number")
    if form in _STOPS:
        return Meaning(form, "empty")
    word = item.token.text.removesuffix("s")
    if word.endswith(_ENDS_OF_PEOPLE) and word not in _NOT_PEOPLE and len(word) > 4:  # noqa: PLR2004 (shorter ones: "her", "fee")
        return Meaning(form, "party")
    return Meaning(form, "other")


def mark_acts(pieces: Sequence[Piece]) -> None:
    """Note which acts stand as nouns: by their form, or by what is before them."""
    for at, piece in enumerate(pieces):
        if piece.part == "verb" and not piece.participle:
            is_subject = at + 1 < len(pieces) and pieces[at + 1].text in _AFTER_SUBJECT
            piece.nominal = is_subject or _is_noun(piece, pieces[at - 1] if at else None)


def _is_noun(act: Piece, before: Piece | None) -> bool:
    if (
        act.determined
        or act.text.endswith(_ENDS_OF_ACTS)
        or (before is not None and before.text in _BEFORE_ACTS)
    ):
        return True
    if act.gerund or act.text.endswith("able"):
        return False
    if act.concept not in _VERB_OR_NOUN:
        return act.text != act.concept and " " not in act.text
    return before is None or (before.part not in _BEFORE_VERBS and before.text != "to")


def is_stop(piece: Piece) -> bool:
    """Tell whether a piece is a mark of punctuation."""
    return piece.text in _STOPS


def without(pieces: Iterable[Piece], unwanted: Iterable[Piece]) -> list[Piece]:
    """Return the pieces but for some of them, told by identity."""
    gone = {id(piece) for piece in unwanted}
    return [piece for piece in pieces if id(piece) not in gone]
