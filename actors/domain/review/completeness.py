"""C1, C2, C5: blanks, missing clauses, and notes that were for the drafter."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actors.domain.findings import Finding, Severity
from actors.domain.review.known import KnownFacts
from actors.domain.review.remark import Remark, to_findings

_TEMPLATE_TAG = re.compile(
    r"\{\{[^{}\n]{0,120}\}\}|\{%[^{}\n]{0,120}%\}|\{#[^{}\n]{0,120}#\}|\$\{[A-Za-z_][\w.]{0,60}\}"
    r"|\{\{|\}\}|\{%|%\}"
)
_NOTE = re.compile(
    r"\[[^\[\]\n]{0,10}?(?:(?i:drafting note|drafter[’']?s note|note to (?:draft|drafter|drafting"
    r"|counsel|reviewer|form))|NTD|NB)\b[^\[\]\n]{0,400}\]"
    r"|\b(?i:drafting note|note to (?:draft|drafter|reviewer)):[^\n]{0,200}|\b(?:TODO"
    r"|FIXME)\b[^\n]{0,80}|\bNTD:[^\n]{0,80}|<!--[^>]{0,400}-->"
)
_BRACKET = re.compile(r"(?<!\\)\[(?P<inside>[^\[\]\n]{0,160})\](?P<link>\()?")
_TBD = re.compile(
    r"\b(?:TBD|TBC|T\.B\.D\.)\b|\b(?:to be (?:inserted|completed|filled in))\b|<(?:insert|enter"
    r"|party|name|date|amount)\b[^<>\n]{0,60}>",
    re.IGNORECASE,
)
_UNDERSCORES = re.compile(r"_{3,}")
_REDACTED = re.compile(
    r"[*\s†‡#.…_-]*|(?i:[^\]]*\b(?:redacted|removed)|confidential[^\]]*|omitted[^\]]*|sic|\d+"
    r"|[ivx]+|[a-z]|x|✓)"
)
_BLANK_WORDS = re.compile(
    r"[●•◦_\s.…?]{0,20}[●•_…?][●•_\s.…?]{0,20}|(?i:insert|enter|fill|specify|describe|state|name"
    r"|date|amount|number|address|blank|title"
    r"|party|company|client|customer|today|your|select|choose|to be|tbd|tbc|currency|x{2,}|●|•)\b[^\]]*"
    r"|(?:●|•|○)[^\]]*|[^\]]*(?i:\b(?:name|date|address|amount|state|jurisdiction|title|number)\b)"
)
_KEPT_BRACKETS = re.compile(
    r"(?i)signature|remainder|left blank|intentionally|reserved|end of|follows|attached|schedule"
    r"|exhibit|annex|appendix|page|seal"
    r"|see |logo|letterhead|graphic|image|table|illegible|translation|portion|deleted|execution"
    r"|\bof\b.*\bpages?\b"
)
_RULE_OR_FORM = re.compile(r"_{25,}")
_SIGNATURE_WORDS = re.compile(
    r"(?:By|Name|Title|Date|Dated?|Its|Signature|Signed|Witness|Print(?:ed)? Name|Per|Attest"
    r"|Address|Email|Tel|Notary|Sign)\s*:?[\s*|]*$",
    re.IGNORECASE,
)
_SIGNER = re.compile(
    r"(?i:(?:^|\s{2,}|_\s)(?:accepted|agreed|acknowledged|for the \w+|(?:the )?(?:company|employer|employee|contractor"
    r"|consultant|client|customer|provider|supplier|landlord|lessor|tenant|lessee|licensor|licensee|owner))"
    r"(?: (?:and|&) (?:accepted|agreed))?:\s*$)"
    r"|(?i:\bsigned\b)[^_\n]{0,80}$"
    r"|\b(?:Inc|LLC|Ltd|Limited|LLP|LP|PLLC|PC|Corp|Corporation|plc|PLC)\b\.?,?\s*:?\s*$"
)
"""What stands before a line to sign on: "Landlord:", "Signed for Acme Limited", "Acme, Inc."."""


@dataclass(frozen=True, slots=True)
class EssentialClause:
    """A clause that a type of document should have."""

    id: str
    label: str
    """As a lawyer would say it: "governing law"."""
    patterns: tuple[str, ...]
    """Regular expressions, any of which shows that the clause is there; case does not count."""
    severity: Severity = "warning"


def missing_clauses(text: str, essential: Sequence[EssentialClause]) -> list[Finding]:
    """Report C2 for every essential clause of which no pattern occurs. Each has an empty quote at offset 0."""
    # On one line: the patterns are written with blanks, and files break their lines anywhere.
    flat = " ".join(text.split())
    remarks = [
        Remark("C2", clause.severity, f"There is no clause on {clause.label}.")
        for clause in essential
        if not any(re.search(pattern, flat, re.IGNORECASE) for pattern in clause.patterns)
    ]
    return to_findings(text, remarks, lambda _: "")


def check_blanks(text: str, known: KnownFacts | None, *, form: bool) -> Iterator[Remark]:
    """Yield C1 and C5.

    Args:
        text: One section.
        known: Names the open points.
        form: The section is an attachment. Those are forms, to be filled in when they are used: a blank warns there.

    A blank in brackets, a template tag and "TBD" are errors; a blank that the matter lists as an open point is
    information; a line to be filled in by hand is a warning. `[***]` is a redaction, `[x]` a box, `[text](…)` a link.
    """
    notes = [note.span() for note in _NOTE.finditer(text)]
    for start, end in notes:
        yield Remark("C5", "error", "A note for the drafter was left in.", start, end)
    for tag in _TEMPLATE_TAG.finditer(text):
        if not _inside(tag.start(), notes):
            yield Remark("C1", "error", "A template tag was left in.", tag.start(), tag.end())
    brackets = [
        match for match in _BRACKET.finditer(text) if not match["link"] and not _inside(match.start(), notes)
    ]
    for bracket in brackets:
        yield from _check_bracket(bracket, known, "warning" if form else "error")
    spans = [bracket.span() for bracket in brackets]
    for match in _TBD.finditer(text):
        if not _inside(match.start(), spans) and not _inside(match.start(), notes):
            certain = (
                (match[0].isupper() or match[0].startswith("<"))
                and not form
                and text[match.start() - 1 : match.start()] not in ('"', "“")
            )
            severity: Severity = "error" if certain else "warning"
            yield Remark("C1", severity, "Something is still to be filled in.", match.start(), match.end())
    yield from _check_underscores(text)


def _inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Say whether one of the spans, which are in order and apart, holds an offset."""
    index = bisect_right(spans, (at, sys.maxsize)) - 1
    return index >= 0 and at < spans[index][1]


