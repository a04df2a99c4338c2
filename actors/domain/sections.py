"""The unit of flow: one section of a document, as structure and as Markdown."""

from collections.abc import Iterable
from typing import Literal

from actors.domain.markup import plain
from actors.domain.matter import Value

SectionKind = Literal["preamble", "clause", "schedule", "signature"]
ParagraphKind = Literal["body", "clause", "item", "subitem", "definition", "signature"]


class Blank(Value):
    """A fact that the request did not give, where it stands as `[label]` in the text."""

    id: str
    """Fact id, or `role.field` for a party's detail."""
    label: str
    kind: str
    question: str


class Paragraph(Value):
    """One paragraph.

    Its text is inline Markdown: bold, and backslashes before signs that a reader's program would swallow.
    """

    kind: ParagraphKind
    label: str = ""
    """As printed: `4.2`, `(a)`, `(iv)`; empty for what carries no number."""
    text: str
    anchor: str = ""
    """The clause's id in the library, the target of cross-references."""


class Section(Value):
    """One section of a document."""

    index: int
    """Position in the document, from 0."""
    id: str
    kind: SectionKind
    number: str
    """As printed: `4`; `Schedule 1` for a schedule; empty for preamble and signatures."""
    heading: str
    paragraphs: tuple[Paragraph, ...]
    blanks: tuple[Blank, ...] = ()
    """In order of first appearance in this section."""
    writer: str = "clause library"
    """Who wrote it: the clause library, or a model by its name."""

    @property
    def text(self) -> str:
        """The body as Markdown, without the heading."""
        return "\n\n".join(printed(paragraph) for paragraph in self.paragraphs)

    @property
    def title(self) -> str:
        """The heading line as printed, without Markdown signs; empty for a section without one."""
        if self.kind == "clause" and self.number:
            return f"{self.number}. {self.heading}"
        if self.kind == "schedule":
            return f"{self.number}: {self.heading}" if self.heading else self.number
        return self.heading

    @property
    def markdown(self) -> str:
        """Heading and body."""
        return f"## {self.title}\n\n{self.text}" if self.title else self.text


class OpenPoint(Value):
    """Something that a person must still settle."""

    id: str
    label: str
    kind: str
    """The fact's kind, or `jurisdiction`, `step`, `notice`."""
    question: str
    section: str = ""
    """Printed number of the first section in which the blank stands."""


def printed(paragraph: Paragraph) -> str:
    """Return the paragraph as Markdown with its label."""
    return f"{paragraph.label} {paragraph.text}" if paragraph.label else paragraph.text


def plain_text(section: Section) -> str:
    """Return the body without Markdown signs: every name as it was given."""
    lines = (f"{paragraph.label} {plain(paragraph.text)}".strip() for paragraph in section.paragraphs)
    return "\n\n".join(lines)


def open_points(sections: Iterable[Section]) -> tuple[OpenPoint, ...]:
    """List each blank once, in reading order."""
    points: dict[str, OpenPoint] = {}
    for section in sections:
        for blank in section.blanks:
            points.setdefault(
                blank.id,
                OpenPoint(
                    id=blank.id,
                    label=blank.label,
                    kind=blank.kind,
                    question=blank.question,
                    section=section.number,
                ),
            )
    return tuple(points.values())
