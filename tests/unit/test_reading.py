"""Files come back as text, or with one clear sentence."""

import contextlib
import io
import zipfile
from collections.abc import Mapping

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.docx_numbering import format_count
from actors.domain.reading import MAX_TEXT_BYTES, read_document
from actors.errors import InvalidInputError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_body(xml: str) -> bytes:
    """Return a Word file with this raw XML as its body."""
    document = docx.Document()
    body = document.element.body
    for element in list(body):
        body.remove(element)
    for element in parse_xml(f"<w:body {W}>{xml}</w:body>"):
        body.append(element)
    return saved(document)


def repacked(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """Return the archive with entries replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in changes:
                new.writestr(entry.filename, old.read(entry))
        for name, content in changes.items():
            new.writestr(name, content)
    return stream.getvalue()


PLAIN = with_body("<w:p><w:r><w:t>One sentence.</w:t></w:r></w:p>")


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(InvalidInputError) as caught:
        read_document(name, data)
    assert caught.value.field == "file"
    return caught.value.reason


# Plain text


@pytest.mark.parametrize(
    "data",
    [
        "Die Vergütung beträgt 5 €.".encode(),
        "Die Vergütung beträgt 5 €.".encode("utf-8-sig"),
        "Die Vergütung beträgt 5 €.".encode("cp1252"),
        "Die Vergütung beträgt 5 €.".encode("utf-16"),
    ],
)
def test_text_is_read_in_the_encodings_that_people_have(data: bytes) -> None:
    assert read_document("a.txt", data) == "Die Vergütung beträgt 5 €."


def test_line_breaks_of_all_systems_become_one_kind() -> None:
    assert read_document("a.md", b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t ", "no text"),
        ("a.txt", b"a\x00b", "NUL"),
        ("a.txt", b"a\x07b", "control"),
        ("a.txt", b"a \xed\xa0\x80 b", "surrogate"),
        ("a.txt", bytes(range(128, 256)) * 4, "encoding"),
        ("a.txt", b"\xff\xfea", "UTF-16"),
        ("a.txt", b"a " * (MAX_TEXT_BYTES // 2 + 1), "5 MB"),
        ("a.pdf", b"%PDF-1.7 ...", "PDF"),
        ("a.txt", b"{\\rtf1 a}", "RTF"),
        ("a.exe", b"plain words", "only .md, .txt and .docx"),
        ("a.docx", b"plain words", "named like a Word file"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
        ("a.docx", b"PK\x05\x06" + b"\0" * 18, "empty zip"),
        ("a.docx", b"PK\x03\x04 and nothing more", "no readable Word file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(name: str, data: bytes, words: str) -> None:
    assert words in refusal(name, data)


@given(
    st.sampled_from(["a.txt", "a.md", "a.docx", "a"]),
    st.binary(max_size=300) | st.binary().map(lambda b: b"PK\x03\x04" + b),
)
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    with contextlib.suppress(InvalidInputError):
        assert read_document(name, data).strip()


# Word files: what is safe


def test_a_word_file_is_known_by_its_content() -> None:
    assert read_document("misnamed.txt", PLAIN) == "One sentence.\n"


def test_a_zip_archive_without_a_document_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("notes.txt", "hello")

    assert "not a Word document" in refusal("a.docx", stream.getvalue())


def test_a_part_that_unpacks_a_thousandfold_is_refused() -> None:
    bomb = repacked(PLAIN, {"word/media/image1.bin": b"\0" * 30_000_000})

    assert "unreasonable size" in refusal("a.docx", bomb)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    large = b"<w:document>" + b" " * 9_000_000 + b"</w:document>"
    data = repacked(PLAIN, {"word/document.xml": large})
    honest = len(large).to_bytes(4, "little")
    assert honest in data

    assert refusal("a.docx", data.replace(honest, (1_000).to_bytes(4, "little")))


def test_too_many_entries_are_refused() -> None:
    crowd = repacked(PLAIN, {f"word/x{index}.xml": b"" for index in range(2_100)})

    assert "entries" in refusal("a.docx", crowd)


@pytest.mark.parametrize(
    "name", ["../../evil.xml", "/etc/evil", "word/../../evil", "C:\\evil.xml", "word\\..\\evil.xml"]
)
def test_entry_names_that_point_outside_are_refused(name: str) -> None:
    assert "points outside" in refusal("a.docx", repacked(PLAIN, {name: b"x"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused() -> None:
    stream = io.BytesIO(PLAIN)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/document.xml", "<other/>")

    assert "two entries" in refusal("a.docx", stream.getvalue())


def test_macros_are_refused_whatever_the_name() -> None:
    assert "macros" in refusal("a.docx", repacked(PLAIN, {"word/vbaProject.bin": b"x"}))


def test_encrypted_entries_are_refused() -> None:
    data = bytearray(PLAIN)
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 0x1

    assert "encrypted" in refusal("a.docx", bytes(data))


def test_entity_declarations_are_refused() -> None:
    body = "<w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body>"
    xml = f'<!DOCTYPE d [<!ENTITY a "ha">]><w:document {W}>{body}</w:document>'

    assert "entities" in refusal("a.docx", repacked(PLAIN, {"word/document.xml": xml.encode()}))


def test_broken_xml_is_refused() -> None:
    assert "well-formed" in refusal("a.docx", repacked(PLAIN, {"word/document.xml": b"<w:document"}))


def test_nothing_outside_the_file_is_opened() -> None:
    relations = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
      <Relationship Id="rId1" TargetMode="External" Target="http://192.0.2.1/evil.docx"
        Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>"""

    assert (
        read_document("a.docx", repacked(PLAIN, {"word/_rels/document.xml.rels": relations}))
        == "One sentence.\n"
    )


# Word files: what they say


def test_headings_and_a_title_carry_their_level() -> None:
    document = docx.Document()
    document.add_heading("Services Agreement", 0)
    document.add_heading("Definitions", 1)
    document.add_heading("Terms", 2)
    document.add_paragraph("Plain words.")

    assert read_document("a.docx", saved(document)) == (
        "# Services Agreement\n\n## Definitions\n\n### Terms\n\nPlain words.\n"
    )


def numbered(levels: str, paragraphs: list[tuple[int, str]], override: str = "") -> str:
    """Return the text of a document whose paragraphs, as (level, words), share one multi-level list.

    A level of 10 or more stands for the same level in a second instance of that list.
    """
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        f'<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="4"><w:abstractNumId w:val="7"/>{override}</w:num></w:numbering>'
    )
    body = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level % 10}"/><w:numId w:val="{3 + level // 10}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{words}</w:t></w:r></w:p>"
        for level, words in paragraphs
    )
    return read_document("a.docx", repacked(with_body(body), {"word/numbering.xml": numbering.encode()}))


