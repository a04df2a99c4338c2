"""The Word file against the sections that it was made from."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from actors.domain.docx_reading import read_docx
from actors.domain.docx_rendering import render_docx
from actors.domain.markup import escape, plain
from actors.domain.sections import Blank, Paragraph, Section
from actors.errors import InvalidInputError
from tests.documents.library_documents import Drafted, draft, every_fact, matter_for
from tests.unit.docx_parts import W, found, part, texts, values

TYPES = ("nda_mutual", "nda_one_way", "services", "employment", "contractor")
PLACES = ("US-DE", "UK-EW")


def drafted(type_id: str, place: str, *, known: bool = True) -> Drafted:
    facts = every_fact(type_id) if known else {}
    return draft(matter_for(type_id, place, named=known, facts=facts))


def rendered(document: Drafted) -> bytes:
    return render_docx(document.plan.title, ["Checked by nobody yet."], document.sections)


def body_lines(document: Drafted) -> Iterator[str]:
    """Yield each line as a reader sees it, the signature blocks left out."""
    for section in document.sections:
        if section.title:
            yield plain(section.title)
        for paragraph in section.paragraphs:
            if paragraph.kind != "signature":
                yield f"{paragraph.label} {plain(paragraph.text)}".strip()


def clause(*texts_of_items: str, heading: str = "Fees") -> Section:
    """Return section 1 with one clause a text; a text with a label in front of "|" is an item."""
    paragraphs = []
    for text in texts_of_items:
        label, _, rest = text.partition("|") if "|" in text else ("", "", text)
        kind = "clause" if re.fullmatch(r"[\d.]+", label) else "item" if label else "body"
        paragraphs.append(Paragraph.model_validate({"kind": kind, "label": label, "text": rest}))
    return Section(index=0, id="s", kind="clause", number="1", heading=heading, paragraphs=tuple(paragraphs))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("type_id", TYPES)
def test_the_file_reads_back_as_the_document_with_words_own_numbers(type_id: str, place: str) -> None:
    document = drafted(type_id, place)

    lines = read_docx(rendered(document)).rstrip("\n").split("\n\n")

    assert lines[:2] == [f"# {document.plan.title}", "Note. Checked by nobody yet."]
    read = [line.removeprefix("## ") for line in lines[2:] if not line.startswith("|")]
    assert read == list(body_lines(document))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("type_id", TYPES)
def test_no_number_is_typed(type_id: str, place: str) -> None:
    document = drafted(type_id, place)

    paragraphs = [texts(p) for p in part(rendered(document)).iter(f"{W}p")]

    assert len(paragraphs) > 50
    assert [text for text in paragraphs if re.match(r"\d+\.|\([a-zA-Z0-9]+\)", text)] == []


def test_libreoffice_counts_as_the_document_does(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    documents = {"a": drafted("services", "UK-EW"), "b": drafted("employment", "US-CA")}
    for name, document in documents.items():
        (tmp_path / f"{name}.docx").write_bytes(rendered(document))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(path) for path in sorted(tmp_path.glob("*.docx"))]

    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=120)

    for name, document in documents.items():
        lines = [
            " ".join(line.split()) for line in (tmp_path / f"{name}.txt").read_text("utf-8-sig").splitlines()
        ]
        read = iter(lines)
        assert [line for line in body_lines(document) if line not in read] == []


def test_section_headings_stand_in_the_navigation_pane() -> None:
    data = rendered(drafted("services", "US-DE"))

    outlined = {
        style.get(f"{W}styleId")
        for style in part(data, "word/styles.xml")
        if style.find(f".//{W}outlineLvl") is not None
    }
    headings = [
        texts(p) for p in part(data).iter(f"{W}p") if found(p, "pPr/pStyle").get(f"{W}val") in outlined
    ]

    assert headings[:3] == ["Background", "Definitions", "Services"]
    assert headings[-1] == "Exhibit A: First Statement of Work"


@pytest.mark.parametrize(
    "value",
    ["A & B <Ltd>", "{{7*7}}", "*x* _y_ `z`", "[link](http://a.b)", "a\\b", "&amp; &lt;", "“Ünïcode” 律 𝛼"],
)
def test_a_value_comes_out_exactly_as_it_was_given(value: str) -> None:
    section = clause(f"1.1|**{escape(value)}** is a party.", heading=escape(value))

    data = render_docx(escape(value), [escape(value)], [section])

    assert read_docx(data) == f"# {value}\n\nNote. {value}\n\n## 1. {value}\n\n1.1 {value} is a party.\n"


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1).map(
        lambda text: " ".join(text.split())
    )
)
def test_any_printable_text_survives(value: str) -> None:
    data = render_docx("T", [], [clause(f"1.1|x{escape(value)}x")])

    assert texts(part(data)) == f"TFees{'x' + value + 'x'}"


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe"])
@pytest.mark.parametrize("where", ["title", "remark", "text"])
def test_a_sign_that_no_word_file_can_hold_is_refused_by_name(sign: str, where: str) -> None:
    words = {"title": "T", "remark": "R", "text": "X"} | {where: f"ab{sign}"}
    with pytest.raises(InvalidInputError, match=rf"U\+{ord(sign):04X}"):
        render_docx(words["title"], [words["remark"]], [clause(words["text"])])


def test_equal_arguments_give_equal_bytes_without_a_date() -> None:
    document = drafted("nda_mutual", "US-DE")

    data = rendered(document)

    assert data == rendered(document)
    assert re.findall(rb"20\d\d-\d\d-\d\d", etree.tostring(part(data, "docProps/core.xml"))) == []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_library_opens_the_file_and_finds_no_person_in_it() -> None:
    opened = Document(io.BytesIO(render_docx("A & B", [], [clause("1.1|X")])))

    properties = opened.core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == ("A & B", "lexray", "lexray")
    assert [found.style.name for found in opened.paragraphs] == ["Title", "Heading 1", "Clause"]


def test_nothing_outside_the_file_is_named() -> None:
    data = rendered(drafted("services", "UK-EW"))

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
        assert sorted(archive.namelist()) == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/fontTable.xml",
            "word/footer1.xml",
            "word/numbering.xml",
            "word/settings.xml",
            "word/styles.xml",
        ]
    assert not any(b"External" in link for link in links)


def test_blanks_are_highlighted_and_other_brackets_are_not() -> None:
    blank = Blank(id="fee", label="Fee (USD)", kind="money", question="How much?")
    section = clause("1.1|The fee is **[Fee (USD)]**, not [sic] or [Fee].").model_copy(
        update={"blanks": (blank,)}
    )

    runs = [
        run
        for run in part(render_docx("T", [], [section])).iter(f"{W}r")
        if run.find(f".//{W}highlight") is not None
    ]

    assert [texts(run) for run in runs] == ["[Fee (USD)]"]
    assert runs[0].find(f"{W}rPr/{W}b") is not None


@pytest.mark.parametrize(
    ("paper", "size", "language"), [("letter", "12240", "en-US"), ("a4", "11906", "en-GB")]
)
def test_the_paper_brings_its_spelling_along(paper: str, size: str, language: str) -> None:
    data = render_docx("T", [], [clause("1.1|X")], "a4" if paper == "a4" else "letter")

    shown = values(part(data), "pgSz", "w"), values(part(data, "word/styles.xml"), "lang")
    assert shown == ([size], [language])


def test_each_schedule_begins_on_a_new_page() -> None:
    styles = part(rendered(drafted("services", "UK-EW")), "word/styles.xml")

    style = next(found for found in styles if found.get(f"{W}styleId") == "ScheduleHeading")
    assert style.find(f"{W}pPr/{W}pageBreakBefore") is not None


def test_words_that_lead_to_a_list_stay_with_it() -> None:
    data = render_docx("T", [], [clause("1.1|The fee is:", "(a)|one; or", "(b)|two.")])

    kept = [texts(p) for p in part(data).iter(f"{W}p") if p.find(f"{W}pPr/{W}keepNext") is not None]

    assert kept == ["The fee is:"]
