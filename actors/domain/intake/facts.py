"""The facts file: what a request gives in typed form, beside its plain words."""

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from actors.domain.intake.date_order import refuse_wrong_order
from actors.domain.intake.entities import kind_of_name
from actors.domain.intake.fact_values import object_of, parse_fact, refuse_unknown, text_of
from actors.domain.intake.governing_law import law_from_option
from actors.domain.intake.json_text import FIELD, json_name, read_object
from actors.domain.intake.party_mentions import same_name
from actors.domain.intake.request_text import refuse_signs
from actors.domain.intake.task_types import parse_task_type
from actors.domain.library import DocumentType, load_type, type_ids
from actors.domain.matter import EntityKind, FactValue, Party, Value
from actors.errors import InvalidInputError

_OWN_KEYS = ("type", "jurisdiction", "stance", "options", "carve_outs", "parties")
_PARTY_KEYS = tuple(name for name in Party.model_fields if name != "role")
_MOST_ITEMS = 50
_MOST_NAME_CHARS = 300
_MOST_PHRASE_CHARS = 1_000


class FactsFile(Value):
    """A facts file whose form is right. What its type's file must decide is checked by `typed_facts`."""

    type: str | None = None
    """Id of the document type."""
    jurisdiction: str | None = None
    stance: str | None = None
    options: tuple[str, ...] = ()
    carve_outs: tuple[str, ...] = ()
    parties: dict[str, dict[str, str]] = {}
    """Fields of `Party` by role id."""
    facts: dict[str, object] = {}
    """JSON values by fact id."""


@dataclass(frozen=True, slots=True)
class TypedFacts:
    """The facts of a file as values of one document type."""

    parties: Mapping[str, Party] = field(default_factory=dict)
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    carve_outs: tuple[str, ...] = ()
    stance: str | None = None


def read_facts(content: str | bytes, *, task_type: str | None = None) -> FactsFile:
    """Read a facts file.

    Args:
        content: A JSON object in UTF-8, up to 256 KiB.
        task_type: The document type, where an option has chosen it; it wins over the file's own.

    Raises:
        InvalidInputError: The form or a value is wrong; the error names the path of the field.
        UnknownDocumentTypeError: No document type has the file's `type`.
        UnknownJurisdictionError: No place has the file's `jurisdiction`.
    """
    return facts_from(read_object(content), task_type=task_type)


def facts_from(data: Mapping[str, object], *, task_type: str | None = None) -> FactsFile:
    """Check facts that are parsed already; see `read_facts`. A key with `null` counts as left out."""
    _refuse_signs(data, FIELD, depth=0)
    given = {key: _normalised(value) for key, value in data.items() if value is not None}
    types = [load_type(type_id) for type_id in type_ids()]
    own_type = _optional_text(given, "type")
    chosen = parse_task_type(own_type, types) if own_type is not None else None
    effective = parse_task_type(task_type, types) if task_type is not None else chosen
    possible = [one for one in types if effective in {None, one.id}]
    fact_ids = {fact.id for one in possible for fact in one.facts}
    refuse_unknown(given.keys(), {*_OWN_KEYS, *fact_ids}, FIELD)
    law = _optional_text(given, "jurisdiction")
    if law is not None:
        law_from_option(law)
    read = FactsFile(
        type=chosen,
        jurisdiction=law,
        stance=_optional_text(given, "stance"),
        options=_texts(given, "options"),
        carve_outs=_texts(given, "carve_outs"),
        parties=_parties(given.get("parties", {})),
        facts={key: value for key, value in given.items() if key in fact_ids and key not in _OWN_KEYS},
    )
    if effective is not None:
        typed_facts(read, load_type(effective))
    return read


