"""Facts in the user's own words: descriptions and addresses."""

import re
from collections.abc import Iterator, Sequence

from actors.domain.intake.addresses import read_address
from actors.domain.intake.clause_ends import phrase_end
from actors.domain.intake.names import STOPS
from actors.domain.intake.next_wishes import NextWishes
from actors.domain.intake.phrases import compiled, is_negated
from actors.domain.intake.spans import Claims, Span
from actors.domain.intake.word_lists import words_of
from actors.domain.library import DocumentType, Fact

_GLUE = re.compile(
    r"(?:['’]s)?\s{0,3}(?:(?:is|are|being|will\sbe|shall\sbe|includes?|including)(?=\s)|[:=–-])?\s{0,4}",
    re.IGNORECASE,
)
_ADDRESS_GLUE = re.compile(
    r"(?:\s{1,3}(?:located|situated|known|at|is|as|of|are|being|the|in)\b|\s?[:=,]){0,5}\s{1,3}",
    re.IGNORECASE,
)
_AT = re.compile(r"\sat\s(?=[A-Z\d])")
_NOUN_BEFORE = re.compile(
    r"\b(?:for|of|provid(?:es?|ing)|perform(?:s|ing)?|includ(?:es?|ing)|with|plus|offering|cover(?:s|ing)|deliver(?:s|ing)?)\s"
    r"(?:(?:the|an?|its|some)\s)?(?P<words>(?:(?!(?:for|of|the|a|an|and|its|with|to)\s)[\w%.,/&'’\-]{1,24}\s){1,5})$",
    re.IGNORECASE,
)
# Verbs that only lead to what is done; other infinitives belong to the phrase ("to evaluate a merger").
_PLAIN_VERBS = words_of("provide perform deliver render supply do be")
_USELESS = words_of("it this that them these those him her me us you yes no none tbd n/a following a an the")
_MAY_BEGIN = words_of("a an the to about its their our my your his her using each")
_MOST_CUES = 200
"""Beyond this many cues a message is no request, and reading on would only cost time."""
_FEWEST_CHARS, _MOST_START = 2, 3


def take_phrases(text: str, document_type: DocumentType, claims: Claims) -> dict[str, str]:
    """Return the text and address facts, each as the user wrote it, and claim their words."""
    values: dict[str, str] = {}
    for fact in document_type.facts:
        span = next(find_addresses(text, fact, claims), None) if fact.kind == "address" else None
        if span is not None:
            values[fact.id] = span.of(text)
            claims.claim(span.start, span.end)
    texts = [fact for fact in document_type.facts if fact.kind == "text"]
    wishes = NextWishes(document_type)
    for reader in (_behind, _before):
        for fact, match in _cue_matches(text, texts):
            if (
                fact.id not in values
                and claims.is_free(*match.span())
                and not is_negated(text, *match.span())
            ):
                span = reader(text, match, wishes.claims_behind(text, fact, match.end(), claims))
                if span is not None:
                    values[fact.id] = span.of(text)
                    claims.claim(min(span.start, match.start()), max(span.end, match.end()))
    return values


def find_addresses(text: str, fact: Fact, claims: Claims) -> Iterator[Span]:
    """Yield the addresses that the cues of an address fact announce."""
    for match in compiled(fact.cues).finditer(text):
        glue = _ADDRESS_GLUE.match(text, match.end())
        at = _AT.search(text, match.end(), match.end() + 50)
        for start in [found.end() for found in (glue, at) if found]:
            span = read_address(text, start)
            if span and claims.is_free(span.start, span.end):
                yield span
    if fact.primary:
        for match in re.finditer(r"\bat\s(?=\d)", text):
            span = read_address(text, match.end())
            if span and claims.is_free(span.start, span.end):
                yield span


def _cue_matches(text: str, facts: Sequence[Fact]) -> list[tuple[Fact, re.Match[str]]]:
    """Return the places of the cues, the longest cue first: it says most."""
    found = [(fact, match) for fact in facts for match in compiled(fact.cues).finditer(text)]
    return sorted(found, key=lambda pair: (-len(pair[1][0].split()), pair[1].start()))[:_MOST_CUES]


def _behind(text: str, match: re.Match[str], claims: Claims) -> Span | None:
    """Return what stands behind a cue."""
    glue = _GLUE.match(text, match.end())
    start = glue.end() if glue else match.end()
    if start == match.end() or "\n" in text[match.end() : start]:
        return None
    if not claims.is_free(start, min(len(text), start + _MOST_START)):
        return None
    end = phrase_end(text, start, claims, is_labelled=":" in text[match.end() : start])
    if not _says_something(text[start:end].split()):
        return None
    first = match[0].split()
    keeps_verb = first[0].casefold() == "to" and len(first) > 1 and first[1].casefold() not in _PLAIN_VERBS
    return Span(match.start() if keeps_verb else start, end)


def _before(text: str, match: re.Match[str], claims: Claims) -> Span | None:
    """Return the noun that ends with the cue: "web design services"."""
    before = _NOUN_BEFORE.search(text, max(0, match.start() - 90), match.start())
    if before is None or " " in match[0] or not claims.is_free(before.start("words"), match.end()):
        return None
    return Span(before.start("words"), match.end())


def _says_something(words: Sequence[str]) -> bool:
    if not words or len(" ".join(words)) < _FEWEST_CHARS:
        return False
    bare = words[0].strip(".,:;")
    first = (
        bare if bare.isupper() and len(bare) > 1 else bare.casefold()
    )  # "IT support" begins with no pronoun
    return first not in STOPS - _MAY_BEGIN and not (len(words) == 1 and first in _USELESS | STOPS)
