"""From a request in plain words to a `Matter`."""

import datetime
from collections.abc import Mapping, Sequence

from actors.domain.intake.amounts import read_amounts
from actors.domain.intake.choices import take_answers
from actors.domain.intake.counts import read_counted, read_counts
from actors.domain.intake.cues import take_values
from actors.domain.intake.date_order import refuse_wrong_order
from actors.domain.intake.dates import read_dates
from actors.domain.intake.document_type import NamedType, find_type, spans_of
from actors.domain.intake.facts import FactsFile, TypedFacts, typed_facts
from actors.domain.intake.governing_law import GoverningLaw, find_law, law_from_option
from actors.domain.intake.mentions import Mentions, quoted
from actors.domain.intake.occupations import find_occupation, occupation_fact
from actors.domain.intake.parties import add_loose_details, assign_roles, find_parties, to_party
from actors.domain.intake.party_mentions import PartyMention, same_name
from actors.domain.intake.periods import read_periods
from actors.domain.intake.phrasings import take_phrases
from actors.domain.intake.request_text import check_request_text
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.spans import Claims, Span
from actors.domain.intake.task_types import parse_task_type
from actors.domain.intake.wishes import (
    find_stance,
    requested_options,
    take_carve_outs,
    takes_carve_outs,
    unplaced_carve_outs,
)
from actors.domain.library import DocumentType, load_type, type_ids
from actors.domain.matter import FactValue, Matter, Party, Value
from actors.errors import InvalidInputError

_MOST_NOTICES = 20


class Understanding(Value):
    """What a request means."""

    matter: Matter
    notices: tuple[str, ...] = ()
    """What was left out or decided, and why: a sentence each, for the user."""


def understand(
    message: str,
    *,
    task_type: str | None,
    jurisdiction: str | None,
    facts: FactsFile | None,
    as_of: datetime.date,
) -> Understanding:
    """Return the matter that a request describes. Options win over the facts file, the facts file over the message.

    Args:
        message: The request in plain English, up to 20,000 characters.
        task_type: Id or name of a document type; `None`: the facts file says, or else the message.
        jurisdiction: Id or name of a place; `None`: the facts file says, or else the message.
        facts: Typed facts, from `read_facts`.
        as_of: The day whose law counts; "today" in the message means this day.

    Raises:
        RequestError: The input is wrong, contradicts itself, or asks for no document that lexray drafts.
    """
    text = check_request_text(message)
    types = [load_type(type_id) for type_id in type_ids()]
    given = task_type or (facts.type if facts else None)
    if given:
        document_type = load_type(parse_task_type(given, types))
        named = NamedType(document_type, spans_of(text, document_type))
    else:
        named = find_type(text, types)
    typed = typed_facts(facts, named.document_type) if facts else TypedFacts()
    law = jurisdiction or (facts.jurisdiction if facts else None)
    return understand_as(text, named, law=law, typed=typed, as_of=as_of)


def understand_as(
    text: str, named: NamedType, *, law: str | None, typed: TypedFacts, as_of: datetime.date
) -> Understanding:
    """Return the matter of a request whose document type is known.

    Args:
        text: A checked message.
        named: The type, and where the message names it.
        law: The governing law, where an option or the facts file gives it.
        typed: Facts that win over the message.
        as_of: The day whose law counts.
    """
    reading = _Reading(text, named, as_of)
    parties = reading.parties(typed.parties)
    governing = reading.law(law)
    facts = {**reading.facts(), **typed.facts}
    refuse_wrong_order(named.document_type, facts, typed.facts)
    options, carve_outs, stance = reading.wishes(parties)
    has_list = not typed.carve_outs or takes_carve_outs(named.document_type)
    unplaced = [] if has_list else unplaced_carve_outs(typed.carve_outs)
    matter = Matter(
        task_type=named.document_type.id,
        jurisdiction=governing.jurisdiction,
        jurisdiction_named=governing.named,
        parties=parties,
        facts=facts,
        requests=tuple(
            option.id for option in named.document_type.options if option.id in {*options, *typed.options}
        ),
        carve_outs=tuple(dict.fromkeys((*(typed.carve_outs if has_list else ()), *carve_outs))),
        stance=typed.stance or stance,
        as_of=as_of,
    )
    return Understanding(matter=matter, notices=_listed((*governing.notices, *reading.notices, *unplaced)))


def _listed(notices: Sequence[str]) -> tuple[str, ...]:
    """Return each notice once, and not more than a user reads."""
    once = tuple(dict.fromkeys(notices))
    if len(once) <= _MOST_NOTICES:
        return once
    return (*once[:_MOST_NOTICES], f"{len(once) - _MOST_NOTICES} more remarks of this kind are not listed")


