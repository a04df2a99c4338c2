"""Which questions may be answered by likeness at all."""

import re
from collections.abc import Mapping, Sequence

from actors.domain.near.lexicon import Lexicon, the_lexicon
from actors.domain.near.tokens import Token, split

MAX_TOKENS = 64

_PRIVATE = {
    "e-mail address": re.compile(r"\S@\S"),
    "amount": re.compile(
        r"[$€£¥]|\b(?:usd|eur|gbp|dollars?|euros?|pounds?|million|billion)\b", re.IGNORECASE
    ),
    "quotation": re.compile(r"[\"“”„«»]|(?<!\w)['‘](?:[\w-]+\s+){3,}[^'’]*['’](?!\w)"),
    "identifier": re.compile(r"\b\d{6,}\b|\b[A-Za-z]+\d{3,}\b|https?:|www\.", re.IGNORECASE),
    "case name": re.compile(r"\bvs?\.?\s+[A-Z]|\bIn re\b"),
    "title": re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Messrs|Inc|Corp|Ltd|GmbH)\b"),
}
_QUOTED_TERM = re.compile(r"[\"“„«]\s*([\w-]+(?:\s+[\w-]+){0,2})\s*[\"”“»]")
"""Up to three words in quotation marks are a term, such as "as is"."""
_LAW_NAME_SPAN = 6
_MOSTLY = 0.6


def refusal(question: str) -> str | None:
    """Return why a question is answered exactly or not at all; `None` where likeness may be tried.

    Refused is what names somebody or something of a matter, quotes a text, asks for the state of today, or asks for a
    document: there, other words for it are another thing. A capitalised word that the lexicon does not hold counts as
    a name unless it is part of a statute's.
    """
    unquoted = _QUOTED_TERM.sub(r"\1", question)
    for reason, pattern in _PRIVATE.items():
        if pattern.search(unquoted):
            return reason
    lexicon = the_lexicon()
    tokens = split(question)
    if not tokens:
        return "empty"
    if len(tokens) > MAX_TOKENS:
        return "length"
    keys = [token.text for token in tokens]
    if _holds(keys, lexicon.fresh):
        return "freshness"
    if _holds(keys, lexicon.drafting):
        return "drafting"
    return "name" if _names_somebody(tokens, lexicon) else None


def _holds(keys: Sequence[str], phrases: Mapping[str, Sequence[tuple[str, ...]]]) -> bool:
    return any(
        tuple(keys[at : at + len(phrase)]) == phrase
        for at, key in enumerate(keys)
        for phrase in phrases.get(key, ())
    )


def _names_somebody(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    words = [token for token in tokens if token.written[:1].isalpha()]
    capitals = sum(token.written[:1].isupper() for token in words)
    titled = len(words) > 3 and capitals > _MOSTLY * len(words)  # noqa: PLR2004 ("Enforceability Of Non-Competes")
    strangers = [
        at
        for at, token in enumerate(tokens)
        if token.written[:1].isupper()
        and (titled or not _opens_sentence(tokens, at))
        and not _is_common(token, lexicon)
        and not _in_law_name(tokens, at, lexicon)
    ]
    return bool(strangers)


def _opens_sentence(tokens: Sequence[Token], at: int) -> bool:
    return at == 0 or tokens[at - 1].text in ".:;?!"


def _is_common(token: Token, lexicon: Lexicon) -> bool:
    if token.written.isupper() and len(token.written) > 1:
        return token.written in lexicon.acronyms or token.written in lexicon.capitals
    return (
        token.written in lexicon.acronyms
        or token.text in lexicon.months
        or token.text in lexicon.law_names
        or token.text in lexicon.words
        or lexicon.inflections.known(token.text)
        or lexicon.key(token.text) in lexicon.phrases
    )


def _in_law_name(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Tell whether a capitalised word leads to "Act", "Code" or the like: "Housing and Regeneration Act"."""
    for token in tokens[at + 1 : at + 1 + _LAW_NAME_SPAN]:
        if token.text in lexicon.law_names and token.written[:1].isupper():
            return True
        if not token.written[:1].isupper() and token.text not in {"and", "of", "for", "in", "the", "on", ","}:
            return False
    return False
