"""Review by a model: what it is asked, and which of its remarks count."""

from collections import Counter
from typing import Literal

from actors.domain.findings import Finding, Severity, finding_id
from actors.domain.library import load_type
from actors.domain.matter import Matter, Value
from actors.domain.prompting.draft_prompt import fenced_section
from actors.domain.prompting.prompt import Prompt
from actors.domain.prompting.quotes import Place, place_of
from actors.domain.prompting.texts import prompt_of
from actors.domain.sections import Section

REVIEW_CHECK = "L1"
MOST_FINDINGS = 10
_MOST_MESSAGE_CHARS = 400
_MARK = " (a language model's remark)"


class ReviewRemark(Value):
    """One remark of a model."""

    severity: Literal["error", "warning", "info"]
    message: str
    quote: str


class ReviewAnswer(Value):
    """What a model says of a section."""

    findings: tuple[ReviewRemark, ...]


def review_prompt(matter: Matter, section: Section) -> Prompt:
    """Return the question what a lawyer should look at in a section.

    Raises:
        LibraryError: A prompt file is wrong.
    """
    document_type = load_type(matter.task_type)
    favoured = {role.id: f"It favours this side: {role.label}." for role in document_type.roles}
    slots = {
        "title": document_type.title,
        "stance": favoured.get(matter.stance, "It is balanced between the parties."),
        "section": fenced_section(section),
    }
    return prompt_of("review", slots, ReviewAnswer)


def findings_of(answer: ReviewAnswer, section: Section) -> tuple[tuple[Finding, ...], int]:
    """Return a model's remarks as findings L1, and how many were dropped.

    A remark whose quote does not stand in the section, that repeats another, or that comes after ten is dropped. None
    is an error: only what code has checked can be one.
    """
    text, seen, counted = section.markdown, set[tuple[str, str]](), Counter[str]()
    findings: list[Finding] = []
    for remark in answer.findings:
        place, message = place_of(remark.quote, text), shortened(remark.message)
        if place is None or not message or (place.words, message) in seen or len(findings) == MOST_FINDINGS:
            continue
        seen.add((place.words, message))
        findings.append(
            finding_at(place, section, REVIEW_CHECK, remark.severity, message, counted[place.words])
        )
        counted[place.words] += 1
    findings.sort(key=lambda finding: finding.start)
    return tuple(findings), len(answer.findings) - len(findings)


def finding_at(
    place: Place, section: Section, check: str, severity: Severity, message: str, occurrence: int
) -> Finding:
    """Return a model's remark as a finding, marked as such."""
    return Finding(
        id=finding_id(check, section.number, place.words, occurrence),
        check=check,
        severity="info" if severity == "info" else "warning",
        message=f"{message}{_MARK}",
        section=section.number,
        start=place.start,
        end=place.end,
        quote=place.words,
    )


def shortened(message: str) -> str:
    """Return a model's sentence on one line, printable, and not longer than a reader likes."""
    flat = " ".join("".join(char if char.isprintable() else " " for char in message).split())
    return flat if len(flat) <= _MOST_MESSAGE_CHARS else f"{flat[: _MOST_MESSAGE_CHARS - 1]}…"
