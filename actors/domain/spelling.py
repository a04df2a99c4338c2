"""One spelling for authors, the reader's own in the document."""

import re
from dataclasses import dataclass
from functools import lru_cache

_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spelling:
    """Pairs of (as authors write it, as the reader expects it), whole words."""

    pairs: tuple[tuple[str, str], ...]

    def __call__(self, template: str) -> str:
        """Respell the literal words of a template; its tags, and so every user's value, stay as they are."""
        return _respelled(self, template) if self.pairs else template


@lru_cache(maxsize=4096)
def _respelled(spelling: Spelling, template: str) -> str:
    to = {word.lower(): other for word, other in spelling.pairs}

    def respell(match: re.Match[str]) -> str:
        other = to[match[0].lower()]
        return other[0].upper() + other[1:] if match[0][0].isupper() else other

    parts = _TAG.split(template)
    return "".join(part if n % 2 else _pattern(spelling).sub(respell, part) for n, part in enumerate(parts))


@lru_cache
def _pattern(spelling: Spelling) -> re.Pattern[str]:
    words = sorted((word for word, _ in spelling.pairs), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
