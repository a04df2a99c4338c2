"""Facts that are one of a few answers, or yes or no."""

import re
from collections.abc import Collection

from actors.domain.intake.mentions import quoted
from actors.domain.intake.phrases import compiled, is_negated
from actors.domain.intake.spans import Claims
from actors.domain.library import DocumentType, Fact
from actors.domain.matter import FactValue

_RATE = re.compile(r"(?:per|an?|each|every|/)\b", re.IGNORECASE)
_RATE_GAP = re.compile(r"[^,;.\n\d]{0,24}")
_PERIODS = {
    "year": "year", "yearly": "year", "annual": "year", "annually": "year", "annum": "year",
    "quarter": "quarter", "quarterly": "quarter", "month": "month", "monthly": "month",
    "week": "week", "weekly": "week", "day": "day", "daily": "day", "hour": "hour", "hourly": "hour",
    "fixed": "once", "flat": "once", "once": "once",
}  # fmt: skip


def take_answers(
    text: str, document_type: DocumentType, claims: Claims, amount_ends: Collection[int]
) -> tuple[dict[str, FactValue], list[str]]:
    """Return the choices and the yes-or-no facts that the message answers, and a notice for each contradiction.

    Args:
        text: The message.
        document_type: Whose facts are wanted.
        claims: Words that name the type, a party or a place.
        amount_ends: Where the amounts of money end; "per hour" says something of pay only right behind one.
    """
    values: dict[str, FactValue] = {}
    notices: list[str] = []
    for fact in document_type.facts:
        if fact.kind == "boolean":
            values |= _yes_or_no(text, fact, claims)
        elif fact.kind == "choice":
            answers = _answers(text, fact, claims, amount_ends)
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


def _answers(text: str, fact: Fact, claims: Claims, amount_ends: Collection[int]) -> list[str]:
    """Return the different choices that the message names."""
    by_words = choice_by_words(fact)
    found = [
        by_words[_folded(match[0])]
        for match in compiled(by_words).finditer(text)
        if _folded(match[0]) in by_words and _counts(text, match, claims, amount_ends)
    ]
    return list(dict.fromkeys(found))


def _counts(text: str, match: re.Match[str], claims: Claims, amount_ends: Collection[int]) -> bool:
    if not claims.is_free(*match.span()) or is_negated(text, *match.span()):
        return False
    return not _RATE.match(match[0]) or any(
        end <= match.start() and _RATE_GAP.fullmatch(text, end, match.start()) for end in amount_ends
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
    return " ".join(re.sub(r"[\s\-_‐‑–]+", " ", words.casefold()).split())
