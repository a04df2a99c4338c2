"""Lines of a byte stream that may hold anything, also no line ends at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from actors.errors import InvalidInputError
from cluster.bulk.rows import MOST_RECORD_CHARS

Encoding = Literal["utf-8", "latin-1", "cp1252"]

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_BOM = b"\xef\xbb\xbf"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MOST_BYTES = 4 * MOST_RECORD_CHARS


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number in the file."""

    number: int
    text: str
    """With its line end. Bytes that are not in the encoding stand as lone surrogates: see `undecodable`."""
    whole: bool = True
    """False: it is longer than a record may be, and the rest was passed over."""


def read_lines(stream: BinaryIO, encoding: Encoding) -> Iterator[Line]:
    """Yield the lines; a byte order mark before the first is not part of it.

    Raises:
        InvalidInputError: The stream is UTF-16, of which no line could be read.
    """
    number = 0
    while raw := stream.readline(_MOST_BYTES + 1):
        number += 1
        if number == 1:
            if raw.startswith(_UTF16):
                raise InvalidInputError("file", "it is UTF-16; save it as UTF-8")
            raw = raw.removeprefix(_UTF8_BOM)
        whole = len(raw) <= _MOST_BYTES
        if not whole:
            _pass_over(stream, raw)
        yield Line(number, raw.decode(encoding, "surrogateescape") if whole else "", whole=whole)


def undecodable(text: str) -> int | None:
    """Return the first character, from 1, that is not of the encoding; `None` where all are."""
    found = None if text.isascii() else _SURROGATE.search(text)
    return found and found.start() + 1


def _pass_over(stream: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(_MOST_BYTES)
