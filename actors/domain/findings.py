"""What a check reports about a text."""

import datetime
import hashlib
from typing import Literal

from actors.domain.matter import Value

Severity = Literal["error", "warning", "info"]


class Finding(Value):
    """One remark on one place of a text."""

    id: str
    """Stable: the same remark on the same words has the same id in every run. Build it with `finding_id`."""
    check: str
    """The check that spoke: `X1` (cross-reference), `C1` (placeholder), or a rule's id such as `ca-16600`."""
    severity: Severity
    message: str
    section: str = ""
    """Number of the section as printed ("4"), empty where the whole text is meant."""
    start: int = 0
    """Offset of the quote in the text that was checked, in characters; 0, with an empty quote, where something is
    missing."""
    end: int = 0
    quote: str = ""
    """`text[start:end]`."""
    authority: str | None = None
    """The citation that the finding rests on, where it rests on law."""
    authority_id: str | None = None
    as_of: datetime.date | None = None
    """The day on which the authority was last checked by this project."""


def finding_id(check: str, section: str, quote: str, occurrence: int = 0) -> str:
    """Return a stable id. It leaves the offset out, so that an edit elsewhere does not rename the finding.

    Args:
        check: The check's id.
        section: The printed section number.
        quote: The words that the finding is about.
        occurrence: 0 for the first equal quote in that section, then 1, 2, …
    """
    digest = hashlib.sha256("\x1f".join((check, section, quote, str(occurrence))).encode()).hexdigest()
    return f"{check}-{digest[:8]}"
