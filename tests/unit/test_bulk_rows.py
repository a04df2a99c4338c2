"""Reading rows: each fault is named with its row, and the rows around it are kept."""

import datetime
import io
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]
from pyarrow import parquet

from actors.errors import InvalidInputError
from cluster.bulk.rows import MOST_RECORD_CHARS, BadRow, Reading, Record
from cluster.bulk.rows_csv import read_csv
from cluster.bulk.rows_file import open_rows
from cluster.bulk.rows_jsonl import read_jsonl
from cluster.bulk.rows_lines import Encoding, read_lines

HEADER = "id,message,type\n"


def csv_of(text: str | bytes, encoding: Encoding = "utf-8") -> Reading:
    return read_csv(read_lines(io.BytesIO(text.encode() if isinstance(text, str) else text), encoding))


def jsonl_of(text: str | bytes) -> Reading:
    return read_jsonl(read_lines(io.BytesIO(text.encode() if isinstance(text, str) else text), "utf-8"))


def sorted_out(reading: Reading) -> tuple[list[object], dict[int, str]]:
    """Return the ids of the records that could be read, and the reasons of the others by row."""
    found = list(reading.records)
    good = [one for one in found if isinstance(one, Record) and not one.wrong and one.values]
    bad = [one for one in found if isinstance(one, BadRow) or one.wrong]
    reasons = {one.number: one.reason if isinstance(one, BadRow) else one.wrong for one in bad}
    return [one.values.get("id") for one in good], reasons


def test_a_csv_gives_its_cells_by_column_with_row_and_line() -> None:
    reading = csv_of(HEADER + 'a,"two\nlines, ""quoted""",nda\n\nb,,nda\n')
    assert reading.columns == ("id", "message", "type")
    assert list(reading.records) == [
        Record(1, "line 2", {"id": "a", "message": 'two\nlines, "quoted"', "type": "nda"}),
        Record(2, "line 4", {}),
        Record(3, "line 5", {"id": "b", "type": "nda"}),
    ]


def test_a_byte_order_mark_is_not_part_of_the_first_column() -> None:
    assert csv_of(b"\xef\xbb\xbf" + HEADER.encode()).columns == ("id", "message", "type")
    assert sorted_out(jsonl_of(b'\xef\xbb\xbf{"id": "a"}\n')) == (["a"], {})


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_part_cells_as_well(delimiter: str) -> None:
    text = (HEADER + "a,x,nda\n").replace(",", delimiter)
    assert sorted_out(csv_of(text)) == (["a"], {})


def test_a_quote_that_is_never_closed_costs_its_own_row_and_no_other() -> None:
    good, bad = sorted_out(csv_of(HEADER + 'a,x,nda\nb,"open,nda\nc,y,nda\nd,z,nda\n'))
    assert good == ["a", "c", "d"]
    assert list(bad) == [2]
    assert "never closed" in bad[2]


def test_a_quote_that_a_later_row_seems_to_close_swallows_nothing() -> None:
    good, bad = sorted_out(csv_of(HEADER + 'a,"open,nda\nb,y,nda\nc,"quoted",nda\nd,", z",nda\ne,w,nda\n'))
    assert good == ["b", "c", "d", "e"]
    assert list(bad) == [1]


