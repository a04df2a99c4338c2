"""Signature blocks in the Word file."""

import pytest
from lxml import etree

from actors.domain.docx_rendering import render_docx
from actors.domain.sections import Paragraph, Section
from tests.documents.library_documents import draft, matter_for
from tests.unit.docx_parts import W, found, parent, part, texts

LINE = "____________________"


def signatures(*lines: str) -> Section:
    paragraphs = (Paragraph(kind="signature", text=line) for line in lines)
    return Section(
        index=0,
        id="signatures",
        kind="signature",
        number="",
        heading="Signatures",
        paragraphs=(Paragraph(kind="body", text="Signed:"), *paragraphs),
    )


def cells(section: Section) -> list[list[list[str]]]:
    """Return the lines of each cell of each row."""
    document = part(render_docx("T", [], [section]))
    return [
        [[texts(line) for line in cell.iter(f"{W}p")] for cell in row.iter(f"{W}tc")]
        for row in document.iter(f"{W}tr")
    ]


def chained(paragraph: etree._Element) -> bool:
    """Whether a paragraph stays with the next one, by itself or by its style."""
    own = paragraph.find(f"{W}pPr/{W}keepNext")
    if own is not None:
        return own.get(f"{W}val") != "0"
    return found(paragraph, "pPr/pStyle").get(f"{W}val") in {"PlainHeading", "Signatory", "SignatureLine"}


def test_two_parties_sign_side_by_side() -> None:
    section = signatures("**Acme, Inc.**", f"By: {LINE}", f"Date: {LINE}", "**Jo**", f"Signature: {LINE}")

    assert cells(section) == [[["Acme, Inc.", f"By:{LINE}", f"Date:{LINE}"], ["Jo", f"Signature:{LINE}"]]]


def test_a_third_party_signs_in_a_second_row() -> None:
    section = signatures("**A**", f"By: {LINE}", "**B**", f"By: {LINE}", "**C**", f"By: {LINE}")

    rows = cells(section)

    assert [[cell[0] for cell in row] for row in rows] == [["A", "B"], ["C", ""]]


def test_a_party_whose_name_looks_like_a_field_still_heads_its_block() -> None:
    section = signatures("**Name: Ltd**", f"By: {LINE}", "**Title: {{7*7}}**", f"By: {LINE}")

    assert [cell[0] for cell in cells(section)[0]] == ["Name: Ltd", "Title: {{7*7}}"]


def test_a_name_that_is_known_stands_where_the_line_would_be() -> None:
    assert cells(signatures("**A & B <Ltd>**", "Name: Jo <Roe>"))[0][0] == ["A & B <Ltd>", "Name:Jo <Roe>"]


@pytest.mark.parametrize("place", ["US-DE", "UK-EW"])
def test_no_page_ends_within_the_signatures(place: str) -> None:
    drafted = draft(matter_for("nda_mutual", place))
    document = part(render_docx("T", [], drafted.sections[-1:]))
    paragraphs = list(document.iter(f"{W}p"))[1:-1]  # without the title and the end

    assert found(document, "body/tbl/tr/trPr/cantSplit") is not None
    before = [p for p in paragraphs if parent(p).tag == f"{W}body"]
    assert [texts(p) for p in before if not chained(p)] == []


def test_the_rows_hold_together_and_let_go_of_what_follows() -> None:
    section = signatures("**A**", f"By: {LINE}", "**B**", f"By: {LINE}", "**C**", f"By: {LINE}")
    document = part(render_docx("T", [], [section]))

    rows = [[chained(p) for p in row.iter(f"{W}p")] for row in document.iter(f"{W}tr")]

    assert rows == [[True] * 4, [False] * 3]


def test_the_table_has_no_borders_and_a_paragraph_follows_it() -> None:
    document = part(render_docx("T", [], [signatures("**A**", f"By: {LINE}")]))

    assert document.find(f".//{W}tblBorders") is None
    following = found(document, "body/tbl").getnext()
    assert following is not None
    assert following.tag == f"{W}p"
