"""The words of a request that mark a role, as the type files list them."""

import re

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


class RoleWords:
    """Finds the words for a role in a text."""

    def __init__(self, document_type: DocumentType) -> None:
        self._roles = document_type.roles
        phrases: dict[str, str] = {}
        shared: set[str] = set()
        for role in self._roles:
            for words in _words_of(role):
                if phrases.setdefault(words, role.id) != role.id:
                    shared.add(words)
        self._role_by_phrase = {words: role for words, role in phrases.items() if words not in shared}
        any_role = any_phrase(self._role_by_phrase)
        """A word that marks two roles marks none."""
        self.touching = any_words(self._role_by_phrase)
        """Pattern of all role words, also beside a hyphen ("tenant-friendly")."""
        self._exact = re.compile(any_role, re.IGNORECASE)
        marker = r"(?:(?:hereinafter|hereafter|referred\sto|together|collectively)\s{1,3}){0,3}"
        lead = rf"(?:{marker}(?:as\s{{1,3}})?(?:(?:the|a|an|our|its|their)\s{{1,3}})?[\"“'‘]?)"
        self._in_brackets = re.compile(
            rf"\s{{0,3}}\(\s?{lead}(?P<role>{any_role})[^()\n]{{0,60}}\)", re.IGNORECASE
        )
        self._behind = re.compile(
            rf"(?:\s{{1,3}}|,\s{{1,3}}|\s[-–]\s)(?:(?:acting\s|serving\s|who\sis\s|which\sis\s)?as\s|is\s|being\s|"
            rf"will\sbe\s|shall\sbe\s|who\sis\s|which\sis\s)(?:(?:the|a|an|our|its)\s{{1,3}})?"
            rf"[\"“]?(?P<role>{any_role})[\"”]?",
            re.IGNORECASE,
        )
        self._apposed = re.compile(
            rf",\s{{1,3}}(?:(?:the|a|an|as|our)\s{{1,3}})?(?P<role>{any_role})(?=\s{{0,3}}(?:[,;.)\n]|$|\s(?:and|&|with)\b))"
            rf"|\s[-–]\s(?P<dashed>{any_role})(?=\s{{0,3}}(?:[,;.)\n]|$|\s(?:and|&|with)\b))",
            re.IGNORECASE,
        )
        self._directly_behind = re.compile(rf"\s{{1,3}}(?P<role>{any_role})", re.IGNORECASE)
        self._before = re.compile(
            rf"(?P<role>{any_role})(?:['’]s\sname)?(?:\s{{0,3}}[:=]|\s(?:is|named|called|being|will\sbe|shall\sbe|name:?),?)?"
            rf",?\s{{1,4}}(?:(?:the|a|an|our|my)\s{{1,3}})?\(?$",
            re.IGNORECASE,
        )
        self.label = re.compile(
            rf"(?P<role>{any_role})(?:['’]s\sname|\sname)?(?:\s{{0,3}}[:=]\s{{0,3}}|\s{{1,3}}(?:is|will\sbe|shall\sbe|named|"
            rf"called)\s{{1,3}})(?=\S)",
            re.IGNORECASE,
        )

        self.giver, self.taker = _giver_and_taker(document_type)
        texts = [cue for fact in document_type.facts if fact.kind == "text" for cue in fact.cues]
        self._text_lead = re.compile(
            any_phrase(cue for cue in texts if cue not in STOPS) + r"\s{1,3}$", re.IGNORECASE
        )

    def leads_to_text(self, text: str, start: int) -> bool:
        """Whether the words right before `start` announce a description, so that a name there names a thing."""
        return self._text_lead.search(text, max(0, start - 40), start) is not None

    def by_direction(self, text: str, start: int) -> str | None:
        """Return the role that "from …" or "to …" gives, in a type whose cues say who gives ("leases to")."""
        match = _DIRECTION.search(text, max(0, start - 8), start)
        if match is None:
            return None
        return self.giver if match["way"].casefold() == "from" else self.taker

    def role_of(self, words: str) -> str | None:
        """Return the role that `words` name, article or not, or `None`."""
        bare = re.sub(
            r"^(?:the|a|an|our|my)\s+",
            "",
            " ".join(words.casefold().replace("-", " ").split()).strip("\"“”'"),
        )
        return self._role_by_phrase.get(bare) or self._role_by_phrase.get(bare.removesuffix("s"))

    def is_generic(self, words: str) -> bool:
        """Whether the words name a role or any party, but no particular one."""
        parts = words.casefold().split()
        return self.role_of(words) is not None or all(part.strip(",.") in GENERIC for part in parts)

    def read_behind(self, text: str, at: int) -> tuple[str, int] | None:
        """Read a role that is said behind a name: "(the “Client”)", "as landlord", ", the tenant,"."""
        for pattern in (self._in_brackets, self._behind, self._apposed):
            match = pattern.match(text, at)
            if match:
                words = match["role"] or match["dashed"]
                role = self.role_of(words)
                return (role, match.end()) if role else None
        return None

    def verb_behind(self, text: str, at: int) -> tuple[str, int] | None:
        """Read a role word that follows a name directly, as a verb does: "Acme engages …"."""
        match = self._directly_behind.match(text, at)
        role = self.role_of(match["role"]) if match else None
        return (role, match.end()) if match and role else None

    def before(self, text: str, start: int) -> tuple[str, int] | None:
        """Return the role said right before `start`, and where its words begin: "landlord: …", "the tenant …"."""
        window = max(0, start - 50)
        match = self._before.search(text, window, start)
        role = self.role_of(match["role"]) if match else None
        return (role, match.start()) if match and role else None

    def skip_before_name(self, text: str, at: int) -> tuple[str | None, int]:
        """Pass over "my company", "the landlord" in front of a name; return the role they say, if any."""
        return _skip(self, text, at)

    def match_at(self, text: str, at: int) -> re.Match[str] | None:
        """Match a role's words at `at`."""
        return self._exact.match(text, at)