def typed_facts(read: FactsFile, document_type: DocumentType) -> TypedFacts:
    """Return the facts as values of `document_type`.

    Raises:
        InvalidInputError: A fact, role, option or stance is not this type's, a value is wrong, one entity stands in two
            roles, or an end lies before its start.
    """
    role_ids = [role.id for role in document_type.roles]
    refuse_unknown(read.parties.keys(), role_ids, f"{FIELD}.parties")
    facts_by_id = {fact.id: fact for fact in document_type.facts}
    refuse_unknown(read.facts.keys(), facts_by_id, FIELD)
    _refuse_other(read.options, [option.id for option in document_type.options], "options")
    if read.stance is not None:
        _refuse_other([read.stance], ["balanced", *role_ids], "stance")
    parties = {role: _party(role, fields) for role, fields in read.parties.items()}
    _refuse_one_entity_twice(parties)
    facts = {key: parse_fact(facts_by_id[key], value, f"{FIELD}.{key}") for key, value in read.facts.items()}
    refuse_wrong_order(document_type, facts, facts)
    return TypedFacts(
        parties=parties,
        facts=facts,
        options=read.options,
        carve_outs=read.carve_outs,
        stance=read.stance,
    )


def _party(role: str, fields: Mapping[str, str]) -> Party:
    kind = kind_of_name(fields["name"]) if "name" in fields else None
    return Party.model_validate({"role": role, **({"entity_kind": kind} if kind else {}), **fields})


def _parties(value: object) -> dict[str, dict[str, str]]:
    path = f"{FIELD}.parties"
    return {
        role: _party_fields(party, f"{path}.{role[:80]}")
        for role, party in object_of(value, path).items()
        if party
    }


def _party_fields(value: object, path: str) -> dict[str, str]:
    if isinstance(value, str):
        return {"name": _one_line(value, f"{path}.name")}
    fields = object_of(value, path)
    refuse_unknown(fields.keys(), _PARTY_KEYS, path)
    checked = {key: _one_line(text, f"{path}.{key}") for key, text in fields.items() if text is not None}
    kind = checked.get("entity_kind")
    if kind is not None and kind not in get_args(EntityKind):
        raise InvalidInputError(
            f"{path}.entity_kind", f"{kind[:40]!r} is none of: {', '.join(get_args(EntityKind))}"
        )
    return checked


def _one_line(value: object, path: str) -> str:
    return " ".join(text_of(value, path, _MOST_NAME_CHARS).split("\n"))


def _texts(given: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = given.get(key, [])
    path = f"{FIELD}.{key}"
    if not isinstance(value, list | tuple):
        raise InvalidInputError(path, f"it must be a list of strings, and is {json_name(value)}")
    if len(value) > _MOST_ITEMS:
        raise InvalidInputError(path, f"it has {len(value):,} items; the limit is {_MOST_ITEMS}")
    return tuple(text_of(item, f"{path}[{n}]", _MOST_PHRASE_CHARS) for n, item in enumerate(value))


def _optional_text(given: Mapping[str, object], key: str) -> str | None:
    return text_of(given[key], f"{FIELD}.{key}", _MOST_NAME_CHARS) if key in given else None


def _refuse_other(given: tuple[str, ...] | list[str], known: list[str], key: str) -> None:
    for value in given:
        if value not in known:
            close = difflib.get_close_matches(value[:80], known, n=1, cutoff=0.4)
            hint = f"the nearest is {close[0]!r}" if close else f"known are: {', '.join(known) or 'none'}"
            raise InvalidInputError(f"{FIELD}.{key}", f"{value[:80]!r} is not known; {hint}")


def _refuse_one_entity_twice(parties: Mapping[str, Party]) -> None:
    named = [(role, party.name) for role, party in parties.items() if party.name]
    for position, (role, name) in enumerate(named):
        for other, other_name in named[:position]:
            if same_name(name, other_name):
                raise InvalidInputError(
                    f"{FIELD}.parties.{role}", f"{name[:80]!r} is named as {other} already"
                )


def _refuse_signs(value: object, path: str, depth: int) -> None:
    if depth > 8:  # noqa: PLR2004
        raise InvalidInputError(path, "it is nested too deep")
    if isinstance(value, str):
        refuse_signs(path, value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            refuse_signs(path, key)
            _refuse_signs(item, f"{path}.{key[:80]}", depth + 1)
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            _refuse_signs(item, f"{path}[{position}]", depth + 1)


def _normalised(value: object) -> object:
    """Return strings in one Unicode form, as the message has them."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    if isinstance(value, Mapping):
        return {key: _normalised(item) for key, item in value.items()}
    return [_normalised(item) for item in value] if isinstance(value, list | tuple) else value
