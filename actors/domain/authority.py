"""The values of legal research."""

import datetime
from typing import Literal

from actors.domain.matter import Value


class Authority(Value):
    """One statement of law or drafting practice: in our own words, or the beginning of an imported text."""

    id: str
    kind: Literal["rule", "clause_note", "statute", "clause"]
    """The first two are this project's; `statute` and `clause` were imported, and their words are the source's."""
    jurisdiction: str
    """`US-FED`, `US-UCC`, `US-DE`, `US-NY`, `US-CA`, `US-TX`, `UK-EW`, another state as `US-IL`, or `GENERAL`."""
    citation: str | None
    """As printed; `None` for drafting practice that rests on no single source."""
    applies_to: tuple[str, ...]
    """Document families (`nda`, `employment`, …) or `all`."""
    topics: tuple[str, ...] = ()
    """Legal issues from the vocabulary of the document types, e.g. `restraint_of_trade`, `choice_of_law`."""
    statement: str
    confidence: Literal["V", "H", "?"]
    """V: checked against the text; H: well known, not re-read; ?: unsure, never used on users."""
    as_of: datetime.date
    """The day on which the statement was last checked."""
    effective: datetime.date | None = None
    """In force from this day."""
    ended: datetime.date | None = None
    """No longer law from this day (repealed, vacated, superseded)."""


class ResearchQuery(Value):
    """A question to the corpus. It carries no name, amount, address or sentence of the matter."""

    task_type: str
    families: tuple[str, ...]
    """The document families that the type belongs to, without `all`."""
    issues: tuple[str, ...]
    """From the document type's list of legal issues, and from the options asked for."""
    jurisdiction: str | None
    as_of: datetime.date
    words: str = ""
    """Free words, for `lexray corpus search` only; a draft's query leaves it empty."""
    limit: int = 24


class Hit(Value):
    """An authority found, best first."""

    authority: Authority
    score: float


class ResearchPacket(Value):
    """What research hands to the drafting agent and to the report."""

    query: ResearchQuery
    hits: tuple[Hit, ...]
    corpus_version: str
    searched: tuple[str, ...] = ()
    """The jurisdictions that were searched."""
    retrieval: str = "lexical"
    """How words were searched for: `hybrid`, by words and by meaning, or `lexical` with the reason in brackets."""
