"""What may stand before a party's name: "my company", "the landlord"."""

import re

from actors.domain.intake.names import STOPS
from actors.domain.intake.role_words import GENERIC, RoleWords

_MOST_WORDS = 4
_DETERMINER = re.compile(r"\s{0,8}(?:the|a|an|my|our|his|her|their|your|its|this|that)\s{1,4}(?=\S)")
_WORD = re.compile(r"\s{0,4}(?P<word>[a-z][\w\-]{0,30})(?:\s{1,4}(?:called|named))?,?(?=\s{1,4}\S)")
_TO_NAME = re.compile(r"\s{0,2}[ :]\s{0,3}|,\s{1,3}(?=[A-Z\"“])")


def skip_before_name(text: str, at: int, roles: RoleWords) -> tuple[str | None, int]:
    """Pass over the words in front of a name; return the role that they say, if any, and where the name begins."""
    role: str | None = None
    determiner = _DETERMINER.match(text, at)
    indefinite = determiner is not None and determiner[0].split()[0] != "the"
    at = determiner.end() if determiner else at + _gap_chars(text, at)
    for _ in range(_MOST_WORDS):
        said = roles.match_at(text, at)
        to_name = _TO_NAME.match(text, said.end()) if said and said[0][:1].islower() else None
        if said and to_name:
            role, at = roles.role_of(said[0]), to_name.end()
            continue
        word = _WORD.match(text, at)
        if word is None or not _is_passed_over(word["word"], indefinite=indefinite):
            break
        at = word.end() + 1
    return role, at


def _gap_chars(text: str, at: int) -> int:
    window = text[at : at + 8]
    return len(window) - len(window.lstrip())


def _is_passed_over(word: str, *, indefinite: bool) -> bool:
    """Pass over "a remote worker", which names nobody; "the acme group" may be a name in small letters."""
    return word in GENERIC or (indefinite and word not in STOPS and word not in {"and", "&"})
