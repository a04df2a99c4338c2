"""Where a list ends because another fact or option of the document begins."""

import re

from actors.domain.intake.choices import choice_by_words
from actors.domain.intake.clause_ends import MOST_CHARS
from actors.domain.intake.phrases import any_phrase
from actors.domain.intake.spans import Claims
from actors.domain.library import DocumentType, Fact

_SEPARATOR = r"(?:,\s{1,3}(?:and\s|plus\s)?|\s(?:and|plus)\s)"
_ARTICLE = r"(?:(?:an?|the|its|their|with|no)\s){0,2}"
# Behind a bare "and" a word closes the list: "pricing, plans and customer data".
_NEW_ITEM = r"(?:,\s{1,3}|,?\s{1,3}(?:and\s)?(?:plus|with|no)\s)(?:(?:an?|the|no)\s)?"
_LEADS_TO_A_VALUE = r"(?:\s?[:=]|\s(?:(?:of|is|at|up\sto)\s)?[$£€\d])"
_STANDS_ALONE = r"(?:\s(?:clause|provision))?(?=\s{0,3}(?:[,;.\n]|$|and\b))"
_ANSWERS = ("boolean", "choice")


class NextWishes:
    """Finds, behind the words of one fact, where the next fact or option of the same list begins.

    A cue alone is too weak: "training" may be one of the services. It counts where a value follows it ("equity:",
    "bonus of", "deposit $5"), or where it is a whole item of the list (", arbitration,").
    """

    def __init__(self, document_type: DocumentType) -> None:
        self._type = document_type
        self._by_fact: dict[str, re.Pattern[str]] = {}

    def claims_behind(self, text: str, fact: Fact, at: int, claims: Claims) -> Claims:
        """Return claims under which a phrase of `fact` that begins behind `at` ends before the next wish."""
        match = self._pattern(fact).search(text, at, min(len(text), at + MOST_CHARS))
        if match is None:
            return claims
        bounded = claims.copy()
        bounded.claim(match.start(), match.start() + 1)
        return bounded

    def _pattern(self, fact: Fact) -> re.Pattern[str]:
        if fact.id not in self._by_fact:
            others = [other for other in self._type.facts if other.id != fact.id]
            cues = {cue for other in others for cue in other.cues} - set(fact.cues)
            whole = {cue for option in self._type.options for cue in option.cues}
            whole |= {cue for other in others if other.kind in _ANSWERS for cue in other.cues}
            whole |= {words for other in others if other.kind == "choice" for words in choice_by_words(other)}
            leading = any_phrase(cue for cue in cues if cue.endswith((" of", " by", " to")))
            self._by_fact[fact.id] = re.compile(
                rf"{_SEPARATOR}{_ARTICLE}(?:{any_phrase(cues)}{_LEADS_TO_A_VALUE}|{leading}\s)"
                rf"|{_NEW_ITEM}{any_phrase(whole)}{_STANDS_ALONE}",
                re.IGNORECASE,
            )
        return self._by_fact[fact.id]
