"""Every document type of the library, in every combination of what may be known. A new type is tested here at once."""

import pytest

from actors.domain.library import load_type, type_ids
from actors.domain.matter import Matter
from tests.documents.library_documents import (
    JURISDICTIONS,
    draft,
    every_fact,
    faults,
    matter_for,
    matter_label,
    matters,
    missing_essentials,
)

TYPES = type_ids()
MATTERS = [matter for type_id in TYPES for matter in matters(type_id)]
FACTS = [(type_id, fact.id) for type_id in TYPES for fact in load_type(type_id).facts]
STANCES = [
    (type_id, stance)
    for type_id in TYPES
    for stance in ("balanced", *(role.id for role in load_type(type_id).roles))
]


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: f"{matter.task_type}-{matter_label(matter)}")
def test_a_document_is_well_formed_whatever_is_known(matter: Matter) -> None:
    assert faults(matter, draft(matter)) == []


@pytest.mark.parametrize("place", ["US-CA", "UK-EW", None])
@pytest.mark.parametrize(("type_id", "fact"), FACTS)
def test_a_document_is_well_formed_when_one_fact_is_known(type_id: str, fact: str, place: str | None) -> None:
    matter = matter_for(type_id, place, named=False, facts={fact: every_fact(type_id)[fact]})
    assert faults(matter, draft(matter)) == []


@pytest.mark.parametrize("place", JURISDICTIONS)
@pytest.mark.parametrize(("type_id", "stance"), STANCES)
def test_the_essential_clauses_are_found_in_the_document(
    type_id: str, stance: str, place: str | None
) -> None:
    assert missing_essentials(draft(matter_for(type_id, place, stance=stance)), place) == []
