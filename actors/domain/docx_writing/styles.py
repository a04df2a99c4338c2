"""The look of a document: one paragraph style for each part of a contract.

Lengths are in twips, sizes of type in half-points. The typeface is on every machine with Word; LibreOffice sets
Caladea in its place, which has the same widths.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from actors.domain.docx_writing.elements import Element, w
from actors.domain.docx_writing.levels import CLAUSE_INDENT
from actors.domain.docx_writing.paper import Paper

FONT: Final = "Cambria"
SUBSTITUTE: Final = "Caladea"
OUTLINE_LIST: Final = 1
"""Id of the list to which headings, clauses, items and sub-items belong."""

_GREY, _AMBER, _CREAM = "595959", "C9A227", "FFF8E1"
_TEXT_SIZE = 22
_SINGLE = 240  # line height, in 240ths of a line
_TEXT_LINE = 264


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style; what is not said is as in its parent."""

    id: str
    name: str
    based_on: str = "Normal"
    following: str = ""
    """Id of the style of the paragraph that Enter opens; empty for the same again."""
    together: bool = False
    """Stays whole, and on one page with the paragraph that follows."""
    page_break: bool = False
    list_level: int | None = None
    """Level in the outline list."""
    spacing: tuple[int, int, int] | None = None
    """Above, below, line height."""
    indent: int = 0
    align: Literal["", "left", "center", "both"] = ""
    heading: bool = False
    """Stands in Word's navigation pane."""
    bold: bool = False
    size: int = 0
    color: str = ""


_BUILT_IN = frozenset({"Normal", "Title", "Heading1", "Footer"})
_STYLES = (
    Style("Normal", "Normal", based_on="", align="both"),
    Style(
        "Title", "Title", following="Normal", together=True, spacing=(120, 320, _SINGLE), align="center",
        bold=True, size=34,
    ),
    Style("Note", "Note", spacing=(0, 120, _SINGLE), indent=170, align="left", size=20),
    Style(
        "Heading1", "heading 1", following="Clause", together=True, list_level=0, spacing=(320, 120, _SINGLE),
        align="left", heading=True, bold=True, size=24,
    ),
    Style(
        "PlainHeading", "Plain Heading", following="Normal", together=True, spacing=(320, 120, _SINGLE), align="left",
        heading=True, bold=True, size=24,
    ),
    Style(
        "ScheduleHeading", "Schedule Heading", following="Normal", together=True, page_break=True,
        spacing=(0, 320, _SINGLE), align="center", heading=True, bold=True, size=26,
    ),
    Style("Clause", "Clause", list_level=1),
    Style("ClauseItem", "Clause Item", list_level=2),
    Style("ClauseSubitem", "Clause Subitem", list_level=3),
    Style("ClauseText", "Clause Text", indent=CLAUSE_INDENT),
    Style("Definition", "Definition", based_on="ClauseText"),
    Style("ListItem", "List Item"),
    Style("ListSubitem", "List Subitem"),
    Style("Signatory", "Signatory", following="SignatureLine", together=True, spacing=(0, 60, _SINGLE), align="left"),
    Style("SignatureLine", "Signature Line", together=True, spacing=(260, 0, _SINGLE), align="left"),
    Style("Footer", "footer", spacing=(0, 0, _SINGLE), align="left", size=17, color=_GREY),
)  # fmt: skip


def styles_part(paper: Paper) -> Element:
    """Return the root of `styles.xml`."""
    return w("styles", _defaults(paper), *(_written(style, paper) for style in _STYLES), _plain_table())


def _defaults(paper: Paper) -> Element:
    fonts = w("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)
    language = w("lang", val=paper.language, eastAsia=paper.language, bidi="ar-SA")
    return w(
        "docDefaults",
        w("rPrDefault", w("rPr", fonts, *_size(_TEXT_SIZE), language)),
        w("pPrDefault", w("pPr", _spacing(0, 120, _TEXT_LINE))),
    )


def _written(style: Style, paper: Paper) -> Element:
    properties = [*_placing(style), *_surrounding(style, paper), *_measures(style)]
    looks = [*_weight(style), *_color(style), *_size(style.size)]
    return w(
        "style",
        w("name", val=style.name),
        *([w("basedOn", val=style.based_on)] if style.based_on else []),
        *([w("next", val=style.following)] if style.following else []),
        w("qFormat"),
        *([w("pPr", *properties)] if properties else []),
        *([w("rPr", *looks)] if looks else []),
        type="paragraph",
        styleId=style.id,
        **_origin(style),
    )


def _origin(style: Style) -> dict[str, str]:
    if style.id == "Normal":
        return {"default": "1"}
    return {} if style.id in _BUILT_IN else {"customStyle": "1"}


def _placing(style: Style) -> Iterator[Element]:
    if style.together:
        yield w("keepNext")
        yield w("keepLines")
    if style.page_break:
        yield w("pageBreakBefore")
    if style.id == "Normal":
        yield w("widowControl")
    if style.list_level is not None:
        level = [w("ilvl", val=style.list_level)] if style.list_level else []
        yield w("numPr", *level, w("numId", val=OUTLINE_LIST))


def _surrounding(style: Style, paper: Paper) -> Iterator[Element]:
    if style.id == "Note":
        sides = (("top", 6), ("left", 8), ("bottom", 6), ("right", 8))
        yield w("pBdr", *(w(side, val="single", sz=8, space=space, color=_AMBER) for side, space in sides))
        yield w("shd", val="clear", color="auto", fill=_CREAM)
    if style.id == "Footer":
        yield w("tabs", w("tab", val="right", pos=paper.text_width))


def _measures(style: Style) -> Iterator[Element]:
    if style.spacing:
        yield _spacing(*style.spacing)
    if style.indent:
        right = {"right": style.indent} if style.id == "Note" else {}
        yield w("ind", left=style.indent, **right)
    if style.align:
        yield w("jc", val=style.align)
    if style.heading:
        yield w("outlineLvl", val=0)


def _spacing(above: int, below: int, line: int) -> Element:
    return w("spacing", before=above, after=below, line=line, lineRule="auto")


def _weight(style: Style) -> list[Element]:
    return [w("b"), w("bCs")] if style.bold else []


def _color(style: Style) -> list[Element]:
    return [w("color", val=style.color)] if style.color else []


def _size(half_points: int) -> list[Element]:
    return [w("sz", val=half_points), w("szCs", val=half_points)] if half_points else []


def _plain_table() -> Element:
    margins = (w(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right"))
    return w(
        "style",
        w("name", val="Normal Table"),
        w("uiPriority", val=99),
        w("semiHidden"),
        w("unhideWhenUsed"),
        w("tblPr", w("tblInd", w=0, type="dxa"), w("tblCellMar", *margins)),
        type="table",
        default="1",
        styleId="TableNormal",
    )
