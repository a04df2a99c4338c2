"""The part of a Word file that defines its lists."""

from collections.abc import Iterable

from actors.domain.docx_writing.elements import Element, w
from actors.domain.docx_writing.levels import Level
from actors.domain.docx_writing.lists import Instance, ListBook

# Word takes two lists for one when this number is equal; so each gets its own, the same in every document.
_FIRST_LIST_KEY = 0x4C580001


def numbering_part(book: ListBook) -> Element:
    """Return the root of `numbering.xml` for the lists of a document."""
    definitions = (_definition(index, levels) for index, levels in enumerate(book.definitions))
    instances = (_instance(number, instance) for number, instance in enumerate(book.instances, start=1))
    return w("numbering", *definitions, *instances)


def _definition(index: int, levels: Iterable[Level]) -> Element:
    return w(
        "abstractNum",
        w("nsid", val=f"{_FIRST_LIST_KEY + index:08X}"),
        w("multiLevelType", val="multilevel"),
        *(_level(number, level) for number, level in enumerate(levels)),
        abstractNumId=index,
    )


def _level(number: int, level: Level) -> Element:
    return w(
        "lvl",
        w("start", val=1),
        w("numFmt", val=level.form),
        *([w("pStyle", val=level.style)] if level.style else []),
        w("suff", val="tab"),
        w("lvlText", val=level.text),
        w("lvlJc", val="left"),
        w("pPr", w("ind", left=level.left, hanging=level.hanging)),
        ilvl=number,
    )


def _instance(number: int, instance: Instance) -> Element:
    element = w("num", w("abstractNumId", val=instance.list_index), numId=number)
    if instance.level is not None:
        start = w("startOverride", val=instance.start)
        element.append(w("lvlOverride", start, ilvl=instance.level))
    return element
