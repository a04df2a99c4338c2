"""The files of a draft, and the lines that tell of them."""

import re
from pathlib import Path
from typing import Any

import pytest

from actors.errors import InvalidInputError
from cluster.commands.summary import plain_row, summary_rows
from cluster.output import check_folder, parse_formats, replace_files
from cluster.progress_view import wrapped_lines


@pytest.mark.parametrize(
    ("given", "formats"),
    [("md", ("md",)), ("pdf,docx,md", ("md", "docx", "pdf")), (" MD , md,", ("md",))],
)
def test_formats_are_read_in_any_order_and_case(given: str, formats: tuple[str, ...]) -> None:
    assert parse_formats(given) == formats


@pytest.mark.parametrize("given", ["", " , ", "odt", "md;docx", "md,html"])
def test_an_unknown_format_is_refused(given: str) -> None:
    with pytest.raises(InvalidInputError, match="give md, docx or pdf, or several"):
        parse_formats(given)


def test_looking_at_a_folder_that_does_not_exist_creates_nothing(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["taken", "taken/below", "link", "busy", "x" * 300])
def test_a_folder_that_cannot_take_the_files_is_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "busy" / "document.docx").mkdir(parents=True)
    with pytest.raises(InvalidInputError, match=r"out: .* cannot be written to"):
        check_folder(tmp_path / path)


def test_files_are_replaced_together(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old and longer")

    made = replace_files(tmp_path, {"a": b"new", "b": b""})

    assert made == [tmp_path / "a", tmp_path / "b"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"new", "b": b""}
    assert {path.stat().st_mode & 0o777 for path in made} == {0o644}


def test_one_that_cannot_be_written_leaves_all_others_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="name"):
        replace_files(tmp_path, {"a": b"new", "b" * 300: b"the name is too long"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def report(**changes: Any) -> dict[str, Any]:
    return {
        "status": "finished",
        "degraded_steps": [],
        "document": {"title": "NDA"},
        "open_points": [],
        "review": {"findings": []},
        "validation": {"findings": [], "for_lawyer": []},
        "citations": [],
        **changes,
    }


def summary(**changes: Any) -> dict[str, str]:
    return dict(summary_rows(report(**changes), [Path("out/document.md")]))


def test_a_summary_counts_what_a_person_must_look_at() -> None:
    rows = summary(
        open_points=[{"label": f"Point {n}"} for n in range(5)],
        review={"findings": [{"severity": "warning"}, {"severity": "info"}, {"severity": "info"}]},
        validation={"findings": [{"severity": "error"}], "for_lawyer": [{}]},
        citations=[{"state": "verified"}, {"state": "not_found"}, {"state": "verified"}],
    )
    assert rows["open points"] == "5: Point 0, Point 1, Point 2 and 2 more"
    assert rows["findings"] == "1 error, 1 warning, 2 remarks"
    assert rows["citations"] == "2 verified, 1 not found"
    assert rows["for a lawyer"] == "1 rule that code cannot decide"


def test_nothing_to_look_at_is_said_in_words() -> None:
    rows = summary()
    assert (rows["open points"], rows["citations"]) == ("none", "none")
    assert rows["findings"] == "no errors, no warnings, no remarks"


@pytest.mark.parametrize(("step", "row"), [("validation", "for a lawyer"), ("citations", "citations")])
def test_a_step_that_gave_up_is_not_counted_as_a_clean_result(step: str, row: str) -> None:
    rows = summary(
        status="degraded", degraded_steps=[{"step": step, "reason": "r", "instead": "It is missing."}]
    )
    assert rows["status"] == "degraded\nIt is missing."
    assert rows[row] == "not checked"


def test_a_row_of_several_lines_stays_in_its_column() -> None:
    assert plain_row("files", "a\nb") == "files         a\n              b"


def test_lines_are_broken_between_words_and_none_is_lost() -> None:
    text = "# Title\n\n" + "one two three " * 20 + "\n\n(a) " + "x" * 100 + "\n"
    wrapped = wrapped_lines(text, 40)
    assert max(map(len, wrapped.split("\n"))) == 40
    assert re.sub(r"\s", "", wrapped) == re.sub(r"\s", "", text)
    assert wrapped.startswith("# Title\n\none two")
