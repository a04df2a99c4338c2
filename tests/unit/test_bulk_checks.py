"""From records to rows: what is refused, and what a cell means."""

import datetime
from decimal import Decimal

import pytest

from actors.domain.matter import Duration, Matter, Money
from actors.errors import InvalidInputError, RequestError
from cluster.bulk.cells import is_formula, neutralised
from cluster.bulk.checks import Defaults, matter_of, row_of
from cluster.bulk.columns import ColumnMap
from cluster.bulk.csv_writing import csv_line
from cluster.bulk.rows import Record, Row

DAY = datetime.date(2027, 1, 5)
NDA = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law"


def row(values: dict[str, object], columns: ColumnMap | None = None, defaults: Defaults | None = None) -> Row:
    record = Record(1, "line 2", {"id": "a", **values})
    return row_of(record, columns or ColumnMap(), defaults or Defaults())


def matter(values: dict[str, object]) -> Matter:
    return matter_of(row(values), DAY)


def refusal(values: dict[str, object]) -> str:
    with pytest.raises(RequestError) as caught:
        matter(values)
    return str(caught.value)


def test_a_row_may_be_a_message_alone() -> None:
    assert row({"message": f" {NDA}\n"}) == Row("a", 1, "line 2", NDA, None, None, None)
    assert matter({"message": NDA}).jurisdiction == "US-DE"


def test_a_row_may_be_facts_by_column() -> None:
    found = matter(
        {
            "Type": "NDA mutual",
            "jurisdiction": "Delaware",
            "first": "Acme Robotics, Inc.",
            "first.formed_in": "Delaware",
            "Second name": "Beta Labs LLC",
            "Effective Date": "2027-01-05",
            "term": "2 years",
            "options": "residuals; non_solicitation",
        }
    )
    assert (found.task_type, found.jurisdiction) == ("nda_mutual", "US-DE")
    assert [(party.name, party.formed_in) for party in found.parties] == [
        ("Acme Robotics, Inc.", "Delaware"),
        ("Beta Labs LLC", None),
    ]
    assert found.facts == {"effective_date": DAY, "term": Duration(count=2, unit="year")}
    assert set(found.requests) == {"residuals", "non_solicitation"}


def test_cells_of_text_files_and_of_spreadsheets_become_the_same_facts() -> None:
    type_of = {"type": "lease"}
    texts = {"lease_date": "2027-01-05", "parking": "1,200", "rent_increase": "2.5%", "rent": "USD 5,000"}
    typed = {
        "lease_date": datetime.datetime(2027, 1, 5),  # noqa: DTZ001 (so does a spreadsheet give it)
        "parking": 1200.0,
        "rent_increase": 2.5,
        "rent": {"amount": Decimal(5000), "currency": "USD"},
    }
    facts = {
        "lease_date": DAY,
        "parking": 1200,
        "rent_increase": Decimal("2.5"),
        "rent": Money(amount=Decimal(5000)),
    }
    assert matter({**type_of, **texts}).facts == matter({**type_of, **typed}).facts == facts


def test_yes_and_no_are_booleans_and_other_words_are_not() -> None:
    assert matter({"type": "employment", "remote": "Yes"}).facts == {"remote": True}
    assert "facts.remote" in refusal({"type": "employment", "remote": "perhaps"})


@pytest.mark.parametrize(
    "row_id",
    [
        "../a",
        "a/b",
        "a\\b",
        ".hidden",
        "-rf",
        "a.",
        "",
        "con",
        "LPT1.txt",
        "a\0b",
        "a b",
        "x" * 121,
        "C:",
        "\ud800",
    ],
)
def test_an_id_that_could_be_another_path_is_refused(row_id: str) -> None:
    assert refusal({"id": row_id, "message": NDA}).startswith("id: ")


