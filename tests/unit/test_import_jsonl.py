"""Lines of JSON: every good one is a passage, every bad one is named with its number."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from actors.domain.importing.jsonl import MAX_LINE_BYTES
from tests.unit.import_origin import TODAY, parse

GOOD = {"text": "The lessee keeps no bees."}


def lines(*values: Any) -> bytes:
    return b"".join(v if isinstance(v, bytes) else json.dumps(v).encode() + b"\n" for v in values)


def test_a_line_needs_nothing_but_a_text(tmp_path: Path) -> None:
    (clause,) = parse(tmp_path, "a.jsonl", lines(GOOD)).passages

    assert (clause.id, clause.kind, clause.text) == ("a.jsonl#1", "clause", GOOD["text"])
    assert (clause.jurisdiction, clause.as_of, clause.families) == ("GENERAL", TODAY, ("all",))


def test_a_line_may_say_all_that_a_passage_has(tmp_path: Path) -> None:
    full = {
        "id": "bees-1",
        "text": "(a) Bees fly under section 1836.\n(b) Or not.",
        "heading": "Bees",
        "citation": "18 USC 1833",
        "as_of": "2025-02-03",
        "status": "repealed",
        "families": ["nda"],
    }
    (law,) = parse(tmp_path, "a.jsonl", lines(full)).passages

    assert (law.id, law.kind, law.citation, law.heading) == ("bees-1", "statute", "18 U.S.C. § 1833", "Bees")
    assert (law.jurisdiction, law.as_of, law.status) == ("US-FED", datetime.date(2025, 2, 3), "repealed")
    assert (law.families, law.keys) == (("nda",), ("us-fed/usc/18/1833",))
    assert [part.pin for part in law.subdivisions] == [("a",), ("b",)]
    assert law.references == ("18 U.S.C. § 1836",)


def test_a_clause_that_cites_law_is_not_that_law(tmp_path: Path) -> None:
    line = {**GOOD, "citation": "18 U.S.C. § 1833", "kind": "clause"}
    (clause,) = parse(tmp_path, "a.jsonl", lines(line)).passages
    assert (clause.kind, clause.keys) == ("clause", ())


def test_the_line_s_own_place_wins_over_the_importer_s(tmp_path: Path) -> None:
    found = parse(tmp_path, "a.jsonl", lines({**GOOD, "jurisdiction": "Texas"}, GOOD), jurisdiction="US-NY")
    assert [one.jurisdiction for one in found.passages] == ["US-TX", "US-NY"]


def test_other_names_of_id_and_heading_are_known_and_the_rest_is_told(tmp_path: Path) -> None:
    parsed = parse(tmp_path, "a.jsonl", lines({**GOOD, "_id": "x", "title": "Bees", "court": 1, "judge": 2}))

    assert (parsed.passages[0].id, parsed.passages[0].heading) == ("x", "Bees")
    assert parsed.remarks == ("fields that are not read: court, judge",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{\n", "line: it is no JSON"),
        (b"[1]\n", "line: it is no JSON object"),
        (b'{"text": "caf\xe9"}\n', "line: it is not UTF-8 (byte 14)"),
        (b'{"text": ' + b"[" * 200_000 + b"\n", "line: it is nested too deeply"),
        ({"heading": "Bees"}, "text: field required"),
        ({"text": " "}, "text: string should have at least 1 character"),
        ({"text": 7}, "text: input should be a valid string"),
        (b'{"text": "a\\ud800"}\n', "text: "),
        (b'{"text": "a\\u0000"}\n', "text: it contains NUL"),
        ({**GOOD, "as_of": "soon"}, "as_of: "),
        ({**GOOD, "kind": "poem"}, "kind: input should be 'statute' or 'clause'"),
        ({**GOOD, "jurisdiction": "Mars"}, "jurisdiction: 'Mars' is not known"),
        ({**GOOD, "id": "first"}, "id: 'first' is taken by line 1"),
        ({"text": "x" * MAX_LINE_BYTES}, "line: it is longer than 1,000,000 bytes"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: Any, reason: str) -> None:
    parsed = parse(tmp_path, "a.jsonl", lines({**GOOD, "id": "first"}, b"\n", line, {**GOOD, "id": "last"}))

    assert [one.id for one in parsed.passages] == ["first", "last"]
    assert [one.place for one in parsed.skipped] == ["line 3"]
    assert parsed.skipped[0].reason.startswith(reason)


def test_a_byte_order_mark_and_a_missing_last_line_break_do_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + lines(GOOD, {**GOOD, "text": "Bees, again."}).rstrip()
    assert len(parse(tmp_path, "a.ndjson", content).passages) == 2
