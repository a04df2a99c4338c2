"""Web pages, PDF and Word files become text, and what hides or harms in them does not."""

import io
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter

from actors.domain.importing.pdf import read_pdf
from actors.domain.importing.web_page import read_web_page
from actors.errors import InvalidInputError
from tests.unit.import_origin import parse

PAGE = """<!DOCTYPE html><html><head><title>Bee &amp; lease</title><style>p {color: red}</style></head><body>
<nav>Home</nav><script>document.write("<p>evil</p>")</script>
<h1>Lease</h1><h2>1. Bees</h2><p>The lessee keeps<br>no bees in the <b>garden</b>, ever.<!-- secret --></p>
<h2>2. Honey</h2><ol type="a"><li>Honey is shared between the parties.</li><li>Wax is not shared at all.</li></ol>
<table><tr><td>jars</td><td>ten</td></tr></table></body></html>"""

FONT = "/Resources << /Font << /F1 3 0 R >> >>"


def pdf(*pages: str) -> bytes:
    """Return a PDF with a line of text on each page, written by hand."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for page in pages:
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in page.split("\n"))
        stream = f"BT /F1 12 Tf 72 720 Td {lines}ET"
        kids.append(f"{len(objects) + 1} 0 R")
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {FONT} /Contents {len(objects) + 2} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def test_a_web_page_becomes_clauses_without_scripts_and_menus(tmp_path: Path) -> None:
    bees, honey = parse(tmp_path, "lease.html", PAGE).passages

    assert (bees.heading, bees.text) == (
        "Bee & lease – Bees",
        "The lessee keeps\nno bees in the garden, ever.",
    )
    assert honey.text == (
        "(a) Honey is shared between the parties.\n\n(b) Wax is not shared at all.\n\njars | ten"
    )


@pytest.mark.parametrize(
    "page",
    [
        "<meta charset=iso-8859-2><p>Ko\u0161ice".encode("iso-8859-2"),
        '<?xml version="1.0" encoding="utf-8"?><html><p>Ko\u0161ice</p></html>'.encode(),
        "<p>Ko\u0161ice</p>".encode("utf-16"),
    ],
)
def test_a_web_page_is_read_in_the_encoding_that_it_declares(page: bytes) -> None:
    assert read_web_page(page) == ("", "Košice")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"<script>1</script>", "no text"),
        (b"<p>a\x00b</p>", "NUL"),
        ("<meta charset='utf-8'><p>caf\u00e9".encode("latin-1"), "says that it is utf-8"),
        (b"<meta charset='klingon'><p>\xff\xfa", "says that it is klingon"),
        (b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000, "no text|no sound HTML"),
    ],
)
def test_a_web_page_without_readable_text_is_refused(page: bytes, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        read_web_page(page)


def test_a_web_page_fetches_and_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("very secret")
    page = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{tmp_path}/secret">]><p>Before &x; after.</p>'
        f'<iframe src="{tmp_path}/secret">frame</iframe>'
    )
    assert "secret" not in read_web_page(page.encode())[1].replace("/secret", "")


def test_a_pdf_becomes_clauses(tmp_path: Path) -> None:
    content = pdf(
        "1. Bees\nThe lessee keeps no bees in the garden, ever.", "2. Honey\nHoney is shared by the parties."
    )
    found = parse(tmp_path, "lease.pdf", content).passages

    assert [one.heading for one in found] == ["Bees", "Honey"]
    assert "no bees in the garden" in found[0].text


def test_page_numbers_and_running_heads_of_a_pdf_are_left_out() -> None:
    pages = [f"BEE LEASE\nWords of page {word}.\nPage {n} of 5" for n, word in enumerate("abcde", 1)]
    text = read_pdf(pdf(*pages))
    assert text.splitlines() == [f"Words of page {word}." for word in "abcde"]


def encrypted() -> bytes:
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypted(), "encrypted"),
        (pdf(""), "no text layer"),
        (pdf("Bees")[:300], "no sound PDF|no text layer"),
        (b"%PDF-1.4\n%%EOF", "no sound PDF"),
        (b"hello", "no sound PDF"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        read_pdf(content)


def test_a_word_file_becomes_clauses(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("1. Bees", level=1)
    document.add_paragraph("The lessee keeps no bees in the garden, ever.")
    document.save(str(tmp_path / "x.docx"))

    (clause,) = parse(tmp_path, "lease.docx", (tmp_path / "x.docx").read_bytes()).passages

    assert (clause.heading, clause.text) == ("Bees", "The lessee keeps no bees in the garden, ever.")


@pytest.mark.parametrize("name", ["a.docx", "a.md"])
def test_a_damaged_word_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInputError, match="Word file"):
        parse(tmp_path, name, b"PK\x03\x04 nothing")
