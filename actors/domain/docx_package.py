"""Open a Word file without trusting it."""

import io
import re
import zipfile

from lxml import etree

from actors.errors import InvalidInputError

MAX_ENTRIES = 2_000
MAX_PART_BYTES = 40_000_000
MAX_TOTAL_BYTES = 200_000_000
MAX_RATIO = 200
"""Declared size over packed size. Text compresses 5 to 30 times; deflate reaches 1,032."""

_RATIO_FLOOR_BYTES = 1_000_000  # A small part may compress as it likes.
_CHUNK_BYTES = 65_536
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_UNSAFE_NAME = re.compile(r"^[/\\]|\\|(?:^|/)\.\.(?:/|$)|^[A-Za-z]:|\x00")
_OFFICE_DOCUMENT = "/officeDocument"


class DocxPackage:
    """The parts of one Word file, each parsed on demand.

    Nothing in a part is followed: relationships to other files or hosts are never opened.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = _open_archive(data)
        self._sizes = {info.filename: info for info in self._archive.infolist()}
        _check_entries(self._archive.infolist())
        self._check_content_types()

    def main_part(self) -> etree._Element:
        """Return the root of the main document.

        Raises:
            InvalidInputError: The archive has no Word document in it.
        """
        name = self._main_name()
        root = self.part(name)
        if root is None or not str(root.tag).endswith("}document"):
            raise InvalidInputError("file", "it is a zip archive, and no Word document is in it")
        return root

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part by its name in the archive, `None` where there is none.

        Raises:
            InvalidInputError: The part is too large, not well-formed, or declares entities.
        """
        if name not in self._sizes:
            return None
        return _parse(self._read(name), name)

    def sibling(self, name: str) -> etree._Element | None:
        """Return the root of a part that lies beside the main document: `numbering.xml`, `styles.xml`."""
        folder = self._main_name().rpartition("/")[0]
        return self.part(f"{folder}/{name}" if folder else name)

    def _main_name(self) -> str:
        relations = self.part("_rels/.rels")
        for relation in [] if relations is None else list(relations):
            kind, target = relation.get("Type", ""), relation.get("Target", "")
            if kind.endswith(_OFFICE_DOCUMENT) and relation.get("TargetMode") != "External":
                return target.lstrip("/")
        return "word/document.xml"

    def _read(self, name: str) -> bytes:
        """Return a part's bytes, counted while they are unpacked: the declared size may lie."""
        content = bytearray()
        try:
            with self._archive.open(name) as stream:
                while len(content) <= MAX_PART_BYTES and (chunk := stream.read(_CHUNK_BYTES)):
                    content += chunk
        except Exception as error:
            # zipfile, zlib, bz2 and lzma each raise types of their own, with no common parent but Exception.
            raise InvalidInputError("file", f"its part {name!r} is damaged") from error
        if len(content) > MAX_PART_BYTES:
            raise InvalidInputError("file", "a part of it unpacks to an unreasonable size")
        return bytes(content)

    def _check_content_types(self) -> None:
        types = self.part("[Content_Types].xml")
        if types is None:
            raise InvalidInputError("file", "it is a zip archive and not a Word document")
        declared = " ".join(element.get("ContentType", "") for element in types)
        if "macroEnabled" in declared or any("vbaproject" in name.casefold() for name in self._sizes):
            raise InvalidInputError("file", "it contains macros; save it as .docx without them")


def _open_archive(data: bytes) -> zipfile.ZipFile:
    if data.startswith(_OLE_SIGNATURE):
        raise InvalidInputError(
            "file", "it is an encrypted or an old Word file; save it as .docx without a password"
        )
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InvalidInputError("file", "it is no readable Word file (.docx)") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what no word processor writes, before anything is unpacked."""
    if len(entries) > MAX_ENTRIES:
        raise InvalidInputError("file", f"it has more than {MAX_ENTRIES:,} entries")
    if len({entry.filename for entry in entries}) != len(entries):
        raise InvalidInputError("file", "it has two entries of one name")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise InvalidInputError("file", "it unpacks to an unreasonable size")
    for entry in entries:
        if _UNSAFE_NAME.search(entry.filename) or _UNSAFE_NAME.search(entry.orig_filename):
            raise InvalidInputError("file", "it has an entry whose name points outside of it")
        if entry.flag_bits & _ENCRYPTED:
            raise InvalidInputError("file", "it is encrypted; save it without a password")
        if entry.file_size > max(_RATIO_FLOOR_BYTES, MAX_RATIO * max(entry.compress_size, 1)):
            raise InvalidInputError("file", "a part of it unpacks to an unreasonable size")


def _parse(content: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidInputError("file", f"its part {name!r} is no well-formed XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise InvalidInputError("file", "its XML declares a document type or entities")
    return root


def local_name(element: etree._Element) -> str:
    """Return a tag without its namespace (Word has two dialects of them); empty for comments."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first descendant along a path of local names, or `None`."""
    for name in path:
        element = next((c for c in element if local_name(c) == name), None) if element is not None else None
    return element


def value(element: etree._Element | None, attribute: str = "val") -> str | None:
    """Return an attribute by its local name, `None` where element or attribute is missing."""
    if element is None:
        return None
    for key, text in element.attrib.items():
        if str(key).rpartition("}")[2] == attribute:
            return str(text)
    return None


def number(element: etree._Element | None, attribute: str = "val") -> int | None:
    """Return an attribute as an integer; `None` where it is missing or no number."""
    text = value(element, attribute)
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,6}", text) else None
