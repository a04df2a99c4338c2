"""Cross-references in the Word file."""

from collections.abc import Iterable, Iterator

import pytest
from lxml import etree

from actors.domain.docx_rendering import render_docx
from actors.domain.docx_writing.references import Pointer, targets
from actors.domain.markup import plain
from actors.domain.sections import Paragraph, Section
from tests.documents.library_documents import draft, every_fact, matter_for
from tests.unit.docx_parts import W, parent, part, texts, values

TARGETS = targets(
    [
        (False, (Pointer("4", "0", r"\w"),)),
        (False, (Pointer("4.2", "0.1", r"\w"),)),
        (False, (Pointer("4.2(b)", "0.2", r"\w"),)),
        (False, (Pointer("5", "1", r"\w"), Pointer("(a)", "1.1", r"\n"))),
        (True, (Pointer("Exhibit A", "2", ""),)),
        (True, (Pointer("Exhibit B", "3", ""),)),
    ]
)


def linked(text: str) -> list[str]:
    return [text[one.start : one.end] for one in TARGETS.references(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Except under Section 4.2(b), nothing changes.", ["4.2(b)"]),
        ("Subject to clause 4 and clause 4.2.", ["4", "4.2"]),
        ("Sections 4, 4.2 and 4.2(b) survive.", ["4", "4.2", "4.2(b)"]),
        ("Section 5(a) and Section 4 of this Agreement", ["5(a)", "4"]),
        ("as Exhibit A and Exhibit B state", ["Exhibit A", "Exhibit B"]),
    ],
)
def test_a_reference_to_a_place_of_the_document_is_found(text: str, numbers: list[str]) -> None:
    assert linked(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Section 4.3 is not here",
        "Section 4.2(c) is not here either",
        "Section 4.2(b)(i) is deeper than the text goes",
        "Section 409A of the Code",
        "Section 4 of the Lease",
        "Sections 4 and 4.2 of the Securities Act",
        "clause 4 and clause 4.2 of that agreement",
        "Labor Code Section 4",
        "Employment Rights Act 1996, section 4",
        "Exhibit AB, Exhibit A1 and Exhibit B of the Lease",
        "4.2 litres in 4 weeks",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert linked(text) == []


def test_a_number_that_stands_twice_is_the_target_of_nothing() -> None:
    twice = targets([(False, (Pointer("4", "0", r"\w"),)), (False, (Pointer("4", "1", r"\w"),))])

    assert twice.references("Section 4") == []


def fields(document: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield each field's instruction and the text that it shows."""
    for paragraph in document.iter(f"{W}p"):
        instruction, shown, inside = "", "", False
        for run in paragraph.iter(f"{W}r"):
            kind = run.find(f"{W}fldChar")
            if kind is not None:
                state = kind.get(f"{W}fldCharType")
                inside = state != "end"
                if not inside:
                    yield instruction, shown
                    instruction = shown = ""
            elif inside:
                instruction += "".join(code.text or "" for code in run.iter(f"{W}instrText")).strip()
                shown += texts(run)


def places(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    """Yield the text of each heading, clause and item of a clause by its full number."""
    for section in sections:
        yield section.number, plain(section.title if section.kind == "schedule" else section.heading)
        holder = ""
        for paragraph in section.paragraphs:
            if paragraph.kind == "clause":
                holder = paragraph.label
                yield holder, plain(paragraph.text)
            elif paragraph.kind == "item":
                yield holder + paragraph.label, plain(paragraph.text)


def bookmarked(document: etree._Element) -> dict[str, etree._Element]:
    """Return the paragraph of each bookmark."""
    return {mark.get(f"{W}name") or "": parent(mark) for mark in document.iter(f"{W}bookmarkStart")}


@pytest.mark.parametrize("type_id", ["services", "employment", "contractor"])
@pytest.mark.parametrize("place", ["US-DE", "UK-EW"])
def test_every_field_points_to_the_paragraph_that_carries_its_number(type_id: str, place: str) -> None:
    drafted = draft(matter_for(type_id, place, facts=every_fact(type_id)))
    numbered = dict(places(drafted.sections))

    document = part(render_docx("T", [], drafted.sections))
    marks = bookmarked(document)
    pointing = [(instruction.split()[1], shown) for instruction, shown in fields(document)]

    assert len(pointing) > 5
    assert [(shown, texts(marks[name])) for name, shown in pointing] == [
        (shown, numbered[shown]) for _, shown in pointing
    ]


def test_only_places_that_are_pointed_to_have_a_bookmark() -> None:
    drafted = draft(matter_for("services", "UK-EW", facts=every_fact("services")))

    document = part(render_docx("T", [], drafted.sections))

    named = {instruction.split()[1] for instruction, _ in fields(document)}
    assert sorted(values(document, "bookmarkStart", "name")) == sorted(named)
    starts, ends = values(document, "bookmarkStart", "id"), values(document, "bookmarkEnd", "id")
    assert len(set(starts)) == len(starts)
    assert sorted(starts) == sorted(ends)


def test_an_exhibit_is_repeated_by_name_and_an_item_below_a_heading_by_two_fields() -> None:
    lone = Section(
        index=0, id="a", kind="clause", number="1", heading="Exceptions",
        paragraphs=(
            Paragraph(kind="body", text="See Section 1(b) and Exhibit A:"),
            Paragraph(kind="item", label="(a)", text="one; and"),
            Paragraph(kind="item", label="(b)", text="two."),
        ),
    )  # fmt: skip
    exhibit = Section(index=1, id="b", kind="schedule", number="Exhibit A", heading="Fees", paragraphs=())

    document = part(render_docx("T", [], [lone, exhibit]))

    shown = [(code.split()[2:], text) for code, text in fields(document)]
    assert shown == [([r"\w", r"\h"], "1"), ([r"\n", r"\h"], "(b)"), ([r"\h"], "Exhibit A")]
    last = list(document.iter(f"{W}bookmarkStart"))[-1]
    following = last.getnext()
    assert following is not None
    assert texts(following) == "Exhibit A"
