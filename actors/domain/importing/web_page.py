"""A web page to Markdown-like text."""

import re
from collections.abc import Iterator

from lxml import etree, html

from actors.domain.importing.text_builder import TextBuilder
from actors.domain.reading import read_document
from actors.errors import InvalidInputError

_LEFT_OUT = frozenset(
    (
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "nav",
        "form",
        "button",
        "select",
        "svg",
        "iframe",
        "object",
    )
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_BLOCKS = frozenset(
    (
        *(
            "p",
            "div",
            "section",
            "article",
            "main",
            "header",
            "footer",
            "aside",
            "blockquote",
            "pre",
            "figure",
            "center",
        ),
        *(
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "hr",
            "address",
            "fieldset",
            "body",
        ),
        *_HEADINGS,
    )
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", re.IGNORECASE)
_HEAD_BYTES = 2048


def read_web_page(data: bytes) -> tuple[str, str]:
    """Return a page's title and its text: headings as `## …`, rows of tables as `a | b`, paragraphs apart.

    Scripts, styles, forms and menus are left out; nothing outside the file is fetched.

    Raises:
        InvalidInputError: It is empty, too large, in no known encoding, nested too deeply, or holds no text.
    """
    text = _decoded(data)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(_without_declaration(text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise InvalidInputError("file", f"it is no sound HTML ({str(error)[:120]})") from error
    title = " ".join((root.findtext(".//title") or "").split())
    body = "\n\n".join(_paragraphs(root))
    if not body.strip():
        raise InvalidInputError("file", "there is no text in it")
    return title, body


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A page may say what it is written in; without that it is read as any text file is.
        if declared:
            data = _as_utf8(data, declared[1].decode("ascii"))
    return read_document("page.txt", data)


def _as_utf8(data: bytes, charset: str) -> bytes:
    try:
        return data.decode(charset).encode()
    except (LookupError, UnicodeError) as error:
        raise InvalidInputError("file", f"it says that it is {charset}, and is not") from error


def _without_declaration(text: str) -> str:
    """Cut the XML declaration of XHTML: it speaks of bytes that have been decoded already."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _paragraphs(root: html.HtmlElement) -> Iterator[str]:
    """Yield the paragraphs in order. It walks events, not calls: a page may nest as deep as it likes."""
    hidden = 0
    builder, marks = TextBuilder(), ""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if name in _LEFT_OUT or not name:
            hidden += 1 if event == "start" else -1
        elif not hidden and name in _BLOCKS:
            if text := builder.text():
                yield f"{marks} {text}".strip()
            builder, marks = TextBuilder(), _mark(element, name) if event == "start" else ""
        elif not hidden and name == "br":
            builder.break_line()
        elif not hidden and event == "start" and name in ("td", "th"):
            builder.add_cell()
        if not hidden:
            builder.add((element.text if event == "start" else element.tail) or "")
    if text := builder.text():
        yield f"{marks} {text}".strip()


def _mark(element: html.HtmlElement, name: str) -> str:
    """Return what a block begins with: `##` for a heading, the number that a browser shows for an item of a list."""
    if name != "li":
        return _HEADINGS.get(name, "")
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return "-"
    given = parent.get("start", "1")
    number = (int(given) if given.isdigit() else 1) + sum(
        1 for _ in element.itersiblings("li", preceding=True)
    )
    if parent.get("type") in ("a", "A") and number <= len("abcdefghijklmnopqrstuvwxyz"):
        return f"({chr(ord(parent.get('type', 'a')) + number - 1)})"
    return f"{number}."
