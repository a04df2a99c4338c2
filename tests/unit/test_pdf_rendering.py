"""The PDF against the sections that it was made from."""

import datetime
import io
import re

import pypdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.docx_writing.paper import PaperSize
from actors.domain.markup import escape, plain
from actors.domain.pdf_rendering import render_pdf
from actors.domain.pdf_writing import typesetting
from actors.domain.sections import Blank, Paragraph, Section
from actors.errors import InvalidInputError
from tests.documents.library_documents import AS_OF, Drafted, draft, every_fact, matter_for

PLACES: dict[str, PaperSize] = {"US-DE": "letter", "UK-EW": "a4"}


def drafted(type_id: str, place: str, *, known: bool = True) -> Drafted:
    facts = every_fact(type_id) if known else {}
    return draft(matter_for(type_id, place, named=known, facts=facts))


def opened(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def squeezed(text: str) -> str:
    """Return a text without its white space: where a line ends on paper is nobody's business."""
    return re.sub(r"\s", "", text)


def words_of(data: bytes) -> str:
    """Return all words of a PDF, without white space and without the footers."""
    pages = (page.extract_text() for page in opened(data).pages)
    return squeezed("".join(re.sub(r"\n?[^\n]*\n?Page \d+ of \d+\s*$", "", page) for page in pages))


def one_section(*texts: str, heading: str = "Fees") -> Section:
    paragraphs = tuple(Paragraph(kind="body", text=text) for text in texts)
    return Section(index=0, id="s", kind="clause", number="1", heading=heading, paragraphs=paragraphs)


def rendered(*texts: str, title: str = "Agreement") -> bytes:
    return render_pdf(title, (), [one_section(*texts)], AS_OF)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("type_id", ["nda_mutual", "lease", "services"])
def test_every_line_of_the_document_is_in_the_file_and_in_its_order(type_id: str, place: str) -> None:
    document = drafted(type_id, place)

    words = words_of(
        render_pdf(document.plan.title, ["Checked by nobody."], document.sections, AS_OF, PLACES[place])
    )

    at = words.index("Note.Checkedbynobody.")
    for section in document.sections:
        lines = [(section.title, True)] + [
            (f"{paragraph.label} {plain(paragraph.text)}", paragraph.kind != "signature")
            for paragraph in section.paragraphs
        ]
        for line in (squeezed(text) for text, in_order in lines if in_order and text.strip()):
            at = words.index(line, at) + len(line)


def test_section_titles_are_the_files_outline() -> None:
    document = drafted("lease", "UK-EW")

    outline = opened(render_pdf(document.plan.title, (), document.sections, AS_OF, "a4")).outline

    told = [squeezed(str(entry.title)) for entry in outline if isinstance(entry, pypdf.generic.Destination)]
    assert told == [squeezed(section.title) for section in document.sections if section.title]


@pytest.mark.parametrize(
    "name",
    [
        "A & B <Ltd>",
        "#emph[x]",
        "*bold* _it_ $x$ `code` @ref <label> // no comment",
        '"; #panic() //',
        "#sys.inputs.document",
        "\\#let x = 1",
        "Łódź Żółć Sp. z o.o.",
        "Ωμέγα Α.Ε.",
        "ООО «Привет»",
        "Đặng – “quoted” ’s § 5 ¶ €1 £2",
    ],
)
def test_a_name_is_printed_as_it_was_given(name: str) -> None:
    words = words_of(rendered(f"Between {escape(name)} and others.", title=escape(name)))
    assert words.startswith(squeezed(name))
    assert squeezed(f"Between {name} and others.") in words


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60))
def test_no_signs_on_a_keyboard_are_read_as_markup(text: str) -> None:
    assert squeezed(text) in words_of(rendered(escape(f"<{text}>")))