@pytest.mark.parametrize(
    ("given", "row_id"), [("Müller-3_b.1", "Müller-3_b.1"), (4711, "4711"), (4711.0, "4711")]
)
def test_an_id_may_be_any_plain_name_or_number(given: object, row_id: str) -> None:
    assert row({"id": given, "message": NDA}).id == row_id


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "neither a message nor a document type"),
        ({"type": "will"}, "there is no document type 'will'"),
        ({"message": NDA, "jurisdiction": "Atlantis"}, "jurisdiction: 'Atlantis' is not known"),
        ({"message": ["x"]}, "message: it must be text, and is a list"),
        ({"message": "hello"}, "message"),
        ({"type": "nda_mutual", "effective_date": "soon"}, "facts.effective_date"),
        ({"type": "nda_mutual", "fee": "USD 5"}, "facts.fee: there is no such key"),
        ({"type": "nda_mutual", "facts": {"trem": "2 years"}}, "facts.trem: there is no such key"),
        ({"type": "nda_mutual", "facts": "x"}, "not JSON"),
        ({"type": "nda_mutual", "term": "1 year", "facts": {"term": "2 years"}}, "term: it is given twice"),
        ({"type": "nda_mutual", "first": "A", "first.name": "B"}, "it is given twice"),
        ({"type": "nda_mutual", "term": float("inf")}, "infinite"),
        ({"type": "nda_mutual", "term": {}}, "facts.term"),
        ({"type": "nda_mutual", "term": b"x"}, "not a value that a document can state"),
        ({"type": "nda_mutual", "purpose": "turn \u202e me"}, "turns the direction"),
    ],
)
def test_what_cannot_be_drafted_is_refused_with_its_field(values: dict[str, object], reason: str) -> None:
    assert reason in refusal(values)


def test_options_of_the_command_fill_what_rows_leave_open() -> None:
    defaults = Defaults("nda_mutual", "US-NY")
    assert row({"term": "2 years"}, defaults=defaults).task_type == "nda_mutual"
    own = row({"type": "saas", "jurisdiction": "US-DE"}, defaults=defaults)
    assert (own.task_type, own.jurisdiction) == ("saas", "US-DE")


def test_a_fingerprint_is_of_the_content_and_not_of_the_place() -> None:
    one = row({"type": "nda_mutual", "term": "2 years", "purpose": "tests"})
    moved = row({"id": "b", "purpose": "tests", "term": "2 years", "type": "NDA mutual"})
    other = row({"type": "nda_mutual", "term": "3 years", "purpose": "tests"})
    assert one.fingerprint == moved.fingerprint
    assert one.fingerprint != other.fingerprint


def test_a_mapped_column_stands_for_its_field_alone() -> None:
    columns = ColumnMap.parse(["message=Deal text", "id=No."])
    assert columns.check_header(["No.", "Deal text", "message"]) == [
        "column 'message' is not read: no field has this name; the nearest is 'message'"
    ]
    assert row({"id": "a", "No.": "7", "Deal text": NDA, "message": "x"}, columns).id == "7"


@pytest.mark.parametrize(
    ("options", "header", "reason"),
    [
        (["message"], [], "not of the form FIELD=COLUMN"),
        (["mesage=Text"], [], "there is no field 'mesage'; the nearest is 'message'"),
        (["id=A", "id=B"], [], "mapped already"),
        (["id=A"], ["id", "message"], "no column 'A'"),
        ([], ["message", "type"], "no column `id`"),
        ([], ["id", "Notes"], "none of its columns says what to draft"),
        ([], ["id", "Effective Date", "effective_date"], "two of its columns stand for effective_date"),
    ],
)
def test_columns_from_which_nothing_could_be_drafted_are_refused(
    options: list[str], header: list[str], reason: str
) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        ColumnMap.parse(options).check_header(header)


@pytest.mark.parametrize(
    "cell", ["=1+1", " =A1", "@SUM(A1)", "+SUM(A1)", "-SUM(A1)", "=cmd|' /C calc'!A0", "+cmd|x!A0"]
)
def test_formulas_are_known_coming_in_and_made_text_going_out(cell: str) -> None:
    assert is_formula(cell)
    assert neutralised(cell) == f"'{cell}"


def test_a_line_of_csv_that_we_write_holds_no_formula() -> None:
    assert csv_line(["=1", 'a "b"', "\t=1", "-5", "plain"]) == '"\'=1","a ""b""","\'\t=1","\'-5","plain"\n'
