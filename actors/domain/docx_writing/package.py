"""The file around the parts of a Word document: the same bytes for the same parts."""

import io
import zipfile
from typing import Final

from lxml import etree

from actors.domain.docx_writing.elements import RELATIONSHIPS, Element, checked, serialized

_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip archive can state
_AUTHOR: Final = "lexray"

FOOTER_LINK: Final = "rId1"
"""By this id the document's last section names its footer."""
_SIBLINGS = {
    "footer1": "footer",
    "styles": "styles",
    "numbering": "numbering",
    "settings": "settings",
    "fontTable": "fontTable",
}


def packed(document: Element, siblings: dict[str, Element], title: str, language: str) -> bytes:
    """Return the file.

    Args:
        document: Root of the main part.
        siblings: Roots of `footer1`, `styles`, `numbering`, `settings` and `fontTable`.
        title: Of the document, for its properties; plain text.
        language: `en-GB`.
    """
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _package_links(),
        "docProps/core.xml": _core_properties(title, language),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _document_links(),
        **{f"word/{name}.xml": siblings[name] for name in _SIBLINGS},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, root in parts.items():
            archive.writestr(_entry(name), serialized(root))
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # otherwise it tells on which system the file was made
    return entry


def _content_types() -> Element:
    root = etree.fromstring(f'<Types xmlns="{_TYPES}"/>')
    for extension, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
    overrides = {"/word/document.xml": _CONTENT.format("document.main"), "/docProps/core.xml": _CORE_TYPE}
    overrides |= {f"/word/{name}.xml": _CONTENT.format(kind) for name, kind in _SIBLINGS.items()}
    for name, kind in overrides.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=name, ContentType=kind)
    return root


def _package_links() -> Element:
    return _links(
        {"word/document.xml": f"{RELATIONSHIPS}/officeDocument", "docProps/core.xml": _CORE_RELATION}
    )


def _document_links() -> Element:
    return _links({f"{name}.xml": f"{RELATIONSHIPS}/{kind}" for name, kind in _SIBLINGS.items()})


def _links(kinds: dict[str, str]) -> Element:
    root = etree.fromstring(f'<Relationships xmlns="{_LINKS}"/>')
    for number, (target, kind) in enumerate(kinds.items(), start=1):
        etree.SubElement(root, f"{{{_LINKS}}}Relationship", Id=f"rId{number}", Type=kind, Target=target)
    return root


def _core_properties(title: str, language: str) -> Element:
    root = etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _DUBLIN})
    for name, text in (("title", checked(title)), ("creator", _AUTHOR), ("language", language)):
        etree.SubElement(root, f"{{{_DUBLIN}}}{name}").text = text
    etree.SubElement(root, f"{{{_CORE}}}lastModifiedBy").text = _AUTHOR
    return root
