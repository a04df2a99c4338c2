"""Which files can be imported, and by what each is read."""

from collections.abc import Callable, Iterator
from pathlib import Path

from actors.domain.importing.clauses import read_clauses
from actors.domain.importing.front_matter import FrontMatter, read_front_matter
from actors.domain.importing.jsonl import MAX_LINE_BYTES, read_jsonl
from actors.domain.importing.passage import Origin, Parsed, with_own_ids
from actors.domain.importing.pdf import read_pdf
from actors.domain.importing.statute_text import read_statutes
from actors.domain.importing.uslm import read_uslm
from actors.domain.importing.web_page import read_web_page
from actors.domain.reading import MAX_FILE_BYTES, read_document
from actors.errors import InvalidInputError

_BIG = 512 * 1024 * 1024
_Reader = Callable[[Path, Origin], Parsed]


def parse_file(path: Path, origin: Origin) -> Parsed:
    """Return the passages of a file; its name's ending says how it is read, its content must bear that out.

    Args:
        path: A file that nobody changes meanwhile.
        origin: What the importer says of it.

    Raises:
        InvalidInputError: It cannot be imported; the reason is a sentence about the file.
    """
    reader, limit_bytes = form_of(path.name)
    try:
        size = path.stat().st_size
        if not size:
            raise InvalidInputError("file", "it is empty")
        if size > limit_bytes:
            raise InvalidInputError("file", f"it is larger than {limit_bytes // 1_000_000:,} MB")
        parsed = reader(path, origin)
    except OSError as error:
        raise InvalidInputError("file", f"it cannot be read ({error.strerror or error})") from error
    if not parsed.passages and not parsed.skipped:
        raise InvalidInputError("file", "there is no section or clause in it")
    return parsed


def form_of(name: str) -> tuple[_Reader, int]:
    """Return what reads a file of this name, and how many bytes it may have.

    Raises:
        InvalidInputError: No file of such a name is read.
    """
    ending = name.casefold().rpartition(".")[2]
    if ending not in FORMS:
        raise InvalidInputError("file", f"it is none of {', '.join(f'.{known}' for known in FORMS)}")
    return FORMS[ending]


def _document(path: Path, origin: Origin) -> Parsed:
    return _text(read_document(path.name, path.read_bytes()), origin)


def _web_page(path: Path, origin: Origin) -> Parsed:
    title, text = read_web_page(path.read_bytes())
    return _passages(FrontMatter(heading=title, rest=text), origin)


def _pdf(path: Path, origin: Origin) -> Parsed:
    return _text(read_pdf(path.read_bytes()), origin)


def _text(text: str, origin: Origin) -> Parsed:
    return _passages(read_front_matter(text.lstrip("\ufeff")), origin)


def _passages(front: FrontMatter, origin: Origin) -> Parsed:
    return Parsed(passages=with_own_ids(read_statutes(front, origin) or read_clauses(front, origin)))


def _jsonl(path: Path, origin: Origin) -> Parsed:
    with path.open("rb") as file:
        return read_jsonl(_bounded_lines(iter(lambda: file.readline(MAX_LINE_BYTES + 1), b"")), origin)


def _bounded_lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines; of one above the bound only its beginning, one byte too long."""
    for piece in pieces:
        yield piece
        if len(piece) > MAX_LINE_BYTES and not piece.endswith(b"\n"):
            for rest in pieces:
                if rest.endswith(b"\n"):
                    break


FORMS: dict[str, tuple[_Reader, int]] = {
    "xml": (read_uslm, _BIG),
    "jsonl": (_jsonl, _BIG),
    "ndjson": (_jsonl, _BIG),
    "md": (_document, MAX_FILE_BYTES),
    "markdown": (_document, MAX_FILE_BYTES),
    "txt": (_document, MAX_FILE_BYTES),
    "text": (_document, MAX_FILE_BYTES),
    "docx": (_document, MAX_FILE_BYTES),
    "html": (_web_page, MAX_FILE_BYTES),
    "htm": (_web_page, MAX_FILE_BYTES),
    "xhtml": (_web_page, MAX_FILE_BYTES),
    "pdf": (_pdf, 2 * MAX_FILE_BYTES),
}
"""By the ending of a file's name."""
