"""Reading data files, the first time and again."""

from pathlib import Path

import pytest

from actors.domain.yaml_files import read_mapping
from actors.errors import LibraryError


def test_a_file_reads_the_same_the_first_time_and_again(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("day: 2026-11-22\nlist: [1, two]\n", encoding="utf-8")
    first = read_mapping(file)
    assert first == {"day": "2026-11-22", "list": [1, "two"]}
    assert read_mapping(file) == first


def test_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    read_mapping(file)
    file.write_text("a: 2\n", encoding="utf-8")
    assert read_mapping(file) == {"a": 2}


def test_a_broken_kept_form_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    read_mapping(file)
    [kept] = (tmp_path / "__pycache__").iterdir()
    kept.write_text("{", encoding="utf-8")
    assert read_mapping(file) == {"a": 1}


@pytest.mark.parametrize("source", ["- a list", "a: [", ""])
def test_what_is_no_mapping_is_refused(tmp_path: Path, source: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(source, encoding="utf-8")
    with pytest.raises(LibraryError, match=r"a\.yaml"):
        read_mapping(file)
