"""The real thing: five titles of the US Code, four sections in Markdown, contracts and clauses of practice."""

import collections
import json
from pathlib import Path

import pytest

from actors.domain.importing.forms import parse_file
from actors.domain.importing.passage import Origin, Parsed
from actors.domain.importing.provisions import read_citation
from tests.unit.import_origin import TODAY

SECTIONS = {"usc01": 39, "usc09": 33, "usc17": 153, "usc35": 175, "usc41": 241}


def read(path: Path) -> Parsed:
    return parse_file(path, Origin(path.name, TODAY))


@pytest.fixture(scope="module", params=sorted(SECTIONS))
def code_title(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Parsed]:
    return request.param, read(shared_data / "uslm" / f"{request.param}.xml")


def test_every_section_of_a_title_is_read_and_none_that_a_note_quotes(code_title: tuple[str, Parsed]) -> None:
    name, parsed = code_title
    assert (len(parsed.passages), parsed.skipped) == (SECTIONS[name], ())
    assert parsed.whole_sources == (f"us-fed/usc/{int(name[3:])}",)
    assert len({one.id for one in parsed.passages}) == len(parsed.passages)


def test_every_section_is_called_what_the_citation_grammar_calls_it(code_title: tuple[str, Parsed]) -> None:
    for one in code_title[1].passages:
        assert one.citation
        if len(one.keys) == 1:
            assert read_citation(one.citation) == (one.keys[0], (), "US-FED", one.citation)


def test_every_subdivision_begins_with_its_number_and_lies_in_the_one_around_it(
    code_title: tuple[str, Parsed],
) -> None:
    for one in code_title[1].passages:
        spans = {part.pin: (part.start, part.end) for part in one.subdivisions}
        for part in one.subdivisions:
            assert f"({part.pin[-1]})" in one.text[part.start : part.start + 40].replace("–", "-")
            start, end = spans.get(part.pin[:-1], (0, len(one.text)))
            assert start <= part.start < part.end <= end


def test_a_section_that_is_law_has_a_text_and_every_section_a_heading(code_title: tuple[str, Parsed]) -> None:
    for one in code_title[1].passages:
        assert one.heading
        assert bool(one.text) or one.status != "in_force"


def test_every_reference_within_a_title_leads_to_a_section_of_it(code_title: tuple[str, Parsed]) -> None:
    name, parsed = code_title
    keys = {key for one in parsed.passages for key in one.keys}
    own = f"us-fed/usc/{int(name[3:])}/"
    known = [read_citation(reference) for one in parsed.passages for reference in one.references]
    within = [found[0] for found in known if found and found[0].startswith(own)]
    assert within
    assert set(within) <= keys


def test_fair_use_refers_to_the_rights_that_it_limits(shared_data: Path) -> None:
    fair_use = next(
        one for one in read(shared_data / "uslm/usc17.xml").passages if one.keys[0].endswith("/107")
    )
    assert fair_use.references == ("17 U.S.C. § 106", "17 U.S.C. § 106A")


def test_what_was_repealed_is_marked(shared_data: Path) -> None:
    gone = {one.citation: one.status for one in read(shared_data / "uslm/usc35.xml").passages if not one.text}
    assert gone["35 U.S.C. § 104"] == "repealed"
    assert gone["35 U.S.C. §§ 155, 155A"] == "repealed"
    assert gone["35 U.S.C. § 14"] == "renumbered"


def test_sections_in_markdown_are_those_that_their_front_matter_cites(shared_data: Path) -> None:
    found = [read(path).passages for path in sorted((shared_data / "usc_sections").glob("*.md"))]
    assert [one.citation for (one,) in found] == [
        "15 U.S.C. § 7001(a)",
        "18 U.S.C. § 1833(b)",
        "29 U.S.C. § 626(f)(1)",
        "42 U.S.C. § 19403",
    ]
    pins = {part.pin for part in found[1][0].subdivisions}
    assert {("b", "1", "A", "ii"), ("b", "3", "D"), ("b", "5")} <= pins
    assert ("f", "1", "H", "ii") in {part.pin for part in found[2][0].subdivisions}


def test_every_contract_is_split_and_little_of_it_is_lost(shared_data: Path) -> None:
    kept = collections.Counter[str]()
    for path in sorted((shared_data / "cuad/contracts").glob("*.txt"))[::4]:
        parsed = read(path)
        assert {one.kind for one in parsed.passages} == {"clause"}
        kept["words"] += sum(len(one.text.split()) for one in parsed.passages)
        kept["all"] += len(path.read_text(encoding="utf-8").split())
    assert kept["words"] >= 0.9 * kept["all"]


def test_clauses_of_practice_are_read_line_by_line(shared_data: Path) -> None:
    path = shared_data / "acord/corpus.jsonl"
    parsed = read(path)
    ids = [json.loads(line)["_id"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert [one.id for one in parsed.passages] == ids
    assert (parsed.skipped, parsed.remarks) == ((), ())
