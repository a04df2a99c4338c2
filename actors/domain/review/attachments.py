"""X2, X3, C4: schedules and exhibits that are named, attached, and filled."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from actors.domain.review.outline import Outline
from actors.domain.review.remark import Remark

_MENTION = re.compile(
    r"\b(?P<word>Schedule|Exhibit|Annex|Appendix|Attachment|SCHEDULE|EXHIBIT|ANNEX|APPENDIX|ATTACHMENT)\s"
    r"[\"“]?(?P<number>[A-Z]{1,2}(?:-\d{1,2})?|\d{1,2}(?:\.\d{1,3})?|[IVX]{1,5})\b(?!\.\d|-[A-Za-z])[\"”]?"
)
_OUTSIDE = re.compile(r"\s(?:of|to|in|under)\s(?!this\b|these\b|the Terms\b)|\sthere(?:of|to)")
_FORM_WORDS = re.compile(r"[\s*#_.:\[\]()–—-]+")


def check_attachments(text: str, outline: Outline) -> Iterator[Remark]:
    """Yield X2 (named, not attached), X3 (attached, not named) and C4 (attached, empty)."""
    attached = {section.number: section for section in outline.attachments()}
    mentioned: dict[str, re.Match[str]] = {}
    for mention in _MENTION.finditer(text):
        number = f"{mention['word'].title()} {mention['number'].upper()}"
        section = attached.get(number)
        if section is not None and section.start <= mention.start() < section.body:
            continue
        if not _OUTSIDE.match(text, mention.end()):
            mentioned.setdefault(number, mention)
    for number, mention in mentioned.items():
        if number not in attached and not _is_part_of(number, attached.keys()):
            yield Remark(
                "X2", "warning", f"{number} is named and not attached.", mention.start(), mention.end()
            )
    first: set[str] = set()
    for section in outline.attachments():
        if section.number in first:
            continue
        first.add(section.number)
        if section.number not in mentioned:
            message = f"{section.number} is attached; nothing in the text refers to it."
            yield Remark("X3", "info", message, section.start, section.body)
    yield from _check_empty(text, outline)


def _is_part_of(number: str, attached: Collection[str]) -> bool:
    """Say whether "Exhibit A-1" may be a part of an attached "Exhibit A"."""
    return number.partition("-")[0] in attached


def _check_empty(text: str, outline: Outline) -> Iterator[Remark]:
    sections = outline.sections
    counts = Counter(section.number for section in outline.attachments())
    for index, section in enumerate(sections):
        if section.kind != "attachment":
            continue
        own = _FORM_WORDS.sub("", section.heading + text[section.body : section.end])
        after = sections[index + 1] if index + 1 < len(sections) else None
        continued = after is not None and after.scope == section.number and after.kind != "attachment"
        if not own and not continued and counts[section.number] == 1:
            yield Remark("C4", "warning", f"{section.number} is empty.", section.start, section.body)
