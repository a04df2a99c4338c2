"""WordprocessingML elements, and the one door through which text enters a Word file."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml import etree

from actors.errors import InvalidInputError

MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile(r"(\t|\r\n|\r|\n)")

Element = etree._Element  # noqa: SLF001 - lxml gives its element type no public name


def w(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """Return an element of the main namespace; children and attributes stand in the order given.

    Word refuses children in another order than its schema's, so callers write them in that order.
    """
    element = etree.Element(f"{{{MAIN}}}{name}", nsmap={"w": MAIN, "r": RELATIONSHIPS})
    for key, value in attributes.items():
        element.set(f"{{{MAIN}}}{key}", str(value))
    element.extend(children)
    return element


def serialized(root: Element) -> bytes:
    """Return a part as its file's bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def checked(text: str) -> str:
    """Return `text`, all of whose signs a Word file can hold.

    Raises:
        InvalidInputError: A sign that XML 1.0 forbids: a control character, a lone surrogate, U+FFFE or U+FFFF.
    """
    if found := _FORBIDDEN.search(text):
        sign, at = f"U+{ord(found[0]):04X}", found.start()
        raise InvalidInputError("text", f"a Word file cannot hold the sign {sign} (at character {at})")
    return text


class Look(NamedTuple):
    """How a run looks, beyond its paragraph's style."""

    bold: bool = False
    marked: bool = False
    """Highlighted in yellow."""
    width_percent: int = 100
    """Stretches each sign."""

    def properties(self) -> list[Element]:
        """Return `w:rPr`, or nothing where the run looks as its style says."""
        looks = [
            *([w("b"), w("bCs")] if self.bold else []),
            *([w("w", val=self.width_percent)] if self.width_percent != Look().width_percent else []),
            *([w("highlight", val="yellow")] if self.marked else []),
        ]
        return [w("rPr", *looks)] if looks else []


PLAIN: Final = Look()


def run(text: str, look: Look = PLAIN) -> Element:
    """Return a run of text; tabs and line breaks in it become Word's own."""
    element = w("r", *look.properties())
    for piece in _BREAK.split(checked(text)):
        if piece == "\t":
            element.append(w("tab"))
        elif piece in {"\r\n", "\r", "\n"}:
            element.append(w("br"))
        elif piece:
            element.append(_verbatim("t", piece))
    return element


def field(instruction: str, cached: str, look: Look = PLAIN) -> list[Element]:
    """Return the runs of a field that shows `cached` until Word works it out anew."""
    return [
        w("r", *look.properties(), w("fldChar", fldCharType="begin")),
        w("r", *look.properties(), _verbatim("instrText", f" {instruction} ")),
        w("r", *look.properties(), w("fldChar", fldCharType="separate")),
        run(cached, look),
        w("r", *look.properties(), w("fldChar", fldCharType="end")),
    ]


def _verbatim(name: str, text: str) -> Element:
    element = w(name)
    element.text = text
    element.set(_SPACE, "preserve")
    return element


def paragraph(style: str, content: Sequence[Element], *properties: Element) -> Element:
    """Return a paragraph of a style.

    Args:
        style: Id of a paragraph style.
        content: Runs and bookmarks.
        properties: Further children of `w:pPr`, in the schema's order.
    """
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)
