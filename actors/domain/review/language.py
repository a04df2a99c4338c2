"""W1-W6: advice on language, at most one remark of a kind per section."""

import re
from collections.abc import Iterator

from actors.domain.review.remark import Remark
from actors.domain.review.sentences import read_sentences

_MAX_WORDS = 90
_DUTY = re.compile(
    r"\b(?P<actor>(?:[Tt]he|[Ee]ach|[Ee]ither)\s(?:[A-Z][\w-]+\s){1,2}"
    r"|[Ee]ach [Pp]arty\s)(?P<verb>shall|will|must)\s(?!mean|not be liable|be deemed)"
)
_AND_OR = re.compile(r"\band/or\b", re.IGNORECASE)
_ARCHAISM = re.compile(
    r"\b(?:witnesseth|whereas|know all (?:men|persons) by these presents|hereinabove|hereinbefore"
    r"|hereunto|thereunto|aforesaid"
    r"|aforementioned|said (?=[a-z]+ (?:party|agreement))|whereof|wheresoever|hereinafter"
    r"|heretofore|theretofore|in witness whereof"
    r"|party of the (?:first|second) part|to wit|witness my hand)\b",
    re.IGNORECASE,
)
_EFFORTS = re.compile(
    r"\b(?P<kind>(?:commercially |all )?reasonable(?: best)?|best|diligent"
    r"|good[- ]faith)\s(?:efforts|endeavou?rs)\b",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"\bnotwithstanding (?:anything (?:else )?to the contrary"
    r"|any other provision)\b(?!,? (?:contained )?(?:in|herein|of|set forth|hereof|elsewhere))",
    re.IGNORECASE,
)


def check_language(text: str) -> Iterator[Remark]:
    """Yield advice on one section. It is advice: nothing here is wrong."""
    yield from _check_duties(text)
    yield from _first(text, _AND_OR, "W2", "“and/or” invites dispute: say “or”, or “A or B, or both”.")
    yield from _first(text, _ARCHAISM, "W3", "An old word that adds nothing.")
    yield from _check_length(text)
    yield from _check_efforts(text)
    yield from _first(text, _DANGLING, "W6", "Say which provisions this overrides.")


def _first(text: str, pattern: re.Pattern[str], check: str, message: str) -> Iterator[Remark]:
    if match := pattern.search(text):
        yield Remark(check, "info", message, match.start(), match.end())


def _check_duties(text: str) -> Iterator[Remark]:
    verbs: dict[str, str] = {}
    for match in _DUTY.finditer(text):
        actor, verb = match["actor"].casefold().strip(), match["verb"]
        if verbs.setdefault(actor, verb) != verb:
            message = (
                f"One duty-bearer has “{verbs[actor]}” and “{verb}” in one section: keep to "
                "one word for duties."
            )
            yield Remark("W1", "info", message, match.start(), match.end("verb"))
            return


def _check_length(text: str) -> Iterator[Remark]:
    for start, end in read_sentences(text):
        count = text.count(" ", start, end) + 1
        if count > _MAX_WORDS and "|" not in text[start:end] and "\n" not in text[start:end]:
            yield Remark("W4", "info", f"A sentence of {count} words: split it or make a list.", start, end)
            return


def _check_efforts(text: str) -> Iterator[Remark]:
    first = ""
    for match in _EFFORTS.finditer(text):
        kind = match["kind"].casefold()
        first = first or kind
        if kind != first:
            message = f"“{first}” and “{kind}” efforts in one section: courts may see two standards."
            yield Remark("W5", "info", message, match.start(), match.end())
            return
