"""The words of a request that mark a role, as the type files list them."""

import re
from collections.abc import Sequence

from actors.domain.intake.names import STOPS
from actors.domain.intake.phrases import any_phrase, any_words
from actors.domain.intake.word_lists import words_of
from actors.domain.library import DocumentType, Role

# What people call a party without naming it, in any kind of document.
GENERIC = words_of(
    """
    company companies firm business startup start-up corporation organization organisation entity party parties
    individual individuals person people people's man woman friend friends family vendor supplier client
    customer employer employee landlord tenant contractor freelancer consultant two both three each us me them
    you him her myself ourselves someone somebody anyone everyone mr mrs ms one
    """
)


_LEADING_ARTICLE = re.compile(r"^(?:the|a|an|our|my)\s")
_DIRECTION = re.compile(r"(?<!\w)(?P<way>from|to)\s{1,3}$", re.IGNORECASE)
_MARKER = r"(?:(?:hereinafter|hereafter|referred\sto|together|collectively)\s{1,3}){0,3}(?:as\s{1,3})?"
_ARTICLE = r"(?:(?:the|a|an|our|my|its|their)\s{1,3})?"
_IS = r"(?:(?:acting\s|serving\s|who\sis\s|which\sis\s)?as|is|being|will\sbe|shall\sbe|who\sis|which\sis)"
_CLOSES = r"(?=\s{0,3}(?:[,;.)\n]|$|\s(?:and|&|with)\b))"
# How a role is said around a name; %s stands for any of its words.
_IN_BRACKETS = rf"\s{{0,3}}\(\s?{_MARKER}{_ARTICLE}[\"“'‘]?(?P<role>%s)[^()\n]{{0,60}}\)"
_AS = rf"(?:\s{{1,3}}|,\s{{1,3}}|\s[-–]\s){_IS}\s{_ARTICLE}[\"“]?(?P<role>%s)[\"”]?"
_APPOSED = rf"(?:,\s{{1,3}}(?:as\s)?{_ARTICLE}|\s[-–]\s)(?P<role>%s){_CLOSES}"
_VERB = r"\s{1,3}(?P<role>%s)"
_BEFORE = (
    r"(?P<role>%s)(?:['’]s\sname)?(?:\s{0,3}[:=]|\s(?:is|named|called|being|will\sbe|shall\sbe|name:?),?)?"
    rf",?\s{{1,4}}{_ARTICLE}\(?$"
)
_LABEL = (
    r"(?P<role>%s)(?:['’]s\sname|\sname)?"
    r"(?:\s{0,3}[:=]\s{0,3}|\s{1,3}(?:is|will\sbe|shall\sbe|named|called)\s{1,3})(?=\S)"
)


# Which cues of text facts name somebody beside the parties.
_THIRD_PARTY = re.compile(r"\b(?:guarant\w+|agent|escrow\swith)\b")
_TO_THIRD_PARTY = r"(?:\s{0,3}[:=]|\s(?:is|being|will\sbe|shall\sbe|named|called))?\s{1,3}(?:the\s|an?\s)?$"


