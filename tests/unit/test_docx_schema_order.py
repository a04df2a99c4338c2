"""The order of elements: Word calls a file corrupt whose properties stand in another order than the schema's.

Source: ISO/IEC 29500-1, annex A.1, the sequences of CT_PPr, CT_RPr, CT_SectPr, CT_TblPr and so on.
"""

import io
import zipfile

import pytest
from lxml import etree

from actors.domain.docx_rendering import render_docx
from actors.domain.sections import Blank, Paragraph, Section
from tests.documents.library_documents import draft, every_fact, matter_for
from tests.unit.docx_parts import W, part, values

ORDER = {
    "pPr": """pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
        suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
        snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
        textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange""",
    "rPr": """rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid
        vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em
        lang eastAsianLayout specVanish oMath""",
    "sectPr": """headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType
        pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings""",
    "tblPr": """tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing
        tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription""",
    "tblCellMar": "top start left bottom end right",
    "tcPr": """cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign
        hideMark""",
    "tcMar": "top start left bottom end right",
    "pBdr": "top left bottom right between bar",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p",
    "p": "pPr bookmarkStart r bookmarkEnd",
    "numPr": "ilvl numId",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "num": "abstractNumId lvlOverride",
    "lvlOverride": "startOverride lvl",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "style": """name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked
        personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr""",
    "settings": """view zoom mirrorMargins defaultTabStop autoHyphenation evenAndOddHeaders characterSpacingControl
        footnotePr endnotePr compat docVars rsids themeFontLang clrSchemeMapping shapeDefaults decimalSymbol
        listSeparator""",
    "font": "altName panose1 charset family notTrueType pitch sig embedRegular",
}
FREE = {"p"}  # in whose middle the order is the text's own
PARTS = ("document", "styles", "numbering", "settings", "fontTable", "footer1")


def everything() -> bytes:
    """Return a file in which each construct of the renderer stands."""
    drafted = draft(matter_for("services", "UK-EW", named=False))
    blank = Blank(id="b", label="Fee", kind="money", question="How much?")
    odd = Section(
        index=99, id="odd", kind="clause", number="40", heading="Odd", blanks=(blank,),
        paragraphs=(
            Paragraph(kind="clause", label="40.7", text="From **[Fee]** on, see clause 40.7(a):"),
            Paragraph(kind="item", label="(a)", text="one"),
            Paragraph(kind="subitem", label="(iv)", text="four"),
            Paragraph(kind="clause", label="§ 9", text="typed"),
        ),
    )  # fmt: skip
    return render_docx("T", ["a", "b"], [odd, *drafted.sections], "a4")


def disorders(element: etree._Element) -> list[str]:
    """Return the children that are unknown or stand before their time."""
    name = etree.QName(element).localname
    if name not in ORDER or name in FREE:
        return []
    order = {child: position for position, child in enumerate(ORDER[name].split())}
    children = [etree.QName(child).localname for child in element]
    unknown = [f"{name}/{child} is not known" for child in children if child not in order]
    places = [order[child] for child in children if child in order]
    return unknown or ([] if places == sorted(places) else [f"{name}: {children}"])


@pytest.mark.parametrize("name", PARTS)
def test_properties_stand_in_the_order_of_the_schema(name: str) -> None:
    root = part(everything(), f"word/{name}.xml")

    assert [found for element in root.iter() for found in disorders(element)] == []


def test_the_check_sees_a_wrong_order() -> None:
    wrong = etree.fromstring(f'<w:pPr xmlns:w="{W[1:-1]}"><w:jc/><w:ind/></w:pPr>')

    assert disorders(wrong) == ["pPr: ['jc', 'ind']"]


def test_properties_come_first_in_a_paragraph_and_in_a_run() -> None:
    root = part(everything())

    for name in ("p", "r"):
        for element in root.iter(f"{W}{name}"):
            children = [etree.QName(child).localname for child in element]
            assert f"{name}Pr" not in children[1:]


def test_every_style_and_list_that_is_named_exists() -> None:
    data = everything()
    styles = set(values(part(data, "word/styles.xml"), "style", "styleId"))
    lists = set(values(part(data, "word/numbering.xml"), "num", "numId"))

    for name in PARTS:
        root = part(data, f"word/{name}.xml")
        named = {value for tag in ("pStyle", "basedOn", "next") for value in values(root, tag)}
        assert named <= styles
        assert set(values(root, "numId")) <= lists


def test_every_part_has_a_content_type_and_every_link_a_part() -> None:
    with zipfile.ZipFile(io.BytesIO(everything())) as archive:
        names = set(archive.namelist())
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        links = etree.fromstring(archive.read("word/_rels/document.xml.rels"))

    typed = {element.get("PartName") for element in types if element.get("PartName")}
    assert typed == {
        f"/{name}" for name in names if not name.endswith(".rels") and name != "[Content_Types].xml"
    }
    assert {f"word/{link.get('Target')}" for link in links} <= names


def test_fields_begin_and_end_in_one_paragraph() -> None:
    root = part(
        render_docx("T", [], draft(matter_for("services", "US-DE", facts=every_fact("services"))).sections)
    )

    for paragraph in root.iter(f"{W}p"):
        states = [mark.get(f"{W}fldCharType") for mark in paragraph.iter(f"{W}fldChar")]
        assert states == ["begin", "separate", "end"] * (len(states) // 3)
