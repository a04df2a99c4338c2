"""Exact keys of the legal search cache: all that may change an answer, and nothing that can be read back."""

import hashlib
import json
import unicodedata

from actors.domain.authority import ResearchQuery

SCHEMA_VERSION = 1
"""Raise it when the form of keys or stored values changes: older values are then never found again."""

PUBLIC_TENANT = "public"
"""The scope of a deployment without tenants."""


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
    """Return the key of a research query: 64 hexadecimal digits.

    Families and issues count in the order given: a retriever may rank by it.

    Args:
        query: The question.
        corpus_version: A new corpus changes every key, so no stale answer needs to be invalidated.
        retriever_version: Likewise for the code and settings of the search.
        tenant: The scope in which the answer may be reused.
    """
    return _digest(
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
        }
    )


def text_key(query: str, jurisdiction: str, version: str, tenant: str = PUBLIC_TENANT) -> str:
    """Return the key of a question in plain words; it never equals a key of `research_key`."""
    return _digest(
        {
            "form": "text",
            "tenant": tenant,
            "words": normalise_words(query),
            "jurisdiction": jurisdiction,
            "version": version,
        }
    )


def _digest(parts: dict[str, object]) -> str:
    # ASCII escapes: a lone surrogate in somebody's input gives a key like any other, not an encoding error.
    canonical = json.dumps(
        {"schema_version": SCHEMA_VERSION, **parts}, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
