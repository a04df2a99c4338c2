"""From sections to the document as Markdown, and to places in it."""

from collections.abc import Sequence

from actors.domain.findings import Finding
from actors.domain.sections import Section

GAP = "\n\n"


def body_of(sections: Sequence[Section]) -> str:
    """Return the document without its title: what whole-document checks read."""
    return GAP.join(section.markdown for section in sections)


def header_of(title: str, remarks: Sequence[str]) -> str:
    """Return the title and what a reader must know before the first word, as Markdown quotes."""
    lines = [f"# {title}", *(f"> **Note.** {remark}" for remark in remarks)]
    return GAP.join(lines) + GAP


def section_offsets(sections: Sequence[Section]) -> tuple[int, ...]:
    """Return where each section starts in the body, in characters."""
    offsets, at = [], 0
    for section in sections:
        offsets.append(at)
        at += len(section.markdown) + len(GAP)
    return tuple(offsets)


def moved(finding: Finding, by: int) -> Finding:
    """Return the finding with its offsets moved; one without a quote stays without a place."""
    if not finding.quote:
        return finding
    return finding.model_copy(update={"start": finding.start + by, "end": finding.end + by})
