"""Facts that are one of a few answers, or yes or no."""

import re
from collections.abc import Sequence

from actors.domain.intake.mentions import quoted
from actors.domain.intake.phrases import any_phrase, compiled, is_negated
from actors.domain.intake.spans import Claims, Span
from actors.domain.library import DocumentType, Fact
from actors.domain.matter import FactValue

_PAYING_BEFORE = re.compile(
    r"\b(?:billed|billing|paid|payable|payments?|invoiced|invoicing|due|fees?|rent|salary|charged)\s(?:is\s|are\s)?$",
    re.IGNORECASE,
)
_RATE_GAP = re.compile(r"[^,;.\n\d]{0,24}")
_PERIODS = {
    "year": "year", "yearly": "year", "annual": "year", "annually": "year", "annum": "year",
    "quarter": "quarter", "quarterly": "quarter", "month": "month", "monthly": "month",
    "week": "week", "weekly": "week", "day": "day", "daily": "day", "hour": "hour", "hourly": "hour",
    "fixed": "once", "flat": "once", "once": "once",
}  # fmt: skip


def take_answers(
    text: str, document_type: DocumentType, claims: Claims, amounts: Sequence[Span]
) -> tuple[dict[str, FactValue], list[str]]:
    """Return the choices and the yes-or-no facts that the message answers, and a notice for each contradiction.

    Args:
        text: The message.
        document_type: Whose facts are wanted.
        claims: Words that name the type, a party or a place.
        amounts: Where the amounts of money stand; "per hour" says something of pay only beside one.
    """
    values: dict[str, FactValue] = {}
    notices: list[str] = []
    for fact in document_type.facts:
        if fact.kind == "boolean":
            values |= _yes_or_no(text, fact, claims)
        elif fact.kind == "choice":
            answers = _answers(text, fact, claims, amounts)
            if len(answers) == 1:
                values[fact.id] = answers[0]
            elif answers:
                notices.append(
                    f"{fact.label}: the request says {' and '.join(map(quoted, answers))}; it stays open"
                )
    return values, notices


def _yes_or_no(text: str, fact: Fact, claims: Claims) -> dict[str, FactValue]:
    for match in compiled(fact.cues).finditer(text):
        if claims.is_free(*match.span()):
            return {fact.id: not is_negated(text, *match.span())}
    # "non-exclusive" answers the cue "exclusive", and its hyphen keeps the search above from seeing it.
    negative = compiled(f"non-{cue}" for cue in fact.cues).search(text)
    return {fact.id: False} if negative else {}


def _answers(text: str, fact: Fact, claims: Claims, amounts: Sequence[Span]) -> list[str]:
    """Return the different choices that the message names, as far as they are named equally plainly."""
    by_words = choice_by_words(fact)
    lead = re.compile(
        any_phrase(cue for cue in fact.cues if _folded(cue) not in by_words) + r"\s{1,3}$", re.IGNORECASE
    )
    found = [
        (_weight(text, match, lead, amounts), by_words[_folded(match[0])])
        for match in compiled(by_words).finditer(text)
        if _folded(match[0]) in by_words
        and claims.is_free(*match.span())
        and not is_negated(text, *match.span())
    ]
    best = max((weight for weight, _ in found), default=0)
    return list(dict.fromkeys(choice for weight, choice in found if weight == best > 0))


def _weight(text: str, match: re.Match[str], lead: re.Pattern[str], amounts: Sequence[Span]) -> int:
    """Return how plainly words answer: 3 behind a word of the fact ("billed annually"), 0 for a stray "weekly"."""
    words = _folded(match[0]).split()
    is_bare = words[0] in {"per", "a", "an", "each", "every"} or (len(words) == 1 and words[0] in _PERIODS)
    if lead.search(text, max(0, match.start() - 40), match.start()):
        return 3
    if not is_bare or _stands_by_an_amount(text, match, amounts):
        return 2
    return 1 if _PAYING_BEFORE.search(text, max(0, match.start() - 24), match.start()) else 0


def _stands_by_an_amount(text: str, match: re.Match[str], amounts: Sequence[Span]) -> bool:
    """Whether "per hour" or "monthly" stands beside an amount."""
    behind = any(
        amount.end <= match.start() and _RATE_GAP.fullmatch(text, amount.end, match.start())
        for amount in amounts
    )
    return behind or any(
        match.end() <= amount.start and _RATE_GAP.fullmatch(text, match.end(), amount.start)
        for amount in amounts
    )


def choice_by_words(fact: Fact) -> dict[str, str]:
    """Return which choice each phrase stands for.

    A cue stands for the longest choice that it contains, or else for the one choice that speaks of the same period
    ("a year" for "annually"); a cue that does neither says nothing by itself ("billed"). Without cues the choices stand
    for themselves.
    """
    if not fact.cues:
        return {_folded(choice): choice for choice in fact.choices}
    meant = {cue: _contained(cue, fact) or _same_period(cue, fact) for cue in fact.cues}
    return {_folded(cue): choice for cue, choice in meant.items() if choice is not None}


def _contained(cue: str, fact: Fact) -> str | None:
    longest_first = sorted(fact.choices, key=len, reverse=True)
    return next((choice for choice in longest_first if compiled([choice]).search(cue)), None)


def _same_period(cue: str, fact: Fact) -> str | None:
    wanted = _periods(cue)
    found = [choice for choice in fact.choices if wanted and _periods(choice) == wanted]
    return found[0] if len(found) == 1 else None


def _periods(words: str) -> set[str]:
    return {_PERIODS[word] for word in _folded(words).split() if word in _PERIODS}


def _folded(words: str) -> str:
    spelled = re.sub(r"^/\s?", "per ", words.casefold())
    return " ".join(re.sub(r"[\s\-_‐‑–]+", " ", spelled).split())
