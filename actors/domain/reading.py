"""The bytes of a file to text, whatever its name claims."""

import re

from actors.domain.docx_reading import read_docx
from actors.errors import InvalidInputError

MAX_TEXT_BYTES = 5_000_000
MAX_FILE_BYTES = 25_000_000

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_NAMES = (".docx", ".docm", ".dotx", ".dotm", ".doc")
_TEXT_NAMES = (".md", ".markdown", ".txt", ".text")
_REFUSED = {
    b"%PDF": "it is a PDF; save it as .docx or .txt",
    b"{\\rtf": "it is an RTF file; save it as .docx",
    _OLE: "it is an encrypted or an old Word file; save it as .docx without a password",
    _EMPTY_ZIP: "it is an empty zip archive",
}
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_C1 = re.compile(r"[\x80-\x9f]")
_LEAST_LETTERS = 0.5


def read_document(name: str, data: bytes) -> str:
    r"""Return the text of a `.md`, `.txt` or `.docx` file; what it is, its content decides.

    Args:
        name: The file's name, for its extension only; never opened.
        data: All of its bytes.

    Returns:
        Text with `\n` line breaks and without a byte order mark. A Word file comes back as Markdown-like text.

    Raises:
        InvalidInputError: The file is empty, too large, of another kind, damaged, or not safe to read.
    """
    if not data:
        raise InvalidInputError("file", "it is empty")
    if len(data) > MAX_FILE_BYTES:
        raise InvalidInputError("file", f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB")
    for signature, reason in _REFUSED.items():
        if data.startswith(signature):
            raise InvalidInputError("file", reason)
    text = read_docx(data) if data.startswith(_ZIP) else _read_text(name, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InvalidInputError("file", "there is no text in it")
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise InvalidInputError("file", f"it has more than {MAX_TEXT_BYTES // 1_000_000} MB of text")
    return text


def _read_text(name: str, data: bytes) -> str:
    lower = name.casefold()
    if lower.endswith(_WORD_NAMES):
        raise InvalidInputError("file", "it is named like a Word file and is none")
    if "." in lower.rpartition("/")[2] and not lower.endswith(_TEXT_NAMES):
        raise InvalidInputError("file", "only .md, .txt and .docx files can be read")
    if len(data) > MAX_TEXT_BYTES:
        raise InvalidInputError("file", f"it has more than {MAX_TEXT_BYTES // 1_000_000} MB of text")
    text = _decode(data)
    if "\x00" in text:
        raise InvalidInputError("file", "it contains NUL characters, which no text has")
    if _CONTROL.search(text):
        raise InvalidInputError("file", "it contains control characters; it does not look like text")
    return text


def _decode(data: bytes) -> str:
    """Decode by byte order mark, as UTF-8, or as the Windows encoding of Western languages."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_utf16(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _SURROGATE.search(data):
            raise InvalidInputError(
                "file", "it contains half of a surrogate pair, which is no character"
            ) from None
        return _decode_western(data)


def _decode_utf16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise InvalidInputError("file", "it starts like UTF-16 text and is none") from None


def _decode_western(data: bytes) -> str:
    if b"\x00" in data:
        raise InvalidInputError("file", "it contains NUL characters, which no text has")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    plain = sum(c.isalpha() or c.isspace() for c in text)
    if not text or _C1.search(text) or plain < _LEAST_LETTERS * len(text):
        raise InvalidInputError("file", "its encoding is not known; save it as UTF-8") from None
    return text
