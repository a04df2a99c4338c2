"""The document as a PDF: what is printed, with links where it refers to itself.

sections ─► layout (shared with the Word file) ─► inline (bold, blanks, links) ─► blocks ─► template
"""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from actors.domain.docx_writing.frame import shortened
from actors.domain.docx_writing.layout import lay_out, pointed_to
from actors.domain.docx_writing.lists import ListBook
from actors.domain.docx_writing.paper import PAPERS, Paper, PaperSize
from actors.domain.docx_writing.references import targets
from actors.domain.markup import plain
from actors.domain.pdf_writing.blocks import blocks_of
from actors.domain.pdf_writing.inline import InlineSetter, Stretch
from actors.domain.pdf_writing.typesetting import typeset, undrawable
from actors.domain.sections import Section
from actors.errors import ResourceMissingError

_TWIPS = 20  # in a point


def render_pdf(
    title: str,
    remarks: Sequence[str],
    sections: Sequence[Section],
    as_of: datetime.date,
    paper: PaperSize = "letter",
) -> bytes:
    """Return the document as a PDF file's bytes (PDF/A-2a and PDF/UA-1).

    Equal arguments give equal bytes: on every machine where Typst's own fonts suffice, else on the same one.

    Args:
        title: Inline Markdown.
        remarks: What a reader must know before the first word; inline Markdown, boxed.
        sections: In order. Their labels are printed as they are.
        as_of: The day whose law counts: the file's date.
        paper: `a4` also sets the language to British English, `letter` to American English.

    Returns:
        The file. A sign that no font of this machine draws stands in it by its code, as `[U+682A]`, and a remark at
        its head says so.

    Raises:
        InvalidInputError: The text has a sign that is none, such as a control character.
        ResourceMissingError: No font draws the text, though one does draw each of its signs.
    """
    laid = lay_out(sections, ListBook())
    inline = InlineSetter(sections, targets(pointed_to(laid)))
    document = {
        **_frame(plain(title), PAPERS[paper], as_of),
        "heading": _plainly(inline.stretches(title, heading=True)),
        "remarks": [_plainly(inline.stretches(remark)) for remark in remarks],
        "blocks": [asdict(block) for block in blocks_of(laid, inline)],
    }
    return typeset(document, as_of) or _by_codes(document, as_of)


def _frame(title: str, sheet: Paper, as_of: datetime.date) -> dict[str, Any]:
    """Return what surrounds the text, in points."""
    language, _, region = sheet.language.partition("-")
    return {
        "title": title,
        "footer": shortened(title),
        "date": {"year": as_of.year, "month": as_of.month, "day": as_of.day},
        "language": language,
        "region": region,
        "paper": {
            "width": sheet.width / _TWIPS,
            "height": sheet.height / _TWIPS,
            "margin": sheet.margin / _TWIPS,
        },
    }


def _plainly(stretches: Iterable[Stretch]) -> list[dict[str, Any]]:
    return [asdict(stretch) for stretch in stretches]


def _by_codes(document: dict[str, Any], as_of: datetime.date) -> bytes:
    """Return the PDF with a code for each sign that no font draws, and a remark about them."""
    text = json.dumps(document, ensure_ascii=False)
    missing = undrawable(sorted({sign for sign in text if not sign.isascii()}), as_of)
    coded = json.loads(text.translate({ord(sign): f"[U+{ord(sign):04X}]" for sign in missing}))
    codes = ", ".join(f"U+{ord(sign):04X}" for sign in missing)
    remark = f"No font on the machine that made this file has these signs, which stand as codes: {codes}."
    made = typeset({**coded, "remarks": [*coded["remarks"], _plainly([Stretch(remark)])]}, as_of)
    if made is None:
        raise ResourceMissingError(
            "no font can draw the document", "install fonts for its script, or leave pdf out of --format"
        )
    return made
