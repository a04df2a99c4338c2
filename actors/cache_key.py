"""Exact keys of the legal search cache: all that may change an answer, and nothing that can be read back."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from actors.domain.authority import ResearchQuery
from actors.errors import InvalidInputError

SCHEMA_VERSION = 3
"""Raise it when the form of keys or stored values changes: older values are then never found again."""

PUBLIC_TENANT = "public"
"""The scope of a deployment without tenants."""

MARK_DIGITS = 8
"""A key begins with so many digits that mark its tenant, then as many for its version, and for what made the answer."""
ANY_MARK = "?" * MARK_DIGITS


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cached answers are meant: those of a tenant, of a version, of one key; without any of them, all.

    Two tenants whose marks are equal by chance are cleared together and never answered from each other's entries.

    Raises:
        InvalidInputError: The key is none.
    """

    tenant: str | None = None
    version: str | None = None
    """The corpus version of a research query; the `version` of `text_key`."""
    key: str | None = None

    def __post_init__(self) -> None:
        if self.key is not None and not re.fullmatch("[0-9a-f]{64}", self.key):
            raise InvalidInputError("key", "a key has 64 hexadecimal digits")

    def covers(self, key: str) -> bool:
        """Tell whether an entry under `key` is meant."""
        return (
            self.key in {None, key}
            and (self.tenant is None or key.startswith(_mark("tenant", self.tenant)))
            and (self.version is None or key.startswith(_mark("version", self.version), MARK_DIGITS))
        )

    def pattern(self) -> str:
        """Return a glob, as Redis reads them, that every key covered matches."""
        if self.tenant is None and self.version is None:
            return self.key or "*"
        tenant = ANY_MARK if self.tenant is None else _mark("tenant", self.tenant)
        return tenant + ("" if self.version is None else _mark("version", self.version)) + "*"


EVERYTHING = Scope()


def normalise_words(words: str) -> str:
    """Fold what never changes a meaning: Unicode form (NFKC), case, white space.

    Nothing else is folded. "10 years" and "10 year", "shall" and "shall not" stay different questions.
    """
    folded = unicodedata.normalize("NFKC", words).casefold()
    # Case folding can undo the composed form of an accented letter: composed once more.
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def research_key(
    query: ResearchQuery, corpus_version: str, retriever_version: str, tenant: str = PUBLIC_TENANT
) -> str:
    """Return the key of a research query: 64 hexadecimal digits; the first mark tenant, corpus and retriever.

    Families and issues count in the order given: a retriever may rank by it.

    Args:
        query: The question.
        corpus_version: A new corpus changes every key, so no stale answer needs to be invalidated.
        retriever_version: Likewise for the code and settings of the search.
        tenant: The scope in which the answer may be reused.
    """
    return _digest(
        tenant,
        corpus_version,
        retriever_version,
        {
            "form": "research",
            "tenant": tenant,
            "task_type": query.task_type,
            "families": query.families,
            "issues": query.issues,
            "jurisdiction": query.jurisdiction,
            "as_of": query.as_of.isoformat(),
            "corpus_version": corpus_version,
            "retriever_version": retriever_version,
            "limit": query.limit,
            "words": normalise_words(query.words),
        },
    )


def text_key(query: str, jurisdiction: str, version: str, tenant: str = PUBLIC_TENANT) -> str:
    """Return the key of a question in plain words; it never equals a key of `research_key`."""
    return _digest(
        tenant,
        version,
        "",
        {
            "form": "text",
            "tenant": tenant,
            "words": normalise_words(query),
            "jurisdiction": jurisdiction,
            "version": version,
        },
    )


def circumstances(key: str) -> str:
    """Return what a key has in common with all keys of the same tenant, version and retriever."""
    return key[: 3 * MARK_DIGITS]


def _digest(tenant: str, version: str, retriever: str, parts: dict[str, object]) -> str:
    # ASCII escapes: a lone surrogate in somebody's input gives a key like any other, not an encoding error.
    canonical = json.dumps(
        {"schema_version": SCHEMA_VERSION, **parts}, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    marks = _mark("tenant", tenant) + _mark("version", version) + _mark("retriever", retriever)
    return marks + hashlib.sha256(canonical.encode()).hexdigest()[len(marks) :]


@lru_cache(maxsize=256)
def _mark(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}\x1f{name}".encode(errors="backslashreplace")).hexdigest()[:MARK_DIGITS]
