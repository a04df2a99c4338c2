"""Which document a request asks for, read from the names that the type files list."""

import difflib
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from actors.domain.intake.phrases import compiled
from actors.domain.intake.spans import Span
from actors.domain.intake.word_lists import words_of
from actors.domain.library import DocumentType, nearest_types
from actors.errors import UnclearRequestError, UnknownDocumentTypeError

_VERBS = (
    r"draft|write|create|prepare|make|generate|produce|build|compose|put\stogether|draw\sup|set\sup|get|give|send|"
    r"need|want|require|would\slike|['’]d\slike|looking\sfor|have"
)
_TURNS = (
    "for|with|between|to|about|of|in|under|and|before|after|when|while|where|that|which|because|so|we|they"
)
_MODIFIERS = rf"(?:(?!(?:{_TURNS})\b)[\w\-'’]{{1,24}}\s{{1,4}}){{0,8}}?"
_LEAD = re.compile(rf"(?:^|[.!?\n:]\s{{0,4}}|\b(?:{_VERBS})\s{{1,4}}){_MODIFIERS}$", re.IGNORECASE)
_ASKED = re.compile(
    rf"\b(?:{_VERBS})\s{{1,4}}(?:(?:me|us|up|my|our|please)\s{{1,4}}){{0,2}}(?:(?:a|an|the|some|one|new|simple|short)\s{{1,4}})"
    r"{0,3}(?P<what>[^\W_][\w\-'’]{0,30}(?:\s{1,4}(?!(?:for|with|between|to|about|of|in|under|and|on|that|which|from|"
    r"please|by|as|where|who|so|at|is|are)\b)[^\W_][\w\-'’]{0,30}){0,4})",
    re.IGNORECASE,
)
_VERB = re.compile(rf"\b(?:{_VERBS}|agree|enter\sinto|sign)\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"\W{0,4}(?:(?:hi|hello|hey|please|so|ok|okay|well|now)\W{1,4}){0,2}"
    r"(?:what|when|why|how|who|whom|whose|which|is|are|does|do|did|should|was|were|explain|"
    r"tell\s(?:me|us)|describe|define|compare|summari[sz]e|translate|review)\b",
    re.IGNORECASE,
)
# What people call any contract: it names no kind.
_ANY_DOCUMENT = words_of(
    """
    agreement contract document deal paper paperwork form template draft something anything one it legal
    """
)
_SHOWN = 8
_STEM_CHARS = 6


@dataclass(frozen=True, slots=True)
class NamedType:
    """A document type and the words that named it."""

    document_type: DocumentType
    spans: tuple[Span, ...]
    """Every place in the message that names this type."""


@dataclass(frozen=True, slots=True)
class _Named:
    document_type: DocumentType
    name: str
    span: Span

    @property
    def length_chars(self) -> int:
        return self.span.end - self.span.start


def find_type(text: str, types: Sequence[DocumentType]) -> NamedType:
    """Return the type that the message asks for.

    The phrase that the request leads with decides, then the longest phrase, then the first. A type that only adds a
    qualifier to that phrase ("one-way" to "NDA") takes over where the message says the qualifier, or a word for one of
    its roles, elsewhere.

    Raises:
        UnclearRequestError: The message asks for no document, or does not say which.
        UnknownDocumentTypeError: It asks for a kind of document that no file describes.
    """
    named = _all_named(text, types)
    if not named or _only_asks(text):
        raise _refusal(text, types)
    best = min(named, key=lambda one: (not _leads(text, one.span), -one.length_chars, one.span.start))
    chosen = _more_specific(text, best, types) or best.document_type
    return NamedType(chosen, _spans(named, {chosen.id, best.document_type.id}))


def spans_of(text: str, document_type: DocumentType) -> tuple[Span, ...]:
    """Return where the message names a type that something else has chosen already."""
    return tuple(one.span for one in _all_named(text, [document_type]))


def _spans(named: Sequence[_Named], ids: set[str]) -> tuple[Span, ...]:
    return tuple(one.span for one in named if one.document_type.id in ids)


