"""The values of citation checking."""

import datetime
from typing import Literal

from actors.domain.matter import Value

CitationKind = Literal["statute", "regulation", "case", "uniform_law", "rule", "treaty", "secondary", "other"]
CitationState = Literal["verified", "outdated", "not_found", "ambiguous", "out_of_scope"]


class Citation(Value):
    """One citation in a text, with what the index says of it.

    `verified` means: this provision is in the index of authorities and in force on the day asked for. `outdated`: it is
    in the index, and no longer (or not yet) law on that day. `not_found`: a form that the index covers, with no such
    entry. `ambiguous`: it fits several entries. `out_of_scope`: a source of a kind that the index does not cover.
    """

    text: str
    start: int
    end: int
    """`checked_text[start:end] == text`."""
    kind: CitationKind
    normalized: str
    """One spelling for all ways to write it: `Cal. Bus. & Prof. Code § 16600`."""
    state: CitationState
    authority_id: str | None = None
    as_of: datetime.date | None = None
    """The day on which this project last checked the authority's text or status."""
    detail: str = ""
    """Why the state is what it is, in one sentence, where that is not plain."""