class _Reading:
    """One pass over one message: what each step has used, no later step uses again."""

    def __init__(self, text: str, named: NamedType, as_of: datetime.date) -> None:
        self._text, self._type, self._as_of = text, named.document_type, as_of
        self._type_spans: Sequence[Span] = named.spans
        self._roles = RoleWords(named.document_type)
        self._claims = Claims(len(text))
        for span in named.spans:
            self._claims.claim(span.start, span.end)
        self.notices: list[str] = []
        self._carve_outs: tuple[str, ...] = ()
        self._said_elsewhere = self._claims
        self._people: Sequence[PartyMention] = ()

    def parties(self, given: Mapping[str, Party]) -> tuple[Party, ...]:
        """Return every role's party, with the given ones over those of the message."""
        self._carve_outs, notices = take_carve_outs(self._text, self._type, self._claims)
        found = find_parties(self._text, self._type, self._roles, self._claims)
        found, more = add_loose_details(self._text, found, self._claims)
        by_role, unplaced = assign_roles(_in_given_roles(found, given), self._type)
        self.notices += [*notices, *more, *unplaced]
        hired = [role.id for role in self._type.roles if role.usually_individual]
        self._people = [by_role[role] for role in hired if role in by_role and by_role[role].name]
        return merged_parties(
            {role: to_party(role, mention) for role, mention in by_role.items()}, given, self._type
        )

    def law(self, given: str | None) -> GoverningLaw:
        """Return the governing law."""
        if given is None:
            return find_law(self._text, self._type_spans, self._roles, self._claims)
        chosen = law_from_option(given)
        said = find_law(self._text, self._type_spans, self._roles, self._claims)
        if said.place_name and said.place_name != chosen.place_name:
            self.notices.append(
                f"The request speaks of {said.place_name}; {chosen.place_name} was set and is used"
            )
        return chosen

    def facts(self) -> dict[str, FactValue]:
        """Return the facts that the message states."""
        # Words that give a value may ask for an option too ("a 12-month non-compete").
        self._said_elsewhere = self._claims.copy()
        mentions = self._mentions().values
        amounts = [Span(mention.start, mention.end) for mention in mentions if mention.kind == "money"]
        values, notices = take_values(self._text, self._type, mentions, self._claims)
        answers, contradictions = take_answers(self._text, self._type, self._said_elsewhere, amounts)
        phrases = take_phrases(self._text, self._type, self._claims)
        phrases |= self._occupation(phrases)
        self.notices += [*notices, *contradictions]
        return {**values, **answers, **phrases}

    def wishes(self, parties: Sequence[Party]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Return the options, the exclusions and the stance."""
        names = {party.role: party.name for party in parties if party.name}
        stance, notices = find_stance(self._text, self._roles, names, self._said_elsewhere)
        self.notices += notices
        return requested_options(self._text, self._type, self._said_elsewhere), self._carve_outs, stance

    def _occupation(self, known: Mapping[str, FactValue]) -> dict[str, str]:
        fact = occupation_fact(self._type)
        if fact is None or fact.id in known:
            return {}
        span = find_occupation(self._text, self._people, self._roles, self._claims)
        if span is None:
            return {}
        self._claims.claim(span.start, span.end)
        return {fact.id: span.of(self._text)}

    def _mentions(self) -> Mentions:
        found = Mentions(self._claims.copy())
        counted = [cue for fact in self._type.facts if fact.kind == "integer" for cue in fact.cues]
        read_counted(self._text, counted, found)
        read_dates(self._text, self._as_of, found)
        read_amounts(self._text, found)
        read_periods(self._text, found)
        read_counts(self._text, found)
        self.notices += found.notices
        found.values.sort(key=lambda mention: mention.start)
        return found


def _in_given_roles(found: Sequence[PartyMention], given: Mapping[str, Party]) -> list[PartyMention]:
    """Put a party of the message into the role in which the facts name it."""
    by_name = {party.name: role for role, party in given.items() if party.name}
    return [
        PartyMention(one.name, one.start, one.end, role or one.role, one.fields, one.is_certain)
        for one in found
        for role in [next((role for name, role in by_name.items() if same_name(name, one.name or "")), None)]
    ]


def merged_parties(
    said: Mapping[str, Party], given: Mapping[str, Party], document_type: DocumentType
) -> tuple[Party, ...]:
    """Lay the given parties over those of the message, field by field, in the order of the roles.

    What the message says of one entity is not kept for another: where the names differ, only the given party counts.

    Raises:
        InvalidInputError: One entity stands in two roles.
    """
    parties = [_merged_party(role.id, said.get(role.id), given.get(role.id)) for role in document_type.roles]
    names = [party.name for party in parties if party.name]
    for position, name in enumerate(names):
        if any(same_name(name, other) for other in names[:position]):
            raise InvalidInputError("parties", f"“{quoted(name)}” stands for both parties; name two")
    return tuple(parties)


def _merged_party(role: str, said: Party | None, given: Party | None) -> Party:
    if given is None:
        return said or Party(role=role)
    if said is None or (given.name and said.name and not same_name(given.name, said.name)):
        return given
    return said.model_copy(update=given.model_dump(exclude_none=True))