def test_an_open_quote_does_not_read_the_rest_of_a_large_file_into_its_row() -> None:
    rows = "".join(f"r{number},{'x' * 1000},nda\n" for number in range(2 * MOST_RECORD_CHARS // 1000))
    good, bad = sorted_out(csv_of(HEADER + 'a,"open,nda\n' + rows))
    assert len(good) == 2 * MOST_RECORD_CHARS // 1000
    assert list(bad) == [1]


def test_rows_with_too_few_or_too_many_cells_are_named() -> None:
    good, bad = sorted_out(csv_of(HEADER + "a,x\nb,x,nda,more\nc,x,nda\nd\n"))
    assert good == ["c"]
    assert bad == {
        1: "it has 2 cells, and there are 3 columns",
        2: "it has 4 cells, and there are 3 columns",
        4: "it has 1 cell, and there are 3 columns",
    }


def test_latin_1_is_named_row_by_row_and_read_where_it_is_said() -> None:
    text = HEADER.encode() + "a,Café,nda\nb,x,nda\n".encode("latin-1")
    good, bad = sorted_out(csv_of(text))
    assert good == ["b"]
    assert "character 6 is not UTF-8" in bad[1]
    assert sorted_out(csv_of(text, "latin-1")) == (["a", "b"], {})


def test_a_formula_in_a_cell_is_refused_and_a_phone_number_is_not() -> None:
    good, bad = sorted_out(csv_of(HEADER + "a,=A1+1,nda\nb,+44 20 7946 0018,nda\nc,- the fees,nda\n"))
    assert good == ["b", "c"]
    assert bad == {1: "column message holds a formula; put its value there"}


def test_a_huge_field_is_named_and_the_rows_behind_it_are_read() -> None:
    good, bad = sorted_out(csv_of(HEADER + f"a,{'x' * 5 * MOST_RECORD_CHARS},nda\nb,x,nda\n"))
    assert (good, list(bad)) == (["b"], [1])
    good, bad = sorted_out(jsonl_of(f'{{"id": "{"x" * 5 * MOST_RECORD_CHARS}"}}\n{{"id": "b"}}\n'))
    assert (good, list(bad)) == (["b"], [1])


def test_a_field_above_the_limit_of_the_csv_module_is_read() -> None:
    assert sorted_out(csv_of(HEADER + f"a,{'x' * 200_000},nda\n")) == (["a"], {})


def test_a_truncated_last_line_is_named_as_that() -> None:
    assert "may be cut off" in sorted_out(csv_of(HEADER + "a,x,nda\nb,x"))[1][2]
    good, bad = sorted_out(jsonl_of('{"id": "a"}\n{"id": "b", "mess'))
    assert good == ["a"]
    assert "may be cut off" in bad[2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("\n \n", "empty"), ("id,id\n", "two columns"), ('id,"open\n', "never closed")],
)
def test_a_csv_without_usable_columns_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        csv_of(text)


def test_utf_16_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidInputError, match="UTF-16"):
        csv_of(HEADER.encode("utf-16"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "must be a JSON object"),
        ("{", "not JSON"),
        ('{"id": 1, "id": 2}', "id: the key stands there twice"),
        ('{"id": NaN}', "NaN"),
        ('{"id": ' + "[" * 100_000, "nested too deep"),
    ],
)
def test_a_line_that_is_no_object_is_named(line: str, reason: str) -> None:
    good, bad = sorted_out(jsonl_of(f'{line}\n{{"id": "b"}}\n'))
    assert good == ["b"]
    assert reason in bad[1]


def test_parquet_gives_typed_values(tmp_path: Path) -> None:
    day = datetime.date(2027, 1, 5)
    table = pa.table({"id": ["a", "b"], "effective_date": [day, None], "x": [1.5, float("nan")]})
    parquet.write_table(table, tmp_path / "rows.parquet")
    with open_rows(str(tmp_path / "rows.parquet")) as reading:
        assert list(reading.records) == [
            Record(1, "", {"id": "a", "effective_date": day, "x": 1.5}),
            Record(2, "", {"id": "b"}),
        ]


def test_text_in_parquet_that_is_no_utf_8_costs_its_row(tmp_path: Path) -> None:
    broken = pa.Array.from_buffers(pa.string(), 2, pa.array([b"a", b"\xff"]).buffers())
    parquet.write_table(pa.table({"id": ["a", "b"], "message": broken}), tmp_path / "rows.parquet")
    with open_rows(str(tmp_path / "rows.parquet")) as reading:
        assert sorted_out(reading) == (["a"], {2: "column message holds a value that cannot be read"})


def test_a_workbook_gives_the_rows_of_its_first_sheet(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    for row in (["id", "term", "x"], ["a", 2, "=1+1"], [], ["b", "2 years"], ["c", None, None, "more"]):
        sheet.append(row)
    workbook.create_sheet("Old")
    workbook.save(tmp_path / "rows.xlsx")
    with open_rows(str(tmp_path / "rows.xlsx")) as reading:
        found = list(reading.records)
    assert found[0] == Record(
        1, "line 2", {"id": "a", "term": 2}, "cell C2 holds a formula; put its value there"
    )
    assert found[1:3] == [Record(2, "line 3", {}), Record(3, "line 4", {"id": "b", "term": "2 years"})]
    assert isinstance(found[3], Record)
    assert found[3].wrong == "cell D5 stands under no column"
    assert reading.notices == ["only sheet 'Sheet' is read, not 'Old'"]


@pytest.mark.parametrize("name", ["rows.xlsx", "rows.parquet"])
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"id,message\n")
    with pytest.raises(InvalidInputError, match="damaged"), open_rows(str(tmp_path / name)):
        pass


def test_folders_missing_files_empty_files_and_other_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    for name, reason in (
        ("empty.csv", "empty"),
        ("folder.csv", "folder"),
        ("no.csv", "cannot be read"),
        ("a.ods", "end in"),
    ):
        with pytest.raises(InvalidInputError, match=reason), open_rows(str(tmp_path / name)):
            pass
