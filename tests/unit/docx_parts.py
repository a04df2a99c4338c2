"""Opens Word files for tests."""

import io
import zipfile

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    """Return the root of one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def texts(element: etree._Element) -> str:
    """Return the text that stands in an element, without numbers that Word adds."""
    return "".join(found.text or "" for found in element.iter(f"{W}t"))


def found(element: etree._Element, path: str) -> etree._Element:
    """Return the one descendant at a path such as `pPr/pStyle`, which must be there."""
    inner = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    assert inner is not None, path
    return inner


def values(root: etree._Element, name: str, attribute: str = "val") -> list[str]:
    """Return an attribute of all elements of a name, in document order."""
    return [element.get(f"{W}{attribute}") or "" for element in root.iter(f"{W}{name}")]


def parent(element: etree._Element) -> etree._Element:
    """Return the element around another one."""
    outer = element.getparent()
    assert outer is not None
    return outer
