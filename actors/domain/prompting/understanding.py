"""Intake by a model: what it is asked of a request, and which of its answers the request bears out."""

from collections.abc import Iterator

from actors.domain.intake.task_types import parse_task_type
from actors.domain.jurisdictions import jurisdictions
from actors.domain.library import DocumentType, Fact, load_type, type_ids
from actors.domain.matter import Value
from actors.domain.prompting.fence import fenced
from actors.domain.prompting.prompt import Prompt
from actors.domain.prompting.texts import prompt_of
from actors.errors import RequestError


class SaidParty(Value):
    """A party, in words of the request."""

    role: str
    name: str | None
    address: str | None
    email: str | None
    signatory: str | None
    signatory_title: str | None
    formed_in: str | None


class SaidFact(Value):
    """A fact, and the words of the request that state it."""

    id: str
    quote: str
    value: str | None
    """For a choice and for yes-or-no, where the words need not be those of the list."""


class SaidOption(Value):
    """Something asked for beyond the standard form, and the words that ask for it."""

    id: str
    quote: str


class IntakeAnswer(Value):
    """What a model reads in a request."""

    task_type: str | None
    jurisdiction: str | None
    jurisdiction_quote: str | None
    parties: tuple[SaidParty, ...]
    facts: tuple[SaidFact, ...]
    options: tuple[SaidOption, ...]
    carve_outs: tuple[str, ...]


def intake_prompt(message: str, task_type: str | None = None) -> Prompt:
    """Return the question what a request says.

    Args:
        message: The request; data to the model.
        task_type: The document type, once it is known; without it, only type and law are asked for.

    Raises:
        UnknownDocumentTypeError: No document type has this id.
        LibraryError: A prompt file is wrong.
    """
    types = [load_type(type_id) for type_id in ([task_type] if task_type else type_ids())]
    details = (
        _details(types[0]) if task_type else ["Leave `parties`, `facts`, `options` and `carve_outs` empty."]
    )
    slots = {
        "types": "\n".join(f"{one.id}: {one.title}. {one.summary}" for one in types),
        "places": "\n".join(f"{place.id}: {place.name}" for place in jurisdictions().values()),
        "details": "\n".join(details),
        "request": fenced("request", message),
    }
    return prompt_of("intake", slots, IntakeAnswer, max_output_tokens=2_000)


def type_of(answer: IntakeAnswer) -> str | None:
    """Return the document type that a model names, if the library has it: for a request that code could not place."""
    try:
        known = [load_type(type_id) for type_id in type_ids()]
        return parse_task_type(answer.task_type, known) if answer.task_type else None
    except RequestError:
        return None


def _details(document_type: DocumentType) -> Iterator[str]:
    yield "Roles of the parties:"
    yield from (f"{role.id}: {role.label}" for role in document_type.roles)
    yield "Facts:"
    yield from (_fact_line(fact) for fact in document_type.facts)
    yield "Options:"
    yield from (f"{option.id}: {option.label}" for option in document_type.options)


def _fact_line(fact: Fact) -> str:
    choices = f", one of: {'; '.join(fact.choices)}" if fact.choices else ""
    return f"{fact.id} ({fact.kind}{choices}): {fact.label}. {fact.question}"
