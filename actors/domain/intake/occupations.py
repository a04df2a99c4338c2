"""What a person is hired as, said right behind the name: "Bob Jones as drilling engineer"."""

import re
from collections.abc import Sequence

from actors.domain.intake.clause_ends import phrase_end
from actors.domain.intake.party_mentions import PartyMention
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.spans import Claims, Span
from actors.domain.intake.word_lists import words_of
from actors.domain.library import DocumentType, Fact

_AS = re.compile(r",?\s{1,3}as\s{1,3}(?=[^\W\d_])")
_APPOSED = re.compile(
    r",\s{1,3}(?P<words>[^\W\d_][\w&/’'\-]{0,24}(?:\s[^\W\d_][\w&/’'\-]{0,24}){0,5}?)"
    r"(?=\s{0,3}(?:[,;.)\n]|$)|\s(?:at|in|for|with|on|from|starting|reporting|earning|paid|based|who)\s)"
)
_NO_OCCUPATION = words_of(
    """
    of from per if though long far soon well needed required agreed follows discussed described set stated part such
    a an the its our my his her their both either each any no not is was are be to it this that
    """
)
_ROLES = words_of(
    """
    landlord lessor lessee tenant licensor licensee discloser recipient guarantor witness party employer employee
    client customer contractor provider owner
    """
)
# The ends of most English words for what people do; what else ends so is listed.
_OF_PEOPLE = re.compile(r".{2,}(?:er|or|ista?|ian|tant)")
_PEOPLE = words_of(
    """
    nurse chef clerk lead head cook analyst secretary president attorney counsel ceo cfo cto coo cmo vp associate
    apprentice intern agent pilot mechanic executive representative specialist assistant driver scientist architect
    """
)
_NOT_PEOPLE = words_of(
    """
    order offer letter member minor matter number paper quarter september october november december under over
    after either other whether power labor labour tenor former later summer winter center
    """
)
_MOST_WORDS = 6


def occupation_fact(document_type: DocumentType) -> Fact | None:
    """Return the text fact that "as a …" announces, or `None` where the type has none."""
    facts = (fact for fact in document_type.facts if fact.kind == "text")
    return next((fact for fact in facts if {"as a", "as an"} & set(fact.cues)), None)


def find_occupation(
    text: str, people: Sequence[PartyMention], roles: RoleWords, claims: Claims
) -> Span | None:
    """Return the first occupation that stands behind one of `people`; a word for a role is none."""
    for person in people:
        for reader in (_said_with_as, _apposed):
            span = reader(text, person.end, claims)
            if span and claims.is_free(span.start, span.end) and _is_occupation(span.of(text), roles):
                return span
    return None


def _said_with_as(text: str, at: int, claims: Claims) -> Span | None:
    lead = _AS.match(text, at)
    return Span(lead.end(), phrase_end(text, lead.end(), claims)) if lead else None


def _apposed(text: str, at: int, _claims: Claims) -> Span | None:
    """Read ", product manager": without "as", only a word for what people do tells it from another wish."""
    match = _APPOSED.match(text, at)
    if match is None:
        return None
    head = match["words"].casefold().partition(" of ")[0].split()[-1]
    is_person = head in _PEOPLE or (head not in _NOT_PEOPLE and _OF_PEOPLE.fullmatch(head) is not None)
    return Span(match.start("words"), match.end("words")) if is_person else None


def _is_occupation(words: str, roles: RoleWords) -> bool:
    parts = words.casefold().split()
    if not parts or len(parts) > _MOST_WORDS or parts[0] in _NO_OCCUPATION:
        return False
    return roles.role_of(words) is None and parts[-1] not in _ROLES
