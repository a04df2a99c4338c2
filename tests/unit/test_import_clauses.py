"""Contracts become clauses."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.importing.clauses import LONGEST_CHARS, read_clauses
from actors.domain.importing.front_matter import FrontMatter
from actors.domain.importing.passage import EXCERPT_CHARS, Origin
from tests.unit.import_origin import TODAY, parse

LEASE = """# Lease

This lease is made between a beekeeper and the owner of a garden.

## 1. Bees

1.1 Number. The beekeeper keeps at most four hives in the garden.

1.2 The owner does not open a hive without the beekeeper's leave.

(a) Save in danger, and then only one hive at a time.

## 2. Honey

The owner receives a tenth of each year's honey, in jars.

## Schedule 1

The hives are blue, and each of them bears a number.

IN WITNESS WHEREOF the parties sign this lease with ink made of berries.
"""


def test_a_contract_is_split_by_numbered_clause(tmp_path: Path) -> None:
    found = parse(tmp_path, "lease.md", LEASE).passages

    assert [(one.id.partition("#")[2], one.heading) for one in found] == [
        ("text", "Lease"),
        ("1.1", "Bees: Number"),
        ("1.2", "Bees"),
        ("2", "Honey"),
        ("Schedule 1", "Schedule 1"),
    ]
    assert found[2].text.endswith("one hive at a time.")
    assert {(one.kind, one.citation, one.keys) for one in found} == {("clause", None, ())}


def test_signatures_are_no_clause(tmp_path: Path) -> None:
    assert not any("berries" in one.text for one in parse(tmp_path, "lease.md", LEASE).passages)


def test_equal_numbers_have_ids_of_their_own(tmp_path: Path) -> None:
    found = parse(tmp_path, "two.md", LEASE + LEASE.replace("blue", "red")).passages
    assert len({one.id for one in found}) == len(found)


def test_a_clause_too_long_for_a_search_is_cut_between_paragraphs(tmp_path: Path) -> None:
    paragraphs = [f"The owner shall water tree number {n} in the garden each day." for n in range(300)]
    found = parse(tmp_path, "a.md", "## 1. Trees\n\n" + "\n\n".join(paragraphs)).passages

    assert len(found) > 1
    assert all(len(one.text) <= LONGEST_CHARS for one in found)
    assert "\n\n".join(one.text for one in found).split("\n\n") == paragraphs


def test_an_excerpt_is_bounded_and_begins_with_the_heading(tmp_path: Path) -> None:
    (clause,) = parse(tmp_path, "a.md", "## 1. Trees\n\n" + "The owner waters a tree. " * 100).passages
    authority = clause.authority("garden")

    assert authority.statement.startswith("Trees. The owner waters a tree.")
    assert len(authority.statement) <= EXCERPT_CHARS
    assert authority.statement.endswith("…")
    assert (authority.id, authority.kind) == ("garden:a.md#1", "clause")


@given(st.text(max_size=3000))
def test_any_text_can_be_split_and_nothing_in_a_clause_was_made_up(text: str) -> None:
    for one in read_clauses(FrontMatter(rest=text), Origin("a.md", TODAY)):
        assert all(line in text for line in one.text.split("\n\n"))
