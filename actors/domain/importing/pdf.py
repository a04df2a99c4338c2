"""A PDF to text."""

import io
import re
from collections import Counter
from collections.abc import Sequence

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from actors.domain.reading import MAX_TEXT_BYTES
from actors.errors import InvalidInputError

MAX_PAGES = 2000
_PAGE_NUMBER = re.compile(r"(?i)(?:page\s*)?[-–— ]{0,3}\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–— ]{0,3}")
_REPEATED_SHARE = 0.5
_LEAST_PAGES = 4
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_pdf(data: bytes) -> str:
    """Return the text layer of a PDF, pages joined, without page numbers and running heads.

    Raises:
        InvalidInputError: It is encrypted, damaged, too long, or a scan without text.
    """
    try:
        pages = _pages(_opened(data))
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError, AssertionError,
            RecursionError, OSError) as error:  # fmt: skip
        # What a damaged file makes of a parser of Python objects; the file is at fault, and is named.
        raise InvalidInputError("file", f"it is no sound PDF ({type(error).__name__})") from error
    text = "\n".join(_without_running_lines(pages)).strip()
    if not text:
        raise InvalidInputError("file", "it has no text layer; it may be a scan")
    return text


def _opened(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise InvalidInputError("file", "it is encrypted; save it without a password")
    if len(reader.pages) > MAX_PAGES:
        raise InvalidInputError("file", f"it has more than {MAX_PAGES:,} pages")
    return reader


def _pages(reader: PdfReader) -> list[list[str]]:
    pages, size = [], 0
    for page in reader.pages:
        text = _UNPRINTABLE.sub("", page.extract_text() or "")
        size += len(text)
        if size > MAX_TEXT_BYTES:
            raise InvalidInputError("file", f"it has more than {MAX_TEXT_BYTES // 1_000_000} MB of text")
        pages.append([line.rstrip() for line in text.splitlines()])
    return pages


def _without_running_lines(pages: Sequence[list[str]]) -> list[str]:
    """Drop page numbers, and the first and last lines that most pages share."""
    edges = Counter(line for page in pages for line in {*_edges(page)})
    repeated = {
        line
        for line, count in edges.items()
        if len(pages) >= _LEAST_PAGES and count > _REPEATED_SHARE * len(pages)
    }
    kept = []
    for page in pages:
        running = {line for line in _edges(page) if line in repeated or _PAGE_NUMBER.fullmatch(line.strip())}
        kept += [line for line in page if line not in running]
    return kept


def _edges(page: Sequence[str]) -> list[str]:
    filled = [line for line in page if line.strip()]
    return [*filled[:1], *filled[-1:]]