def level(index: int, form: str, text: str, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


LEGAL = (
    level(0, "decimal", "%1.")
    + level(1, "decimal", "%1.%2")
    + level(2, "lowerLetter", "(%3)")
    + level(3, "lowerRoman", "(%4)")
)


def test_multi_level_numbers_are_resolved_and_restart_under_each_parent() -> None:
    text = numbered(
        LEGAL,
        [(0, "A"), (1, "B"), (2, "C"), (2, "D"), (3, "E"), (3, "F"), (1, "G"), (2, "H"), (0, "I"), (1, "J")],
    )

    assert text.split("\n\n") == (
        ["1. A", "1.1 B", "(a) C", "(b) D", "(i) E", "(ii) F", "1.2 G", "(a) H", "2. I", "2.1 J\n"]
    )


def test_start_values_articles_and_legal_numbers_print_as_in_word() -> None:
    levels = level(0, "upperRoman", "Article %1", start=4) + level(
        1, "decimalZero", "%1.%2", more="<w:isLgl/>"
    )

    assert (
        numbered(levels, [(0, "A"), (1, "B"), (0, "C"), (1, "D")])
        == "Article IV A\n\n4.1 B\n\nArticle V C\n\n5.1 D\n"
    )


def test_a_restarted_instance_counts_from_its_start_value() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'

    assert (
        numbered(LEGAL, [(0, "A"), (0, "B"), (10, "C"), (10, "D")], override)
        == "1. A\n\n2. B\n\n1. C\n\n2. D\n"
    )


def test_instances_of_one_definition_count_on_together() -> None:
    assert numbered(LEGAL, [(0, "A"), (10, "B")]) == "1. A\n\n2. B\n"


def test_headings_take_their_number_from_their_style() -> None:
    document = docx.Document()
    document.add_heading("Definitions", 1)
    document.add_heading("Confidentiality", 1)
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:pStyle w:val="Heading1"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        f'<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:numId w:val="3"/></w:numPr>'))

    text = read_document("a.docx", repacked(saved(document), {"word/numbering.xml": numbering.encode()}))

    assert text == "## 1. Definitions\n\n## 2. Confidentiality\n"


def test_bullets_are_dashes() -> None:
    assert numbered(level(0, "bullet", "•"), [(0, "A"), (0, "B")]) == "- A\n\n- B\n"


@pytest.mark.parametrize(
    ("count", "form", "printed"),
    [
        (3, "lowerLetter", "c"),
        (28, "upperLetter", "BB"),
        (9, "lowerRoman", "ix"),
        (1999, "upperRoman", "MCMXCIX"),
        (7, "decimalZero", "07"),
        (22, "ordinal", "22nd"),
        (13, "ordinal", "13th"),
        (2, "ordinalText", "Second"),
        (5, "someday", "5"),
        (0, "lowerRoman", "0"),
    ],
)
def test_number_formats_print_as_word_prints_them(count: int, form: str, printed: str) -> None:
    assert format_count(count, form) == printed


def test_tables_are_lines() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(
        (c for row in table.rows for c in row.cells), ["Fee", "Day", "$5", "1 May"], strict=True
    ):
        cell.text = words

    assert read_document("a.docx", saved(document)) == "| Fee | Day |\n| $5 | 1 May |\n"


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        "<w:p><w:r><w:t xml:space='preserve'>Pay </w:t></w:r>"
        "<w:del w:id='1' w:author='x'><w:r><w:delText>ten</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='x'><w:r><w:t>twenty</w:t></w:r></w:ins></w:p>"
        "<w:p><w:pPr><w:rPr><w:del w:id='3' w:author='x'/></w:rPr></w:pPr>"
        "<w:del w:id='4' w:author='x'><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
        "<w:p><w:r><w:t>Kept.</w:t></w:r></w:p>"
    )

    assert read_document("a.docx", with_body(body)) == "Pay twenty\n\nKept.\n"


def test_fields_show_the_text_that_word_stored() -> None:
    body = (
        "<w:p><w:r><w:t xml:space='preserve'>See Section </w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> REF _Ref1 \\r \\h </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>4.2</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        "<w:r><w:t xml:space='preserve'> and </w:t></w:r>"
        "<w:fldSimple w:instr='REF _Ref2'><w:r><w:t>5.1</w:t></w:r></w:fldSimple></w:p>"
    )

    assert read_document("a.docx", with_body(body)) == "See Section 4.2 and 5.1\n"


def test_headers_footers_and_hidden_text_are_left_out() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "HEADER"
    document.add_paragraph("Shown.").add_run("Hidden.").font.hidden = True

    assert read_document("a.docx", saved(document)) == "Shown.\n"
