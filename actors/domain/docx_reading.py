"""A Word file to Markdown-like text, as it prints: with its automatic numbers, with tracked changes accepted."""

from collections.abc import Iterator

from lxml import etree

from actors.domain.docx_numbering import Numberer, read_lists
from actors.domain.docx_package import DocxPackage, child, local_name, number, value
from actors.domain.docx_styles import Styles

_LEFT_OUT = frozenset(
    (
        *("del", "moveFrom", "delText", "instrText", "drawing", "pict", "object", "Fallback"),
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr"),
        *("footnoteReference", "endnoteReference", "commentReference", "annotationRef"),
    )
)
_SIGNS = {"tab": "\t", "noBreakHyphen": "-", "softHyphen": "", "cr": "\n", "ptab": "\t"}
_DEEPEST_HEADING = 6
_BODY_LEVEL = 9


def read_docx(data: bytes) -> str:
    """Return a Word document as text.

    Headings become `## 4. Heading` (a title `#`), numbered paragraphs start with their number, bullets with `-`, table
    rows are lines `| a | b |`. Insertions are in, deletions, headers, footers, notes and comments are out. Fields, also
    cross-references, show the text that Word stored. No link, image or template outside the file is opened.

    Raises:
        InvalidInputError: The file is no Word document, is encrypted, has macros, or unpacks to an unreasonable size.
    """
    package = DocxPackage(data)
    root = package.main_part()
    reader = _Reader(
        Styles(package.sibling("styles.xml")), Numberer(read_lists(package.sibling("numbering.xml")))
    )
    body = child(root, "body")
    return "\n\n".join(reader.blocks(body)) + "\n" if body is not None else ""


class _Reader:
    """Walks one document in order: numbers depend on all that came before."""

    def __init__(self, styles: Styles, numberer: Numberer) -> None:
        self._styles, self._numberer = styles, numberer
        self._joined = ""  # text of a paragraph whose mark is deleted: it runs on into the next one

    def blocks(self, container: etree._Element) -> Iterator[str]:
        """Yield the paragraphs and tables inside an element, the empty ones left out."""
        for element in container:
            name = local_name(element)
            if name == "p":
                if text := self._paragraph(element):
                    yield text
            elif name == "tbl":
                if text := "\n".join(self._rows(element)):
                    yield text
            elif name not in _LEFT_OUT:
                yield from self.blocks(element)

    def _rows(self, table: etree._Element) -> Iterator[str]:
        for row in (e for e in table.iterdescendants() if local_name(e) == "tr" and _table_of(e) is table):
            if child(row, "trPr", "del") is not None:
                continue
            cells = [" ".join(self.blocks(cell)).replace("\n", " ") for cell in _cells(row)]
            if any(cells):
                yield f"| {' | '.join(cells)} |"

    def _paragraph(self, paragraph: etree._Element) -> str:
        properties = child(paragraph, "pPr")
        text = self._joined + "".join(_texts(paragraph))
        if child(properties, "rPr", "del") is not None or child(properties, "rPr", "moveFrom") is not None:
            self._joined = text
            return ""
        self._joined = ""
        text = text.strip()
        style = value(child(properties, "pStyle")) or self._styles.default
        label = self._label(properties, style)  # also for empty paragraphs: Word counts them
        if not text:
            return ""
        level = self._heading_level(properties, style)
        marks = "#" * min(level + 1, _DEEPEST_HEADING) if level is not None else ""
        return " ".join(part for part in (marks, label, text) if part)

    def _heading_level(self, properties: etree._Element | None, style: str | None) -> int | None:
        own = number(child(properties, "outlineLvl"))
        if own is not None:
            return own + 1 if own < _BODY_LEVEL else None
        return self._styles.heading_level(style)

    def _label(self, properties: etree._Element | None, style: str | None) -> str:
        """Return the paragraph's own number, or the one of its style."""
        list_id = value(child(properties, "numPr", "numId"))
        level = number(child(properties, "numPr", "ilvl"))
        inherited = self._styles.numbering(style)
        if list_id is None and inherited is not None:
            list_id, styled_level, owner = inherited
            tied = self._numberer.level_of_style(list_id, style or "")
            if tied is None:
                tied = self._numberer.level_of_style(list_id, owner)
            level = next((known for known in (level, tied, styled_level) if known is not None), 0)
        if list_id is None:
            return ""
        return self._numberer.next_label(list_id, level or 0) or ""


def _texts(element: etree._Element) -> Iterator[str]:
    """Yield the printed text inside a paragraph."""
    for node in element:
        name = local_name(node)
        if name in _LEFT_OUT or (name == "r" and _is_hidden(node)):
            continue
        if name == "t":
            yield node.text or ""
        elif name == "br":
            yield "" if value(node, "type") in ("page", "column") else "\n"
        elif name in _SIGNS:
            yield _SIGNS[name]
        else:
            yield from _texts(node)


def _is_hidden(run: etree._Element) -> bool:
    hidden = child(run, "rPr", "vanish")
    return hidden is not None and value(hidden) not in ("0", "false")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if local_name(element) == "tc":
            yield element
        elif local_name(element) not in _LEFT_OUT:
            yield from _cells(element)


def _table_of(row: etree._Element) -> etree._Element | None:
    return next((e for e in row.iterancestors() if local_name(e) == "tbl"), None)
