"""What a single check says, before it becomes a finding."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actors.domain.findings import Finding, Severity, finding_id


@dataclass(frozen=True, slots=True)
class Remark:
    """One observation. Offsets are characters of the text that was checked; an empty span means "missing"."""

    check: str
    severity: Severity
    message: str
    start: int = 0
    end: int = 0


def to_findings(text: str, remarks: Iterable[Remark], section_at: Callable[[int], str]) -> list[Finding]:
    """Give remarks their quote, section and stable id, in reading order; equal remarks on one span merge.

    Args:
        text: The text that the remarks' offsets count in.
        remarks: In any order.
        section_at: The printed section number at an offset.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    findings = []
    unique = {(remark.check, remark.start, remark.end, remark.message): remark for remark in remarks}
    for remark in sorted(unique.values(), key=lambda r: (r.start, r.end, r.check, r.message)):
        quote = text[remark.start : remark.end]
        section = section_at(remark.start) if quote else ""
        key = (remark.check, section, quote or remark.message)
        findings.append(
            Finding(
                id=finding_id(*key, occurrence=seen[key]),
                check=remark.check,
                severity=remark.severity,
                message=remark.message,
                section=section,
                start=remark.start if quote else 0,
                end=remark.end if quote else 0,
                quote=quote,
            )
        )
        seen[key] += 1
    return findings
