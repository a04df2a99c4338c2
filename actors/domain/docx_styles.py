"""What paragraph styles say of a paragraph: heading level and numbering."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from actors.domain.docx_package import child, local_name, number, value

_HEADING = re.compile(r"heading\s?(\d)", re.IGNORECASE)
_BODY_LEVEL = 9
_MAX_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style, its own words only."""

    id: str
    name: str
    parent: str | None
    outline: int | None
    """0 for the first level of headings, 9 for body text."""
    list_id: str | None
    level: int | None


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = [] if root is None else [e for e in root if local_name(e) == "style"]
        self._styles = {style.id: style for style in map(_read_style, elements)}
        default = (e for e in elements if value(e, "default") == "1" and value(e, "type") == "paragraph")
        self.default = next((value(e, "styleId") for e in default), None)

    def chain(self, style_id: str | None) -> Iterator[Style]:
        """Yield a style and what it is based on, nearest first; a circle ends after twenty."""
        for _ in range(_MAX_ANCESTORS):
            style = self._styles.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = style.parent

    def heading_level(self, style_id: str | None) -> int | None:
        """Return 0 for a title, 1 to 9 for a heading, `None` for body text."""
        for style in self.chain(style_id):
            if style.name.casefold() == "title":
                return 0
            if found := _HEADING.fullmatch(style.name):
                return int(found[1])
            if style.outline is not None:
                return style.outline + 1 if style.outline < _BODY_LEVEL else None
        return None

    def numbering(self, style_id: str | None) -> tuple[str, int | None, str] | None:
        """Return (list, level, id of the style that names the list); the level may stand with the list instead."""
        level = None
        for style in self.chain(style_id):
            level = style.level if level is None else level
            if style.list_id is not None:
                return style.list_id, level, style.id
        return None


def _read_style(element: etree._Element) -> Style:
    properties = child(element, "pPr")
    return Style(
        id=value(element, "styleId") or "",
        name=value(child(element, "name")) or "",
        parent=value(child(element, "basedOn")),
        outline=number(child(properties, "outlineLvl")),
        list_id=value(child(properties, "numPr", "numId")),
        level=number(child(properties, "numPr", "ilvl")),
    )
