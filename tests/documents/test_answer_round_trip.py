"""The library's own sections, taken for a model's: every type under every law."""

import os
from collections.abc import Iterator

import pytest

from actors.domain.library import load_type, type_ids
from actors.domain.matter import Matter
from actors.domain.prompting.drafting import parse_section, section_complaints, section_findings, writes
from actors.domain.sections import Section
from tests.documents.library_documents import JURISDICTIONS, every_fact, matter_for
from tests.unit.answered_sections import Answered


def matters(type_id: str) -> Iterator[Matter]:
    """Yield matters under every law: nothing known, and everything known and asked for; by day one of each."""
    document_type = load_type(type_id)
    everything = tuple(option.id for option in document_type.options)
    at_night = os.environ.get("LEXRAY_TEST_PROFILE") == "nightly"
    for position, place in enumerate(JURISDICTIONS):
        if at_night or position == 0:
            yield matter_for(type_id, place, named=False)
        if at_night or position == len(JURISDICTIONS) - 2:
            yield matter_for(
                type_id,
                place,
                facts=every_fact(type_id),
                requests=everything,
                stance=document_type.roles[0].id,
                carve_outs=("price lists", "*what* is [public] & <known>"),
            )


@pytest.mark.parametrize("type_id", type_ids())
def test_a_section_of_ours_parses_to_itself_without_complaint_or_finding(type_id: str) -> None:
    seen: set[Section] = set()  # most sections are the same under several laws
    for matter in matters(type_id):
        answered = Answered(matter)
        plan, packet = answered.plan, answered.packet
        fresh = {section for section in answered.sections if writes(plan, section.index)} - seen
        seen |= fresh
        for section in fresh:
            assert parse_section(section.text, plan, section.index) == section
            assert section_complaints(section, plan, matter, packet) == ()
            assert section_findings(section, plan, matter, packet) == ()
    assert len(seen) > 10