def test_a_blank_is_to_be_seen() -> None:
    blank = Blank(id="fee", label="Fee", kind="money", question="How much?")
    bare = one_section("It costs [Fee], and [Other] is no blank.")

    files = [
        opened(render_pdf("Agreement", (), [section], AS_OF))
        for section in (bare, bare.model_copy(update={"blanks": (blank,)}))
    ]

    without, with_blank = (file.pages[0].get_contents() for file in files)
    assert without is not None
    assert with_blank is not None
    yellow = re.compile(rb"\b1 0\.949\d* 0\.658\d* scn")
    assert (len(yellow.findall(without.get_data())), len(yellow.findall(with_blank.get_data()))) == (0, 1)
    assert "Itcosts[Fee]," in squeezed(files[1].pages[0].extract_text())


def links_of(data: bytes) -> list[str]:
    return [
        annotation.get_object()["/Subtype"]
        for page in opened(data).pages
        for annotation in page.get("/Annots", [])
    ]


def test_a_reference_leads_to_its_place() -> None:
    paragraphs = (
        Paragraph(kind="clause", label="1.1", text="Fees are due."),
        Paragraph(kind="clause", label="1.2", text="Section 1.1 holds; Section 7.7 is nowhere."),
    )
    section = Section(index=0, id="s", kind="clause", number="1", heading="Fees", paragraphs=paragraphs)

    assert links_of(render_pdf("Agreement", (), [section], AS_OF)) == ["/Link"]


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_the_paper_is_the_one_asked_for(paper: PaperSize, size: tuple[int, int]) -> None:
    page = opened(render_pdf("Agreement", (), [one_section("Text.")], AS_OF, paper)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_pages_are_counted() -> None:
    file = opened(rendered(*["A paragraph that takes its line."] * 120))
    feet = [page.extract_text().rstrip().splitlines()[-1] for page in file.pages]
    assert [foot[foot.index("Page") :] for foot in feet] == [
        f"Page {number} of {len(file.pages)}" for number in range(1, len(file.pages) + 1)
    ]
    assert len(file.pages) > 2


def test_the_signatures_of_two_parties_stand_on_one_page_whatever_stands_before_them() -> None:
    lines = (
        "**Northwind, Inc.**",
        "By: ____________________",
        "**Blue Heron LLC**",
        "By: ____________________",
    )
    signing = Section(
        index=1,
        id="signatures",
        kind="signature",
        number="",
        heading="Signatures",
        paragraphs=(
            Paragraph(kind="body", text="Signed by the parties."),
            *(Paragraph(kind="signature", text=line) for line in lines),
        ),
    )
    for before in range(20, 44, 3):
        pages = opened(
            render_pdf("Agreement", (), [one_section(*["One line."] * before), signing], AS_OF)
        ).pages
        texts = [page.extract_text() for page in pages]
        (whole,) = (text for text in texts if "Signatures" in text)
        assert all(word in whole for word in ("Signed by the parties.", "Northwind", "Blue Heron"))


def test_equal_documents_are_equal_files_with_the_day_of_their_law() -> None:
    first, second = rendered("Text."), rendered("Text.")
    later = render_pdf("Agreement", (), [one_section("Text.")], datetime.date(2027, 1, 5))

    assert first == second
    created = [opened(data).metadata for data in (first, later)]
    assert [info.creation_date.date() for info in created if info and info.creation_date] == [
        *(AS_OF, datetime.date(2027, 1, 5))
    ]


def test_the_file_names_its_title_and_nobody() -> None:
    info = opened(rendered("Text.", title="Agreement **of** A &amp; B")).metadata
    assert info
    assert info.title == "Agreement of A & B"
    assert info.author is None


def test_the_file_says_that_it_is_for_archives_and_for_all_readers() -> None:
    data = rendered("Text.")
    assert b"pdfaid:part>2<" in data
    assert b"pdfaid:conformance>A<" in data
    assert b"pdfuaid:part>1<" in data


def test_a_control_character_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidInputError, match=r"U\+0007"):
        rendered("Bell \a rings.")


def test_a_sign_that_no_font_draws_stands_as_its_code_and_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    own = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(typesetting, "_fonts", lambda **_: own)  # a machine without fonts

    words = words_of(rendered("Between 株式会社 and others."))

    assert "Between[U+682A][U+5F0F][U+4F1A][U+793E]andothers." in words
    assert "whichstandascodes:U+4F1A,U+5F0F,U+682A,U+793E." in words