_NAME_NEXT = re.compile(r"[ :]|,\s{1,3}(?=[A-Z\"“])")
_DIRECTION = re.compile(r"(?<!\w)(?P<way>from|to)\s{1,3}$", re.IGNORECASE)
_DETERMINER = re.compile(r"\s{0,8}(?:the|a|an|my|our|his|her|their|your|its|this|that)\s{1,4}(?=\S)")
_WORD = re.compile(r"\s{0,4}(?P<word>[a-z][\w\-]{0,30})(?:\s{1,4}(?:called|named))?,?(?=\s{1,4}\S)")


def _skip(words: RoleWords, text: str, at: int) -> tuple[str | None, int]:
    role: str | None = None
    determiner = _DETERMINER.match(text, at)
    at = determiner.end() if determiner else at + len(text[at : at + 8]) - len(text[at : at + 8].lstrip())
    indefinite = determiner is not None and determiner[0].split()[0] != "the"
    for _ in range(4):
        match = words.match_at(text, at)
        if match and match[0][:1].islower() and _NAME_NEXT.match(text, match.end()):
            role = words.role_of(match[0])
            at = (
                match.end()
                + len(text[match.end() : match.end() + 4])
                - len(text[match.end() : match.end() + 4].lstrip(" :,"))
            )
            continue
        generic = _WORD.match(text, at)
        if generic is None or not _is_passed_over(generic["word"], indefinite=indefinite):
            break
        at = generic.end() + 1
    return role, at


def _is_passed_over(word: str, *, indefinite: bool) -> bool:
    """Pass over "a remote worker", which names nobody; "the acme group" may be a name in small letters."""
    return word in GENERIC or (indefinite and word not in STOPS and word not in {"and", "&"})


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


def _words_of(role: Role) -> set[str]:
    given = [role.label, *([role.term] if role.term else []), *role.cues]
    return {" ".join(words.casefold().replace("-", " ").split()) for words in given}
