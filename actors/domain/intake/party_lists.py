"""Parties where only parties can stand: "between A and B", "Parties: A, B", "Landlord: A"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from actors.domain.intake.names import Name, begins_like_a_name, read_name
from actors.domain.intake.party_details import Details, read_details
from actors.domain.intake.party_leads import skip_before_name
from actors.domain.intake.party_mentions import PartyMention, can_be_a_name
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.spans import Claims
from actors.domain.intake.word_lists import words_of

_BETWEEN = re.compile(
    r"(?<![\w\-])(?:between|among|amongst|parties(?:\s(?:are|will\sbe))?\s{0,3}[:=]|parties\sare)\s{0,8}(?:\(1\)\s{0,3})?",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s{0,4}[,;]?\s{0,8}(?:(?:and|&|versus|vs\.?)\s{1,8}|\+\s{1,4})(?:by\s|between\s|\(2\)\s{0,3})?"
)
_COMMA = re.compile(r"\s{0,2}[,;]\s{1,8}(?:\(2\)\s{0,3})?|\s?\n\s{0,3}|\s/\s")
_CLAUSE_END = re.compile(r"\s{0,2}(?:[,.;\n]|$)|\s(?:for|under|with|effective)\b")
_FAMILY = words_of("sons daughters brothers bros co company partners associates family sisters")
_MOST_PARTIES = 6


def parties_between(text: str, roles: RoleWords, claims: Claims) -> list[PartyMention]:
    """Return the parties of the first "between …" that names any, in order."""
    for match in _BETWEEN.finditer(text):
        if claims.is_free(*match.span()):
            found = _merged(text, list(_read_list(text, match.end(), roles)))
            if any(mention.name for mention in found):
                return found
    return []


def labelled_parties(text: str, roles: RoleWords, claims: Claims) -> list[PartyMention]:
    """Return the parties of "landlord: A; tenant: B" and "the landlord is A"."""
    found: list[PartyMention] = []
    for match in roles.label.finditer(text):
        role = roles.role_of(match["role"])
        name = read_name(text, match.end(), loose=_is_colon(match[0]))
        if role is None or name is None or not claims.is_free(match.start(), name.end):
            continue
        if can_be_a_name(name, roles) and (name.is_capitalised or name.is_quoted or _is_colon(match[0])):
            details = read_details(text, name.stop, roles)
            found.append(PartyMention(name.text, match.start(), details.end, role, details.fields))
    return _first_of_each_role(found)


def _is_colon(words: str) -> bool:
    return ":" in words or "=" in words


def _first_of_each_role(mentions: Sequence[PartyMention]) -> list[PartyMention]:
    by_role: dict[str | None, PartyMention] = {}
    for mention in mentions:
        by_role.setdefault(mention.role, mention)
    return list(by_role.values())


def _read_list(text: str, at: int, roles: RoleWords) -> Iterator[PartyMention]:
    first_at = at
    for count in range(_MOST_PARTIES):
        mention = _read_one(text, at, roles)
        if mention is None:
            return
        yield mention
        glue = _AND.match(text, mention.end)
        if glue is None and count + 1 < _MOST_PARTIES and at == first_at:
            glue = _comma_before_more(text, mention.end, roles)
        if glue is None or (count >= 1 and not _is_company(text, glue.end())):
            return
        at = glue.end()


def _comma_before_more(text: str, at: int, roles: RoleWords) -> re.Match[str] | None:
    """Match a comma that separates parties: one more name stands behind it, then "and", the end, or its details."""
    comma = _COMMA.match(text, at)
    name = read_name(text, comma.end()) if comma else None
    if name is None or not can_be_a_name(name, roles) or not begins_like_a_name(name.text):
        return None
    return comma if _AND.match(text, name.stop) or name.has_ending or name.is_quoted else None


def _is_company(text: str, at: int) -> bool:
    """A third party is read only where it surely is one: "and Delaware law" follows as often."""
    name = read_name(text, at)
    if name is None or not name.is_capitalised:
        return False
    is_family = name.text.split()[0].casefold() in _FAMILY
    return name.has_ending or name.is_quoted or is_family or _CLAUSE_END.match(text, name.stop) is not None


def _read_one(text: str, at: int, roles: RoleWords) -> PartyMention | None:
    role, start = skip_before_name(text, at, roles)
    read = _name_and_details(text, start, roles)
    if read is None:
        is_unnamed = start > at and (role is not None or _AND.match(text, start - 1))
        return PartyMention(None, at, start if role is None else start - 1, role) if is_unnamed else None
    name, details = read
    if can_be_a_name(name, roles):
        return PartyMention(name.text, name.start, details.end, details.role or role, details.fields)
    said = roles.role_of(name.text)
    return PartyMention(None, name.start, name.stop, said) if said or roles.is_generic(name.text) else None


def _name_and_details(text: str, at: int, roles: RoleWords) -> tuple[Name, Details] | None:
    """Read the name strictly, and loosely only where that reaches the word between two parties."""
    strict = read_name(text, at)
    if strict is not None:
        details = read_details(text, strict.stop, roles)
        if strict.is_quoted or details.end > strict.stop or _AND.match(text, details.end):
            return strict, details
    loose = read_name(text, at, loose=True)
    if loose is not None and (strict is None or _AND.match(text, loose.stop)):
        return loose, read_details(text, loose.stop, roles)
    return (strict, read_details(text, strict.stop, roles)) if strict else None


def _merged(text: str, found: list[PartyMention]) -> list[PartyMention]:
    """Join what "and" has split: "Smith and Sons", "Smith and Jones LLP and Beta Inc."."""
    merged: list[PartyMention] = []
    for position, mention in enumerate(found):
        if merged and _belongs_to(merged[-1], mention, text, more=len(found) - position > 1):
            words = text[merged[-1].start : mention.start] + (mention.name or "")
            merged[-1] = replace(mention, name=words, start=merged[-1].start)
        else:
            merged.append(mention)
    return merged


def _belongs_to(before: PartyMention, mention: PartyMention, text: str, *, more: bool) -> bool:
    if before.name is None or mention.name is None or before.fields or before.role:
        return False
    if text[before.end : mention.start] not in {" and ", " & "}:
        return False
    name = Name(0, 0, 0, mention.name)
    is_family = mention.name.split()[0].strip(",.").casefold() in _FAMILY
    return is_family or (more and name.has_ending and not Name(0, 0, 0, before.name).has_ending)
