"""The lines of a signature section, divided among the parties who sign."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from actors.domain.markup import runs
from actors.domain.sections import Paragraph

_FIELD = re.compile(r"(?P<label>[A-Z][A-Za-z ]{1,24}:) (?P<value>.*)", re.DOTALL)
_RULE = re.compile(r"_{5,}")


class SigningLine(NamedTuple):
    """One line of a party's block: the party, or a field such as `Name: ____`."""

    text: str
    """Inline Markdown; of a field, its value."""
    label: str
    """`Name:`; empty where the line is no field."""

    @property
    def is_rule(self) -> bool:
        """Whether the field is a line to sign on."""
        return bool(self.label and _RULE.fullmatch(self.text))


def parties_signing(paragraphs: Iterable[Paragraph]) -> Iterator[list[SigningLine]]:
    """Yield each party's lines: a party begins with a line that is no field, after one that is."""
    block: list[SigningLine] = []
    for line in map(_read, paragraphs):
        if block and block[-1].label and not line.label:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _read(paragraph: Paragraph) -> SigningLine:
    stretches = runs(paragraph.text)
    field = _FIELD.fullmatch("".join(stretch.text for stretch in stretches))
    # A line with bold in it names a party, whatever signs its name has.
    if field is None or any(stretch.bold for stretch in stretches):
        return SigningLine(paragraph.text, "")
    return SigningLine(paragraph.text.partition(": ")[2], field["label"])
