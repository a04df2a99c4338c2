"""Phrases of the type files as patterns: hyphens, spaces and plurals as people write them."""

import re
from collections.abc import Iterable
from functools import lru_cache

# White space is bounded everywhere: a long run of it must not cost a quadratic search.
GAP = r"[\s\-‐‑–]{1,4}"
_HYPHEN = r"[\s\-‐‑–]?"
_START, _END = r"(?<![\w\-])", r"(?![\w]|-\w)"

_NEGATION = (
    r"(?:no|not|without|never|neither|nor|excluding|exclude|excludes|except|omit|omits|omitting|skip|drop|minus|"
    r"(?:do|does|should|must|need)(?:n't|n’t)|leave[ ]out|leaving[ ]out|remove|waive|waives)"
)
_FILLER = (
    r"(?:a|an|any|the|to|for|include|includes|including|have|having|want|contain|contains|add|be|is|of|its|"
    r"mutual|such|clause|provision|covenant|need|needs|with)"
)
_NEGATED_BEFORE = re.compile(
    rf"\b{_NEGATION}(?:\s{{1,3}}{_FILLER}){{0,4}}\s{{1,3}}$"
    rf"|\b{_NEGATION}(?:\s{{1,3}}[\w\-]{{1,20}}){{1,6}},?\s{{1,3}}(?:or|nor)(?:\s{{1,3}}{_FILLER}){{0,3}}\s{{1,3}}$"
    rf"|(?<![\w])non[\s\-]?$",
    re.IGNORECASE,
)
_NEGATED_AFTER = re.compile(
    r"\s{0,2}(?:clause|provision|covenant)?\s{0,2}[:=]?\s{0,2}"
    r"(?:no\b(?!\s(?:longer|more|later|less))|none\b|false\b|excluded\b|"
    r"(?:is|are|should|must|need)\s(?:not\b|be\s(?:left\sout|excluded|omitted))|"
    r"isn['’]t\b|not\s(?:needed|wanted|required|included|necessary)\b)",
    re.IGNORECASE,
)


def phrase(words: str, *, plural: bool = False) -> str:
    """Return a pattern for one phrase, without its edges.

    Args:
        words: "non-disclosure agreement"; spaces and hyphens match each other, and a hyphen may be absent.
        plural: Whether a final "s" may be added.
    """
    parts = words.split()
    pattern = ""
    for position, word in enumerate(parts):
        if word == "of" and 0 < position < len(parts) - 1:
            pattern += r"['’]?\s{1,4}(?:of\s{1,4})?"
            continue
        bare = _HYPHEN.join(re.escape(part) for part in word.split("-"))
        pattern += bare if position == 0 or (parts[position - 1] == "of" and position > 1) else GAP + bare
    return pattern + ("s?" if plural and words[-1:].isalpha() else "")


def any_phrase(phrases: Iterable[str], *, plural: bool = False) -> str:
    """Return an alternation with word edges, the longest phrase first; it matches nothing when there is none."""
    return _any_phrase(tuple(phrases), plural=plural)


@lru_cache(maxsize=2048)
def _any_phrase(phrases: tuple[str, ...], *, plural: bool) -> str:
    ordered = _longest_first(phrases)
    if not ordered:
        return r"(?!)"
    edged = _START + "(?:" + "|".join(phrase(words, plural=plural) for words in ordered) + ")" + _END
    units = [phrase(words.removeprefix("per ")) for words in ordered if words.startswith("per ")]
    # "/hour" means "per hour", and needs no edge before it.
    return rf"(?:{edged}|/\s?(?:{'|'.join(units)}){_END})" if units else edged


def _longest_first(phrases: Iterable[str]) -> list[str]:
    return sorted(
        {words.strip() for words in phrases if words.strip()}, key=lambda words: (-len(words), words)
    )


def any_words(phrases: Iterable[str]) -> str:
    """Return an alternation that may touch a hyphen, as in "pro-tenant" and "tenant-friendly"."""
    ordered = _longest_first(phrases)
    return r"(?<!\w)(?:" + "|".join(map(phrase, ordered)) + r")(?!\w)" if ordered else r"(?!)"


def compiled(phrases: Iterable[str], *, plural: bool = False) -> re.Pattern[str]:
    """Return `any_phrase` as a pattern that ignores case."""
    return _compiled(tuple(phrases), plural=plural)


@lru_cache(maxsize=2048)
def _compiled(phrases: tuple[str, ...], *, plural: bool) -> re.Pattern[str]:
    return re.compile(_any_phrase(phrases, plural=plural), re.IGNORECASE)


def is_negated(text: str, start: int, end: int) -> bool:
    """Tell whether the words around `text[start:end]` deny it: "no …", "without a …", "…: none"."""
    before = text[max(0, start - 90) : start]
    return bool(_NEGATED_BEFORE.search(before) or _NEGATED_AFTER.match(text[end : end + 60]))
