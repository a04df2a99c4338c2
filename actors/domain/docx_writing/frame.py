"""What surrounds the text: the page, its footer, the settings of the file."""

from actors.domain.docx_writing.elements import RELATIONSHIPS, Element, field, paragraph, run, w
from actors.domain.docx_writing.package import FOOTER_LINK
from actors.domain.docx_writing.paper import Paper
from actors.domain.docx_writing.styles import FONT, SUBSTITUTE

_WORD_2013 = 15  # without it, Word opens the file in compatibility mode
_FOOTER_TITLE_CHARS = 70


def page(paper: Paper) -> Element:
    """Return the properties of the document's only section."""
    margins = dict.fromkeys(("top", "right", "bottom", "left"), paper.margin)
    footer = w("footerReference", type="default")
    footer.set(f"{{{RELATIONSHIPS}}}id", FOOTER_LINK)
    return w(
        "sectPr",
        footer,
        w("pgSz", w=paper.width, h=paper.height),
        w("pgMar", **margins, header=709, footer=624, gutter=0),
        w("cols", space=708),
    )


def footer_part(title: str) -> Element:
    """Return the root of the footer: the title on the left, "Page 1 of 9" on the right."""
    content = [
        run(f"{shortened(title)}\tPage "),
        *field("PAGE", "1"),
        run(" of "),
        *field("NUMPAGES", "1"),
    ]
    return w("ftr", paragraph("Footer", content))


def shortened(title: str) -> str:
    """Return a title that fits into a footer."""
    if len(title) <= _FOOTER_TITLE_CHARS:
        return title
    return title[:_FOOTER_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def settings_part(paper: Paper) -> Element:
    """Return the root of `settings.xml`."""
    mode = w(
        "compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=_WORD_2013,
    )
    return w(
        "settings",
        w("defaultTabStop", val=720),
        w("characterSpacingControl", val="doNotCompress"),
        w("compat", mode),
        w("themeFontLang", val=paper.language),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )


def font_part() -> Element:
    """Return the root of `fontTable.xml`: what to take where the typeface is missing."""
    return w(
        "fonts",
        w(
            "font",
            w("altName", val=SUBSTITUTE),
            w("panose1", val="02040503050406030204"),
            w("charset", val="00"),
            w("family", val="roman"),
            w("pitch", val="variable"),
            name=FONT,
        ),
    )
