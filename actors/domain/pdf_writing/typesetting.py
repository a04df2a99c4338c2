"""The setting of a PDF by Typst: from a fixed template and data, without a network and without a clock."""

import datetime
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).parents[1] / "data" / "document.typ"

_STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""For archives, and for readers who listen. Both refuse a sign that no font can draw."""
_PROBE = b'#set document(title: "x")\n#set text(font: "Libertinus Serif")\n#text(sys.inputs.document)'


def typeset(document: Mapping[str, Any], as_of: datetime.date) -> bytes | None:
    """Return the PDF of a document; `None` where no font at hand draws one of its signs.

    Typst brings fonts for Latin, Greek, Cyrillic, Hebrew and Arabic, and with these alone gives the same bytes on
    every machine. Only where they do not suffice are the machine's own asked.
    """
    source, data = TEMPLATE.read_bytes(), json.dumps(document, ensure_ascii=False)
    return _compiled(source, data, as_of, of_machine=False) or _compiled(source, data, as_of, of_machine=True)


def undrawable(signs: Iterable[str], as_of: datetime.date) -> list[str]:
    """Return those signs that no font at hand draws; some 5 ms for each."""
    return [sign for sign in signs if not _compiled(_PROBE, sign, as_of, of_machine=True)]


def _compiled(source: bytes, data: str, as_of: datetime.date, *, of_machine: bool) -> bytes | None:
    import typst  # noqa: PLC0415 (30 MB that only a PDF needs)

    compiler = typst.Compiler(source, font_paths=_fonts(of_machine=of_machine), sys_inputs={"document": data})
    try:
        made = compiler.compile(
            format="pdf",
            pdf_standards=[*_STANDARDS],
            timestamp=datetime.datetime.combine(as_of, datetime.time(), datetime.UTC),
        )
    except typst.TypstError as error:
        if "could not be displayed" not in f"{error.message} {error.diagnostic}":
            raise
        return None
    return made if isinstance(made, bytes) else None


@cache
def _fonts(*, of_machine: bool) -> "typst.Fonts":
    import typst  # noqa: PLC0415 (as above)

    return typst.Fonts(include_system_fonts=of_machine)
