"""A draft's document as the bytes of a file: Markdown, Word or PDF."""

import datetime
from collections.abc import Mapping
from typing import Any, Literal

from actors.domain.docx_writing.paper import PaperSize
from actors.progress import DraftProgress
from actors.report import ordered_sections, remarks_of, title_of

Format = Literal["md", "docx", "pdf"]
FORMATS: tuple[Format, ...] = ("md", "docx", "pdf")


def document_bytes(form: Format, progress: DraftProgress, report: Mapping[str, Any]) -> bytes:
    """Return the document of a draft that has one. A PDF takes some tenths of a second of this thread.

    Args:
        form: Which file.
        progress: The draft's state.
        report: Its report, of `report_of`.
    """
    match form:
        case "md":
            return str(report["document"]["markdown"]).encode()
        case "docx":
            from actors.domain.docx_rendering import render_docx  # noqa: PLC0415 (slow to import, seldom needed)

            parts = title_of(progress), remarks_of(progress), ordered_sections(progress)
            return render_docx(*parts, paper_of(report))
        case "pdf":
            from actors.domain.pdf_rendering import render_pdf  # noqa: PLC0415 (likewise)

            as_of = datetime.date.fromisoformat(report["as_of"])
            parts = title_of(progress), remarks_of(progress), ordered_sections(progress)
            return render_pdf(*parts, as_of, paper_of(report))


def paper_of(report: Mapping[str, Any]) -> PaperSize:
    """Return the paper of the place whose law the document is under."""
    return "a4" if (report["matter"]["jurisdiction"] or "").startswith("UK") else "letter"
