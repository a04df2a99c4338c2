"""`lexray bulk --dry-run`, from the file to what is told."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.errors import InvalidInputError
from cluster.bulk.checks import Defaults
from cluster.bulk.columns import ColumnMap
from cluster.bulk.dry_run import check_rows
from cluster.bulk.rows import BadRow, Reading, Record
from cluster.command_line import _exit_code
from cluster.commands.bulk_check import dry_run, list_dry_run, options_of
from tests.unit.test_bulk_checks import DAY, NDA

GOOD, REFUSED, SOME_BAD = 0, 2, 3
ROWS = f"""id,message,type,jurisdiction,term
a,"{NDA}",,,
b,,saas,Ohio,
B,,saas,,
,,saas,,

c,"open,saas,,
../d,,saas,,
e,,nda_mutual,,forever and a day
f,,lease,US-NY,3 years
"""


def checked(path: Path, *columns: str) -> tuple[dict[str, object], int]:
    return dry_run(str(path), options_of(None, None, columns, "utf-8", DAY), as_json=True)


def test_good_and_bad_rows_are_told_by_number_with_reasons_and_counts(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    told, code = checked(tmp_path / "rows.csv")
    assert code == SOME_BAD
    assert (told["good"], told["bad"], told["blank"]) == (3, 5, 1)
    assert told["good_rows"] == [(1, 2), (9, 9)]
    assert told["types"] == {"lease": 1, "nda_mutual": 1, "saas": 1}
    assert told["jurisdictions"] == {"Ohio": 1, "US-DE": 1, "US-NY": 1}
    bad = told["bad_rows"]
    assert isinstance(bad, list)
    assert [(one["number"], one["id"]) for one in bad] == [(3, "B"), (4, ""), (6, ""), (7, ""), (8, "e")]
    reasons = [one["reason"] for one in bad]
    for reason, words in zip(
        reasons, ["row 2 has it already", "none", "quote", "cannot name a file", "term"], strict=True
    ):
        assert words in reason
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_the_second_of_two_ids_is_refused_also_where_the_first_is_bad(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,type\na,will\na,saas\n")
    told, _ = checked(tmp_path / "rows.csv")
    assert (told["good"], told["bad"]) == (0, 2)


def test_names_that_no_field_has_are_told(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "type": "saas", "trem": "1 year"}\n')
    told, code = checked(tmp_path / "rows.jsonl")
    assert code == GOOD
    assert told["notices"] == ["'trem' is not read: no field has this name (1 rows)"]


@pytest.mark.parametrize("content", ["", "id,message\n", "id,message\n\n\n", "message\nx\n", "\ufeff"])
def test_a_file_from_which_nothing_could_be_drafted_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(content)
    assert _exit_code(["bulk", str(tmp_path / "rows.csv"), "--dry-run"]) == REFUSED
    assert _exit_code(["bulk", str(tmp_path), "--dry-run"]) == REFUSED


def test_the_command_tells_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.csv").write_text("id,type,first\na,nda_mutual,Acme\nb,nda_mutual,\x1b[2J\n")
    assert _exit_code(["bulk", str(tmp_path / "rows.csv"), "--dry-run"]) == SOME_BAD
    out = capsys.readouterr().out
    assert "row 2 (line 3) b: " in out
    assert "\x1b" not in out
    assert "2: 1 good, 1 bad" in out
    assert _exit_code(["bulk", str(tmp_path / "rows.csv"), "--dry-run", "--json"]) == SOME_BAD
    assert json.loads(capsys.readouterr().out)["bad"] == 1
    (tmp_path / "rows.csv").write_text("id,type\na,nda_mutual\n")
    assert _exit_code(["bulk", str(tmp_path / "rows.csv"), "--dry-run"]) == GOOD


def test_without_dry_run_the_command_says_that_drafting_is_to_come(tmp_path: Path) -> None:
    assert _exit_code(["bulk", str(tmp_path / "rows.csv")]) == REFUSED


@pytest.mark.parametrize(
    "option", [("--encoding", "utf-7"), ("--type", "will"), ("--jurisdiction", "Atlantis")]
)
def test_a_wrong_option_is_refused(option: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,type\na,saas\n")
    assert _exit_code(["bulk", str(tmp_path / "rows.csv"), "--dry-run", *option]) == REFUSED


def test_a_summary_without_good_rows_says_none(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,type\na,will\n")
    told, _ = checked(tmp_path / "rows.csv")
    assert "good rows      none" in list_dry_run(told)


def test_memory_does_not_grow_with_the_number_of_rows() -> None:
    def records(count: int) -> Iterator[Record | BadRow]:
        # Refused for want of a message, at once: what is measured is all that is kept of a row.
        return (Record(number, "", {"id": f"row-{number}", "x": "x" * 500}) for number in range(1, count + 1))

    def peak_bytes(count: int) -> int:
        tracemalloc.start()
        told = check_rows(Reading(None, records(count)), ColumnMap(), Defaults(), DAY, lambda _bad: None)
        assert told.bad == count
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak_bytes(500)
    assert peak_bytes(8000) < peak_bytes(2000) + 6000 * 20


def test_nothing_is_read_from_a_reading_without_rows() -> None:
    with pytest.raises(InvalidInputError, match="no rows"):
        check_rows(Reading(None, iter(())), ColumnMap(), Defaults(), DAY, lambda _bad: None)
