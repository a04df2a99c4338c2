"""The document as DOCX."""

import io
from collections.abc import Sequence

from docx import Document

from actors.domain.markup import runs
from actors.domain.sections import Section, printed


def render_docx(title: str, remarks: Sequence[str], sections: Sequence[Section]) -> bytes:
    """Return the document as a DOCX file's bytes."""
    document = Document()
    document.add_heading(title, 0)
    for remark in remarks:
        document.add_paragraph(remark)
    for section in sections:
        if section.title:
            document.add_heading(section.title, 1)
        for paragraph in section.paragraphs:
            target = document.add_paragraph()
            for run in runs(printed(paragraph)):
                target.add_run(run.text).bold = run.bold
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