class RoleWords:
    """Finds the words for a role in a text."""

    def __init__(self, document_type: DocumentType) -> None:
        self._role_by_phrase = _role_by_phrase(document_type.roles)
        self.touching = any_words(self._role_by_phrase)
        """Pattern of all role words, also beside a hyphen ("tenant-friendly")."""
        self._exact = self._around("%s")
        self._behind = [self._around(pattern) for pattern in (_IN_BRACKETS, _AS, _APPOSED)]
        self._verb, self._before = self._around(_VERB), self._around(_BEFORE)
        self.label = self._around(_LABEL)
        """Pattern of a role and the sign or verb that announces a name: "landlord:", "the tenant is"."""
        self.giver, self.taker = _giver_and_taker(document_type)
        texts = [
            cue
            for fact in document_type.facts
            if fact.kind == "text"
            for cue in fact.cues
            if cue not in STOPS
        ]
        self._text_lead = re.compile(any_phrase(texts) + r"\s{1,3}$", re.IGNORECASE)
        others = [cue for cue in texts if _THIRD_PARTY.search(cue)]
        self._third_party_lead = re.compile(any_phrase(others) + _TO_THIRD_PARTY, re.IGNORECASE)

    def _around(self, pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.replace("%s", any_phrase(self._role_by_phrase)), re.IGNORECASE)

    def leads_to_text(self, text: str, start: int) -> bool:
        """Whether the words right before `start` announce a description, so that a name there names a thing."""
        return self._text_lead.search(text, max(0, start - 40), start) is not None

    def leads_to_third_party(self, text: str, start: int) -> bool:
        """Whether the words before `start` announce someone who is no party, company or not: "guarantor: …"."""
        return self._third_party_lead.search(text, max(0, start - 60), start) is not None

    def by_direction(self, text: str, start: int) -> str | None:
        """Return the role that "from …" or "to …" gives, in a type whose cues say who gives ("leases to")."""
        match = _DIRECTION.search(text, max(0, start - 8), start)
        if match is None:
            return None
        return self.giver if match["way"].casefold() == "from" else self.taker

    def role_of(self, words: str) -> str | None:
        """Return the role that `words` name, article or not, or `None`."""
        bare = _LEADING_ARTICLE.sub("", folded(words).strip("\"“”'"))
        return self._role_by_phrase.get(bare) or self._role_by_phrase.get(bare.removesuffix("s"))

    def is_generic(self, words: str) -> bool:
        """Whether the words name a role or any party, but no particular one."""
        parts = words.casefold().split()
        return self.role_of(words) is not None or all(part.strip(",.") in GENERIC for part in parts)

    def read_behind(self, text: str, at: int) -> tuple[str, int] | None:
        """Read a role that is said behind a name: "(the “Client”)", "as landlord", ", the tenant,"."""
        for pattern in self._behind:
            match = pattern.match(text, at)
            if match:
                role = self.role_of(match["role"])
                return (role, match.end()) if role else None
        return None

    def verb_behind(self, text: str, at: int) -> tuple[str, int] | None:
        """Read a role word that follows a name directly, as a verb does: "Acme engages …"."""
        match = self._verb.match(text, at)
        role = self.role_of(match["role"]) if match else None
        return (role, match.end()) if match and role else None

    def before(self, text: str, start: int) -> tuple[str, int] | None:
        """Return the role said right before `start`, and where its words begin: "landlord: …", "the tenant …"."""
        window = max(0, start - 50)
        match = self._before.search(text, window, start)
        role = self.role_of(match["role"]) if match else None
        return (role, match.start()) if match and role else None

    def match_at(self, text: str, at: int) -> re.Match[str] | None:
        """Match a role's words at `at`."""
        return self._exact.match(text, at)


def _role_by_phrase(roles: Sequence[Role]) -> dict[str, str]:
    """Return the role of each phrase; a phrase that marks two roles marks none."""
    phrases: dict[str, str] = {}
    shared: set[str] = set()
    for role in roles:
        for words in (role.label, *([role.term] if role.term else []), *role.cues):
            if phrases.setdefault(folded(words), role.id) != role.id:
                shared.add(folded(words))
    return {words: role for words, role in phrases.items() if words not in shared}


def _giver_and_taker(document_type: DocumentType) -> tuple[str | None, str | None]:
    """Return who gives and who takes, where the cues of one of two roles end with "to" or "from"."""
    ids = [role.id for role in document_type.roles]
    if len(ids) != 2:  # noqa: PLR2004
        return None, None
    for position, role in enumerate(document_type.roles):
        other = ids[1 - position]
        if any(cue.endswith(" to") for cue in role.cues):
            return role.id, other
        if any(cue.endswith(" from") for cue in role.cues):
            return other, role.id
    return None, None


def folded(words: str) -> str:
    """Return words in small letters, with single spaces for hyphens and gaps."""
    return " ".join(words.casefold().replace("-", " ").split())
