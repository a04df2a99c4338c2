"""The document as a Word file: numbered by Word, with live cross-references, ready to be sent out.

sections ─► layout (styles, numbers) ─► inline (bold, blanks, references) ─► parts ─► package
"""

from collections.abc import Sequence

from actors.domain.docx_writing.body import BodyWriter
from actors.domain.docx_writing.bookmarks import Bookmarks
from actors.domain.docx_writing.elements import w
from actors.domain.docx_writing.frame import font_part, footer_part, page, settings_part
from actors.domain.docx_writing.inline import InlineWriter
from actors.domain.docx_writing.layout import lay_out, pointed_to
from actors.domain.docx_writing.lists import ListBook
from actors.domain.docx_writing.numbering import numbering_part
from actors.domain.docx_writing.package import packed
from actors.domain.docx_writing.paper import PAPERS, PaperSize
from actors.domain.docx_writing.references import targets
from actors.domain.docx_writing.styles import styles_part
from actors.domain.markup import plain
from actors.domain.sections import Section


def render_docx(
    title: str, remarks: Sequence[str], sections: Sequence[Section], paper: PaperSize = "letter"
) -> bytes:
    """Return the document as a DOCX file's bytes; equal arguments give equal bytes.

    Args:
        title: Inline Markdown.
        remarks: What a reader must know before the first word; inline Markdown, one boxed paragraph each.
        sections: In order. Their labels are printed by Word's own numbering wherever it can print them.
        paper: `a4` also sets the language to British English, `letter` to American English.

    Raises:
        InvalidInputError: The text has a sign that no Word file can hold.
    """
    sheet, book, bookmarks = PAPERS[paper], ListBook(), Bookmarks()
    laid = lay_out(sections, book)
    inline = InlineWriter(sections, targets(pointed_to(laid)), bookmarks)
    writer = BodyWriter(inline, bookmarks, sheet)
    body = w("body", *writer.opening(title, remarks), *writer.sections(laid), page(sheet))
    bookmarks.set_marks()
    shown = plain(title)
    siblings = {
        "footer1": footer_part(shown),
        "styles": styles_part(sheet),
        "numbering": numbering_part(book),
        "settings": settings_part(sheet),
        "fontTable": font_part(),
    }
    return packed(w("document", body), siblings, shown, sheet.language)
