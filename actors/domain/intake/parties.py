"""The parties of a request, each in its role."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actors.domain.intake.entities import kind_of_name
from actors.domain.intake.mentions import quoted
from actors.domain.intake.party_candidates import find_candidates
from actors.domain.intake.party_details import EMAIL, SIGNED_BY, SIGNS_FOR, read_signatory
from actors.domain.intake.party_lists import labelled_parties, parties_between
from actors.domain.intake.party_mentions import PartyMention, same_name
from actors.domain.intake.phrasings import find_addresses
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.spans import Claims
from actors.domain.library import DocumentType, Role
from actors.domain.matter import Party
from actors.errors import InvalidInputError


def find_parties(
    text: str, document_type: DocumentType, roles: RoleWords, claims: Claims
) -> list[PartyMention]:
    """Return the parties that the message names, in reading order, and claim their words."""
    found = parties_between(text, roles, claims)
    _claim(found, claims)
    labelled = labelled_parties(text, roles, claims)
    _claim(labelled, claims)
    found += [mention for mention in labelled if not _is_known(mention, found)]
    found = find_candidates(text, found, roles, _masked(text, document_type, claims))
    _claim(found, claims)
    return found


def assign_roles(
    found: Sequence[PartyMention], document_type: DocumentType
) -> tuple[dict[str, PartyMention], list[str]]:
    """Give each party its role: the one that the words say, else what is left in the order of the roles.

    Returns:
        The parties by role, and a notice for each party that found no role, or whose role is a guess.

    Raises:
        InvalidInputError: One name stands for two parties.
    """
    open_roles = list(document_type.roles)
    by_role: dict[str, PartyMention] = {}
    waiting: list[PartyMention] = []
    for mention in found:
        role = next((role for role in open_roles if role.id == mention.role), None)
        if role is None:
            waiting.append(mention)
        else:
            open_roles.remove(role)
            by_role[role.id] = mention
    # A party that surely is one comes before a name that a preposition gave away.
    waiting.sort(key=lambda mention: not mention.is_certain if len(waiting) > len(open_roles) else False)
    guessed = _by_order(waiting, open_roles)
    by_role |= guessed
    _refuse_one_name_twice(by_role)
    placed = {id(mention) for mention in by_role.values()}
    left = [mention for mention in found if id(mention) not in placed and mention.name and mention.is_certain]
    notices = [f"“{quoted(one.name or '')}” has no role in this document and was left out" for one in left]
    return by_role, [*notices, *_guesses(guessed, open_roles)]


def _guesses(guessed: Mapping[str, PartyMention], open_roles: Sequence[Role]) -> list[str]:
    """Tell the user which roles rest on nothing but the order of the names; equal roles need no telling."""
    is_told = len(open_roles) < 2 or not any(role.cues for role in open_roles)  # noqa: PLR2004
    if is_told or _company_and_person(guessed, open_roles):
        return []
    said = [
        f"“{quoted(mention.name)}” as {role.label}"
        for role in open_roles
        if (mention := guessed.get(role.id)) is not None and mention.name
    ]
    return [f"The request does not say who is who; taken were {' and '.join(said)}"] if said else []


def _company_and_person(guessed: Mapping[str, PartyMention], open_roles: Sequence[Role]) -> bool:
    """Whether a company and a person stand in the roles of a company and a person: that is no guess."""
    if len(guessed) < len(open_roles) or not any(role.usually_individual for role in open_roles):
        return False
    return all(
        _is_individual(guessed[role.id]) if role.usually_individual else _is_company(guessed[role.id])
        for role in open_roles
    )


def to_party(role: str, mention: PartyMention | None) -> Party:
    """Return the party of a role; what the message did not say of it is `None`."""
    if mention is None or mention.name is None:
        return Party(role=role)
    details: dict[str, str] = dict(mention.fields)
    kind = kind_of_name(mention.name)
    if kind and details.get("entity_kind") in {None, "other"}:
        details["entity_kind"] = kind
    return Party.model_validate({"role": role, "name": mention.name, **details})


def add_loose_details(
    text: str, found: Sequence[PartyMention], claims: Claims
) -> tuple[list[PartyMention], list[str]]:
    """Give e-mail addresses and signatories that stand apart to the party that they plainly belong to."""
    mentions, notices = list(found), list[str]()
    for match in EMAIL.finditer(text):
        if claims.is_free(*match.span()):
            claims.claim(*match.span())
            owner = _owner_of_email(match[0], mentions)
            notices += _give(mentions, owner, {"email": match[0]}, match[0])
    for match in SIGNED_BY.finditer(text):
        read = read_signatory(text, match.start())
        if read and claims.is_free(match.start(), read[1]):
            claims.claim(match.start(), read[1])
            notices += _give(
                mentions, _owner_of_signature(text, read[1], mentions), read[0], read[0]["signatory"]
            )
    return mentions, notices


def _masked(text: str, document_type: DocumentType, claims: Claims) -> Claims:
    """Return claims under which neither who signs nor the words of an address are taken for a party."""
    masked = claims.copy()
    for fact in document_type.facts:
        if fact.kind == "address":
            for span in find_addresses(text, fact, claims):
                masked.claim(span.start, span.end)
    for match in SIGNED_BY.finditer(text):
        read = read_signatory(text, match.start())
        if read:
            masked.claim(match.start(), read[1])
    return masked


def _claim(mentions: Sequence[PartyMention], claims: Claims) -> None:
    for mention in mentions:
        claims.claim(mention.start, mention.end)


def _is_known(mention: PartyMention, found: Sequence[PartyMention]) -> bool:
    return any(same_name(one.name or "", mention.name or "") for one in found)


def _by_order(waiting: Sequence[PartyMention], open_roles: Sequence[Role]) -> dict[str, PartyMention]:
    """Fill the open roles in order; a role of individuals does not take the one company of two."""
    if len(waiting) >= len(open_roles) == 2:  # noqa: PLR2004
        first, second = waiting[0], waiting[1]
        if open_roles[1].usually_individual and _is_company(second) and not _is_company(first):
            waiting = [second, first]
    if len(waiting) == 1 and len(open_roles) == 2 and _is_individual(waiting[0]):  # noqa: PLR2004
        open_roles = sorted(open_roles, key=lambda role: not role.usually_individual)
    return {role.id: mention for role, mention in zip(open_roles, waiting, strict=False)}


def _is_company(mention: PartyMention) -> bool:
    return to_party("any", mention).entity_kind not in {None, "individual"}


def _is_individual(mention: PartyMention) -> bool:
    """Whether the party is said to be a natural person, or has two or three plain words for a name, as people do."""
    kind = to_party("any", mention).entity_kind
    words = (mention.name or "").split()
    return kind == "individual" or (kind is None and 2 <= len(words) <= 3 and all(map(_is_plain, words)))  # noqa: PLR2004


def _is_plain(word: str) -> bool:
    return (
        word[:1].isupper()
        and word.strip(".").replace("'", "").replace("-", "").isalpha()
        and not word.isupper()
    )


def _refuse_one_name_twice(by_role: dict[str, PartyMention]) -> None:
    seen: list[str] = []
    for mention in by_role.values():
        if mention.name and any(same_name(mention.name, name) for name in seen):
            raise InvalidInputError("message", f"“{quoted(mention.name)}” stands for both parties; name two")
        seen.append(mention.name or "")


def _owner_of_email(email: str, mentions: Sequence[PartyMention]) -> int | None:
    """Return the one party whose name is in the address's domain."""
    domain = email.partition("@")[2].casefold().replace("-", "")
    owners = [
        position for position, mention in enumerate(mentions)
        if mention.name and any(word in domain for word in _long_words(mention.name)[:2])
    ]  # fmt: skip
    return owners[0] if len(owners) == 1 else None


def _long_words(name: str) -> list[str]:
    words = ["".join(char for char in word if char.isalnum()).casefold() for word in name.split()]
    return [word for word in words if len(word) > 2]  # noqa: PLR2004


def _owner_of_signature(text: str, at: int, mentions: Sequence[PartyMention]) -> int | None:
    lead = SIGNS_FOR.match(text, at)
    said = text[lead.end() : lead.end() + 200].casefold() if lead else ""
    owners = [
        n for n, one in enumerate(mentions) if one.name and said.startswith(one.name.split()[0].casefold())
    ]
    return owners[0] if len(owners) == 1 else None


def _give(mentions: list[PartyMention], owner: int | None, details: dict[str, str], words: str) -> list[str]:
    if owner is None:
        return [f"“{quoted(words)}” was left out: the request does not say which party it belongs to"]
    mentions[owner] = replace(mentions[owner], fields=details | mentions[owner].fields)
    return []