def _all_named(text: str, types: Sequence[DocumentType]) -> list[_Named]:
    """Return the names that stand in the text, without those inside a longer one."""
    found = [
        _Named(document_type, _folded(match[0]), Span(*match.span()))
        for document_type in types
        for match in compiled(document_type.names, plural=True).finditer(text)
    ]
    kept: list[_Named] = []
    for one in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if not kept or kept[-1].span.end <= one.span.start:
            kept.append(one)
        elif one.length_chars > kept[-1].length_chars:
            kept[-1] = one
    return kept


def _leads(text: str, span: Span) -> bool:
    return bool(_LEAD.search(text[max(0, span.start - 120) : span.start]))


def _only_asks(text: str) -> bool:
    return bool(_QUESTION.match(text)) and not _VERB.search(text)


def _more_specific(text: str, best: _Named, types: Sequence[DocumentType]) -> DocumentType | None:
    """Return the sibling type whose own names end with the name found, if the message qualifies it elsewhere."""
    rest = text[: best.span.start] + " \n " + text[best.span.end :]
    plain = {_folded(name) for name in best.document_type.names}
    own = compiled(_qualifiers(best.document_type, plain, at_least=1))
    if own.search(best.name):
        return None
    for sibling in types:
        if sibling.id == best.document_type.id or not set(sibling.families) & set(
            best.document_type.families
        ):
            continue
        qualifiers = _qualifiers(sibling, plain, at_least=2)
        if qualifiers and compiled(
            [*qualifiers, *_role_words(sibling, best.document_type)], plural=True
        ).search(rest):
            return None if own.search(rest) else sibling
    return None


def _qualifiers(document_type: DocumentType, plain: Collection[str], *, at_least: int) -> list[str]:
    """Return what the type's names put before a plain name: `one-way` before `nda`.

    A word that qualifies a single name ("visitor nda") is a word of its own elsewhere: hence `at_least`.
    """
    splits = [
        " ".join(words[:cut])
        for words in (known.split() for known in document_type.names)
        for cut in range(1, len(words))
        if _folded(" ".join(words[cut:])) in plain
    ]
    return [qualifier for qualifier, times in Counter(splits).items() if times >= at_least]


def _role_words(sibling: DocumentType, own: DocumentType) -> list[str]:
    """Return the cues that only the sibling's roles have, and that are forms of their labels: "disclosing"."""
    known = {words.casefold() for role in own.roles for words in (role.label, *role.cues)}
    return [
        cue for role in sibling.roles for cue in (role.label, *role.cues)
        if cue.casefold() not in known and (_same_stem(cue, role.label) or cue.endswith(" party"))
    ]  # fmt: skip


def _same_stem(left: str, right: str) -> bool:
    return left[:_STEM_CHARS].casefold() == right[:_STEM_CHARS].casefold()


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


def _refusal(text: str, types: Sequence[DocumentType]) -> UnclearRequestError:
    titles = ", ".join(sorted(document_type.title for document_type in types)[:_SHOWN])
    asked = _ASKED.search(text)
    if asked is None or (_QUESTION.match(text) and not _VERB.search(text)):
        return UnclearRequestError(
            "message", f"it asks for no document that lexray drafts; it drafts: {titles}"
        )
    what = asked["what"].split()
    if all(word.casefold().rstrip("s") in _ANY_DOCUMENT for word in what):
        return UnclearRequestError(
            "message", f"it does not say which kind of document; lexray drafts: {titles}"
        )
    unknown = UnknownDocumentTypeError(" ".join(what), _nearest(" ".join(what), types))
    field, _, reason = str(unknown).partition(": ")
    return UnclearRequestError(field, reason)


def _nearest(given: str, types: Sequence[DocumentType]) -> tuple[str, ...]:
    by_name = {name: document_type.id for document_type in types for name in document_type.names}
    close = difflib.get_close_matches(given.casefold(), by_name, n=3, cutoff=0.6)
    return tuple(dict.fromkeys(by_name[name] for name in close)) or nearest_types(given)
