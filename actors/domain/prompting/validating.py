"""Validation by a model: a section held against given statements of law, and which of its remarks count."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from actors.domain.authority import Authority
from actors.domain.findings import Finding
from actors.domain.library import load_type
from actors.domain.matter import Matter, Value
from actors.domain.prompting.draft_prompt import fenced_section, law_line
from actors.domain.prompting.fence import fenced
from actors.domain.prompting.prompt import Prompt
from actors.domain.prompting.quotes import place_of
from actors.domain.prompting.reviewing import MOST_FINDINGS, finding_at, shortened
from actors.domain.prompting.texts import prompt_of
from actors.domain.sections import Section

VALIDATION_CHECK = "L2"
MOST_AUTHORITIES = 30


class ValidationRemark(Value):
    """One conflict with law, as a model sees it."""

    authority_id: str
    severity: Literal["error", "warning", "info"]
    message: str
    quote: str


class ValidationAnswer(Value):
    """What a model says of a section and the law."""

    findings: tuple[ValidationRemark, ...]


def validation_prompt(matter: Matter, section: Section, authorities: Sequence[Authority]) -> Prompt:
    """Return the question where a section conflicts with statements of law.

    Args:
        matter: Whose document it is.
        section: The section.
        authorities: The statements, weightiest first; only the first thirty are put.

    Raises:
        LibraryError: A prompt file is wrong.
    """
    lines = (
        f"{authority.id} | {authority.citation or 'no citation'} | {' '.join(authority.statement.split())}"
        for authority in authorities[:MOST_AUTHORITIES]
    )
    slots = {
        "title": load_type(matter.task_type).title,
        "law": law_line(matter),
        "authorities": fenced("statements of law by id", "\n".join(lines) or "none"),
        "section": fenced_section(section),
    }
    return prompt_of("validation", slots, ValidationAnswer)


def validation_findings(
    answer: ValidationAnswer, section: Section, authorities: Sequence[Authority]
) -> tuple[tuple[Finding, ...], int]:
    """Return a model's remarks as findings L2 with their authority, and how many were dropped.

    A remark without the id of an authority that was put to the model is dropped, like one whose quote does not stand in
    the section.
    """
    by_id = {authority.id: authority for authority in authorities[:MOST_AUTHORITIES]}
    text, seen, counted = section.markdown, set[tuple[str, str]](), Counter[str]()
    findings: list[Finding] = []
    for remark in answer.findings:
        authority = by_id.get(remark.authority_id.strip())
        place, message = place_of(remark.quote, text), shortened(remark.message)
        if authority is None or place is None or not message or len(findings) == MOST_FINDINGS:
            continue
        if (place.words, authority.id) in seen:
            continue
        seen.add((place.words, authority.id))
        found = finding_at(place, section, VALIDATION_CHECK, remark.severity, message, counted[place.words])
        counted[place.words] += 1
        findings.append(
            found.model_copy(
                update={
                    "authority": authority.citation,
                    "authority_id": authority.id,
                    "as_of": authority.as_of,
                }
            )
        )
    findings.sort(key=lambda finding: finding.start)
    return tuple(findings), len(answer.findings) - len(findings)
