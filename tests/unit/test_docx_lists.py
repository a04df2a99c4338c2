"""Word's counters against the labels of the document, also where these are odd."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.docx_reading import read_docx
from actors.domain.docx_rendering import render_docx
from actors.domain.docx_writing.levels import OUTLINE, Form, count_at, printed, stand_alone
from actors.domain.docx_writing.lists import ListBook
from actors.domain.sections import Paragraph, Section
from tests.unit.docx_parts import W, part

Numbered = list[tuple[str, str]]
"""(kind, label) of the paragraphs of a section."""


def section(number: str, paragraphs: Numbered, index: int = 0) -> Section:
    texts = (
        Paragraph.model_validate({"kind": kind, "label": label, "text": "words"})
        for kind, label in paragraphs
    )
    return Section(index=index, id="s", kind="clause", number=number, heading="Head", paragraphs=tuple(texts))


def shown(*sections: Section) -> list[str]:
    """Return the lines of the Word file as its reader prints them."""
    return (
        read_docx(render_docx("T", [], sections))
        .replace("\t", " ")
        .replace("## ", "")
        .rstrip("\n")
        .split("\n\n")[1:]
    )


def expected(*sections: Section) -> list[str]:
    return [
        line
        for one in sections
        for line in (one.title, *(f"{p.label} {p.text}".strip() for p in one.paragraphs))
        if line
    ]


@pytest.mark.parametrize("form", get_args(Form))
def test_a_count_is_read_from_what_it_prints_as(form: Form) -> None:
    levels = stand_alone(form, 0)

    assert [count_at(levels, [], printed(levels, [n])) for n in range(1, 60)] == list(range(1, 60))


@pytest.mark.parametrize("label", ["", "()", "(0)", "(01)", "(a", "(ab)", "(²)", "(iia)", "4.2", "(99999)"])
def test_a_label_that_no_list_prints_is_none(label: str) -> None:
    assert ListBook().alone(label, 0) is None


def test_a_clause_is_numbered_only_below_its_own_section() -> None:
    book = ListBook()
    assert book.in_outline(0, "1.")

    assert book.in_outline(1, "2.1") is None
    assert book.in_outline(1, "1.1")
    assert book.in_outline(3, "(i)") is None


def test_a_list_that_follows_its_own_end_starts_anew() -> None:
    book = ListBook()

    marks = [book.alone(label, 0) for label in ("(a)", "(b)", "(a)", "(b)")]

    assert [mark.list_id for mark in marks if mark] == [2, 2, 3, 3]


def test_roman_items_are_not_taken_for_letters() -> None:
    book = ListBook()

    for label in ("(i)", "(ii)", "(iii)"):
        assert book.alone(label, 0)

    assert [levels[0].form for levels in book.definitions] == [OUTLINE[0].form, "lowerRoman"]
    assert len(book.instances) == 2


@pytest.mark.parametrize(
    "sections",
    [
        [
            section(
                "1",
                [
                    ("clause", "1.1"),
                    ("item", "(a)"),
                    ("subitem", "(i)"),
                    ("subitem", "(ii)"),
                    ("item", "(b)"),
                ],
            )
        ],
        [
            section(
                "1",
                [("definition", ""), ("item", "(a)"), ("definition", ""), ("item", "(a)"), ("item", "(b)")],
            )
        ],
        [
            section(
                "1",
                [
                    ("clause", "1.1"),
                    ("item", "(a)"),
                    ("body", ""),
                    ("item", "(a)"),
                    ("clause", "1.2"),
                    ("item", "(a)"),
                ],
            )
        ],
        [section("1", [("body", ""), ("item", "(a)"), ("clause", "1.1"), ("item", "(a)")])],
        [
            section("3", [("clause", "3.4"), ("clause", "3.6")]),
            section("7", [("clause", "7.1"), ("clause", "7.2")]),
        ],
        [
            section(
                "1",
                [("clause", "1.1"), ("item", "(a)"), ("clause", "§ 9"), ("item", "(a)"), ("subitem", "(i)")],
            )
        ],
        [section("IV", [("clause", "4.1"), ("item", "(x)")]), section("V", [("clause", "5-1")])],
        [
            section(
                "1",
                [
                    ("item", "(1)"),
                    ("subitem", "(i)"),
                    ("item", "(2)"),
                    ("subitem", "(i)"),
                    ("subitem", "(a)"),
                ],
            )
        ],
        [
            section(
                "1",
                [("item", f"({sign})") for sign in "abcdefghijklmnopqrstuvwxyz"]
                + [("item", "(aa)"), ("item", "(bb)")],
            )
        ],
    ],
)
def test_every_label_is_printed_as_it_is(sections: list[Section]) -> None:
    assert shown(*sections) == expected(*sections)


labels = st.sampled_from(
    [
        "",
        "1.1",
        "1.2",
        "1.3",
        "2.1",
        "2.2",
        "(a)",
        "(b)",
        "(c)",
        "(i)",
        "(ii)",
        "(1)",
        "(2)",
        "(A)",
        "(h)",
        "§ 3",
        "7.",
    ]
)
kinds = st.sampled_from(["body", "clause", "item", "subitem", "definition"])
odd_sections = st.builds(
    section, st.sampled_from(["", "1", "2", "5", "IX"]), st.lists(st.tuples(kinds, labels), max_size=12)
)


@given(st.lists(odd_sections, max_size=4))
def test_no_order_of_labels_makes_word_print_another_number(sections: list[Section]) -> None:
    assert shown(*sections) == expected(*sections)


def test_styles_bring_the_numbers_of_clauses_along() -> None:
    data = render_docx(
        "T", [], [section("1", [("clause", "1.1"), ("item", "(a)"), ("clause", "1.2"), ("item", "(a)")])]
    )

    assert part(data).findall(f".//{W}numPr") == []
    tied = [style.get(f"{W}val") for style in part(data, "word/numbering.xml").iter(f"{W}pStyle")]
    assert tied == ["Heading1", "Clause", "ClauseItem", "ClauseSubitem"]
