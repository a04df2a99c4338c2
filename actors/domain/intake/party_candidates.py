"""Parties that the words around a name give away: "Acme hires Jane Doe", "for Acme with Beta LLC"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from actors.domain.intake.names import STOPS, Name, read_name
from actors.domain.intake.party_details import read_details
from actors.domain.intake.party_mentions import (
    LEADING,
    PartyMention,
    can_be_a_name,
    is_business_speak,
    same_name,
)
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.spans import Claims

_BEGINNING = re.compile(
    r"(?<![^\s(])(?=[\"“'‘]?[^\W_a-z])|(?<![^\s(])(?=[a-z]{1,3}[A-Z])|(?<![^\s(])(?=[{<])"
)
_LEFT = re.compile(
    r"(?:^|[\s(])(?:for|with|to|from|by|of|between|hires?|hiring|engag(?:es?|ing)|employ(?:s|ing)?|retain(?:s|ing)?|"
    r"appoint(?:s|ing)?|leases?|lets?|pays?|client|us)\s{1,3}$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:company|firm|individual|person|business|startup|contractor|freelancer|consultant|employee|vendor|supplier|client|"
    r"someone|candidate|hire|he|she|name|names?\sis)\s(?:is\s)?(?:named|called)?\s?$|(?:^|\s)(?:I|me|us),?\s$",
    re.IGNORECASE,
)
_SUBJECT_BEHIND = re.compile(
    r"\s{1,3}(?:needs?|wants?|wish(?:es)?|would|will|shall|agrees?|plans?|intends?|is\s(?:hiring|engaging|leasing|"
    r"licensing|disclosing|looking)|are\s(?:entering|planning)|hires?|engages?|employs?|provides?|leases?|licenses?|lets|"
    r"discloses?|pays?)\b|\s{1,3}and\s(?:[A-Z]|our\b|my\b)"
)
_AND_ONLY = re.compile(r"\s{0,3},?\s{1,3}(?:and|&)\s{1,3}")
_SMALL_FORM = re.compile(r"(?<=\s)(?:inc|llc|ltd|corp|gmbh|plc|llp)\b\.?")
_WORD_BEFORE = re.compile(r"(?:^|(?<=\s))(?P<word>[a-z\d][\w'’&\-]{0,24})\s$")


def find_candidates(
    text: str, known: Sequence[PartyMention], roles: RoleWords, claims: Claims
) -> list[PartyMention]:
    """Return `known` with the roles that later words give them, and the further parties that the words give away."""
    found = list(known)
    taken_role_words = -1
    for name in _names(text, roles, claims):
        mention, verb_end = _judge(text, name, roles, found, taken_role_words)
        taken_role_words = max(taken_role_words, verb_end)
        if mention is not None:
            _add(found, mention)
    for mention in _small_companies(text, claims):
        if not roles.leads_to_third_party(text, mention.start):
            _add(found, mention)
    return found


def _names(text: str, roles: RoleWords, claims: Claims) -> Iterator[Name]:
    """Yield everything in the message that is written like a name, left to right."""
    reached = 0
    for match in _BEGINNING.finditer(text):
        if match.start() < reached:
            continue
        name = _trimmed(text, read_name(text, match.start()), roles)
        if name is None or not claims.is_free(name.start, name.end):
            continue
        if can_be_a_name(name, roles):
            reached = name.stop
            yield name


def _trimmed(text: str, name: Name | None, roles: RoleWords) -> Name | None:
    """Drop capitals that begin a sentence, or say a role, from the front of a name."""
    while name is not None and not name.is_quoted:
        first, _, rest = name.text.partition(" ")
        if rest.startswith(("&", "+")) or (
            first.casefold() not in LEADING and not (rest and roles.role_of(first))
        ):
            return name
        name = read_name(text, name.start + len(first)) if rest else None
    return name


def _judge(
    text: str, name: Name, roles: RoleWords, found: Sequence[PartyMention], taken: int
) -> tuple[PartyMention | None, int]:
    """Return the party that a name stands for, if its surroundings say that it does, and how far a verb reaches."""
    before = roles.before(text, name.start)
    if before and before[1] < taken:
        before = None
    behind = roles.verb_behind(text, name.stop)
    details = read_details(text, name.stop, roles)
    role = details.role or (behind[0] if behind else None) or (before[0] if before else None)
    start = min(name.start, before[1]) if before else name.start
    role = role or roles.by_direction(text, name.start)
    is_certain = bool(role) or name.has_ending or "entity_kind" in details.fields
    mention = PartyMention(name.text, start, details.end, role, details.fields, is_certain)
    has_role = bool(before or behind or details.role)
    is_thing = not (has_role or name.has_ending) and roles.leads_to_text(text, name.start)
    is_thing = is_thing or (not has_role and roles.leads_to_third_party(text, name.start))
    if not is_thing and (is_certain or _is_placed_like_a_party(text, name, found)):
        return mention, behind[1] if behind and not details.role else -1
    return None, -1


def _is_placed_like_a_party(text: str, name: Name, found: Sequence[PartyMention]) -> bool:
    if is_business_speak(name.text) or _goes_on_in_small_letters(text, name.stop):
        return False
    left = text[max(0, name.start - 36) : name.start]
    if _LEFT.search(left) or _CALLED.search(left):
        return True
    if any(
        _AND_ONLY.fullmatch(text[mention.end : name.start]) for mention in found if mention.end <= name.start
    ):
        return True
    is_sentence_start = re.search(r"(?:^|[.!?:\n]\s{0,3})$", left) is not None
    return is_sentence_start and _SUBJECT_BEHIND.match(text, name.stop) is not None


def _goes_on_in_small_letters(text: str, at: int) -> bool:
    """Whether a noun in small letters follows, as in "for Python development": then the capital names no party."""
    match = re.match(r"\s{1,3}([a-z][\w\-]*)", text[at : at + 40])
    is_verb = _SUBJECT_BEHIND.match(text, at) is not None
    return match is not None and match[1] not in STOPS and match[1] != "and" and not is_verb


def _add(found: list[PartyMention], mention: PartyMention) -> None:
    position = _known(found, mention.name or "")
    if position is None:
        found.append(mention)
    elif mention.role and found[position].role is None:
        found[position] = replace(found[position], role=mention.role)


def _known(found: Sequence[PartyMention], name: str) -> int | None:
    """Return which known party a name means; "Acme" means "Acme Robotics, Inc."."""
    for position, mention in enumerate(found):
        full = mention.name or ""
        if same_name(full, name) or full.casefold().startswith(
            (name.casefold() + " ", name.casefold() + ",")
        ):
            return position
    return None


def _small_companies(text: str, claims: Claims) -> Iterator[PartyMention]:
    """Yield companies written in small letters, which only their legal form gives away."""
    for form in _SMALL_FORM.finditer(text):
        start = _walk_back(text, form.start(), claims)
        is_description = re.search(r"\ban?\s$", text[max(0, start - 4) : start]) is not None
        if start < form.start() and not is_description and claims.is_free(start, form.end()):
            yield PartyMention(text[start : form.end()], start, form.end())


def _walk_back(text: str, start: int, claims: Claims) -> int:
    for _ in range(4):
        word = _WORD_BEFORE.search(text, max(0, start - 30), start)
        if (
            word is None
            or word["word"] in LEADING | {"and", "&", "the", "guarantor"}
            or not claims.is_free(word.start(), start)
        ):
            break
        start = word.start()
    return start
