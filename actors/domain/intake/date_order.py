"""Days that must follow one another."""

import datetime
from collections.abc import Mapping

from actors.domain.library import DocumentType
from actors.domain.matter import FactValue
from actors.errors import InvalidInputError


def refuse_wrong_order(
    document_type: DocumentType, facts: Mapping[str, FactValue], typed: Mapping[str, FactValue]
) -> None:
    """Refuse a day that lies before the one that it must follow.

    Raises:
        InvalidInputError: An end lies before its start; the field is the facts file's where that gave one of them.
    """
    for fact in document_type.facts:
        start_id = fact.after or ""
        end, start = facts.get(fact.id), facts.get(start_id)
        if isinstance(end, datetime.date) and isinstance(start, datetime.date) and end < start:
            field = f"facts.{fact.id}" if {fact.id, start_id} & typed.keys() else "message"
            first = document_type.fact(start_id)
            raise InvalidInputError(
                field, f"{fact.label} ({end}) lies before {first.label if first else ''} ({start})"
            )
