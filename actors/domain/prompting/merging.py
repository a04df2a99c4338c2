"""A request as code read it, with what a model found besides: only what stands in the request."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from actors.domain.intake.date_order import refuse_wrong_order
from actors.domain.intake.entities import kind_of_name
from actors.domain.intake.facts import FactsFile
from actors.domain.intake.party_mentions import same_name
from actors.domain.intake.understand import Understanding, merged_parties
from actors.domain.intake.wishes import takes_carve_outs
from actors.domain.jurisdictions import find_places
from actors.domain.library import DocumentType, load_type
from actors.domain.matter import FactValue, Matter, Party
from actors.domain.prompting.evidence import read_value, said
from actors.domain.prompting.understanding import IntakeAnswer, SaidParty, type_of
from actors.errors import InvalidInputError

_MOST_NAME_CHARS = 300
_MOST_CARVE_OUTS = 20
_DETAILS = ("address", "email", "signatory", "signatory_title", "formed_in")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(slots=True)
class _Tally:
    """What became of the model's statements."""

    taken: list[str] = field(default_factory=list)
    dropped: int = 0

    def notices(self) -> Iterator[str]:
        if self.taken:
            told = ", ".join(dict.fromkeys(self.taken))
            yield f"Read from the request by a language model, from words that stand there: {told}"
        if self.dropped:
            what = "1 statement" if self.dropped == 1 else f"{self.dropped} statements"
            yield f"{what} of a language model on the request left out: its words do not say so"


def merged(
    understood: Understanding,
    answer: IntakeAnswer,
    message: str,
    *,
    facts: FactsFile | None = None,
) -> Understanding:
    """Return the understanding with what a model found besides.

    The reading by code is the base. A model may add or correct what the message says: a name and other words that stand
    in it verbatim, a number that our own readers read from words that stand in it. It may not change the document type,
    a law that is known, or what the facts file gives. What is left out is counted in a notice.

    Args:
        understood: What code read.
        answer: What the model read.
        message: The request, as it was checked.
        facts: The facts file; none of its values changes.
    """
    given, tally = facts or FactsFile(), _Tally()
    matter = understood.matter
    document_type = load_type(matter.task_type)
    message = " ".join(message.split())
    notices = [*understood.notices]
    named = type_of(answer)
    if named not in {None, matter.task_type}:
        notices.append(
            f"A language model takes the request for another document ({load_type(named or '').title})"
        )
    options = _options(matter, answer, document_type, message, tally)
    changed = matter.model_copy(
        update={
            **_law(matter, answer, message, tally),
            "parties": _parties(matter, answer, document_type, message, given, tally),
            "facts": _facts(matter, answer, document_type, message, given, tally),
            "requests": tuple(option.id for option in document_type.options if option.id in options),
            "carve_outs": _carve_outs(matter, answer, document_type, message, tally),
        }
    )
    return Understanding(matter=changed, notices=(*notices, *tally.notices()))


def _law(matter: Matter, answer: IntakeAnswer, message: str, tally: _Tally) -> Mapping[str, str | None]:
    """Return the law that a model read, where none is known; its words must name the place."""
    if answer.jurisdiction is None or answer.jurisdiction == matter.jurisdiction:
        return {}
    words = said(answer.jurisdiction_quote, message)
    places = {place.jurisdiction for place in find_places(words or "")}
    if matter.jurisdiction or matter.jurisdiction_named or places != {answer.jurisdiction}:
        tally.dropped += 1
        return {}
    tally.taken.append("governing law")
    return {"jurisdiction": answer.jurisdiction}


def _parties(
    matter: Matter,
    answer: IntakeAnswer,
    document_type: DocumentType,
    message: str,
    given: FactsFile,
    tally: _Tally,
) -> tuple[Party, ...]:
    base = {party.role: party for party in matter.parties}
    changed = dict(base)
    labels = {role.id: role.label for role in document_type.roles}
    taken: list[str] = []
    for one in answer.parties:
        if one.role not in labels:
            tally.dropped += 1
            continue
        fixed = set(given.parties.get(one.role, {}))
        before = changed.get(one.role, Party(role=one.role))
        after = _party(before, one, labels, message, fixed, tally)
        if after != before:
            changed[one.role] = after
            taken.append(labels[one.role])
    try:
        parties = merged_parties(changed, {}, document_type)
    except InvalidInputError:  # one entity in two roles
        tally.dropped += len(taken)
        return matter.parties
    tally.taken += taken
    return parties


def _party(
    before: Party, one: SaidParty, labels: Mapping[str, str], message: str, fixed: set[str], tally: _Tally
) -> Party:
    party = before
    name = said(one.name, message, _MOST_NAME_CHARS)
    if one.name is not None and not (before.name and same_name(one.name, before.name)):
        is_name = name is not None and any(char.isupper() or char.isdigit() for char in name)
        if name is None or not is_name or name.casefold() in _labels(labels) or "name" in fixed:
            tally.dropped += 1
            return party
        # Details that were read for another name are not those of this one.
        kept = {key: getattr(before, key) for key in fixed}
        party = Party.model_validate(
            {"entity_kind": kind_of_name(name), **kept, "role": before.role, "name": name}
        )
    updates = {}
    for detail in _DETAILS:
        words = getattr(one, detail)
        if words is None or words == getattr(party, detail):
            continue
        verbatim = said(words, message, _MOST_NAME_CHARS)
        if verbatim is None or detail in fixed or (detail == "email" and not _EMAIL.fullmatch(verbatim)):
            tally.dropped += 1
        else:
            updates[detail] = verbatim
    return party.model_copy(update=updates)


def _labels(labels: Mapping[str, str]) -> set[str]:
    plain = {label.casefold() for label in labels.values()}
    return plain | {f"the {label}" for label in plain}


def _facts(
    matter: Matter,
    answer: IntakeAnswer,
    document_type: DocumentType,
    message: str,
    given: FactsFile,
    tally: _Tally,
) -> dict[str, FactValue]:
    facts = dict(matter.facts)
    taken: list[str] = []
    for one in answer.facts:
        fact = document_type.fact(one.id)
        value = read_value(fact, one, message, matter.as_of) if fact else None
        if fact is None or value is None or one.id in given.facts:
            tally.dropped += 1
        elif facts.get(one.id) != value:
            facts[one.id] = value
            taken.append(fact.label)
    try:
        refuse_wrong_order(document_type, facts, {})
    except InvalidInputError:  # an end before its start: then neither word of the model's is trusted
        tally.dropped += len(taken)
        return matter.facts
    tally.taken += taken
    return facts


def _options(
    matter: Matter, answer: IntakeAnswer, document_type: DocumentType, message: str, tally: _Tally
) -> set[str]:
    labels = {option.id: option.label for option in document_type.options}
    asked = set(matter.requests)
    for one in answer.options:
        if one.id not in labels or said(one.quote, message) is None:
            tally.dropped += 1
        elif one.id not in asked:
            asked.add(one.id)
            tally.taken.append(labels[one.id])
    return asked


def _carve_outs(
    matter: Matter, answer: IntakeAnswer, document_type: DocumentType, message: str, tally: _Tally
) -> tuple[str, ...]:
    kept = list(matter.carve_outs)
    for quote in answer.carve_outs:
        words = said(quote, message)
        if words is None or not takes_carve_outs(document_type) or len(kept) >= _MOST_CARVE_OUTS:
            tally.dropped += 1
        elif not any(words in known or known in words for known in kept):
            kept.append(words)
            tally.taken.append("an exclusion")
    return tuple(kept)