def _check_bracket(bracket: re.Match[str], known: KnownFacts | None, severity: Severity) -> Iterator[Remark]:
    inside = bracket["inside"].strip(" *")
    span = bracket.start(), bracket.end("inside") + 1
    if known is not None and known.is_open(inside):
        yield Remark("C1", "info", f"Open point: {inside}.", *span)
    elif (
        not _REDACTED.fullmatch(inside)
        and not _KEPT_BRACKETS.search(inside)
        and _BLANK_WORDS.fullmatch(inside)
    ):
        yield Remark("C1", severity, "A blank was left open.", *span)
    elif (
        known is not None and inside and not _REDACTED.fullmatch(inside) and not _KEPT_BRACKETS.search(inside)
    ):
        yield Remark("C1", severity, "Words were left in brackets.", *span)


def _check_underscores(text: str) -> Iterator[Remark]:
    """Yield one warning per line with blanks to fill in, signature lines aside."""
    last_line = -1
    for match in _UNDERSCORES.finditer(text):
        line = text.rfind("\n", 0, match.start()) + 1
        before = text[max(line, match.start() - 40) : match.start()]
        after = text[match.end() : match.end() + 40]
        if (
            line == last_line
            or _RULE_OR_FORM.fullmatch(match[0])
            or not re.search(r"[a-z]{2}", before + after)
        ):
            continue
        if _SIGNATURE_WORDS.search(before) or _SIGNER.search(before) or not before.strip():
            continue
        last_line = line
        yield Remark("C1", "warning", "A line is still to be filled in.", match.start(), match.end())
