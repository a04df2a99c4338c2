"""A value that stands in the message."""

from dataclasses import dataclass

from actors.domain.intake.spans import Claims
from actors.domain.library import FactKind
from actors.domain.matter import FactValue
from actors.errors import InvalidInputError

_QUOTE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Mention:
    """One value and the words that give it."""

    kind: FactKind
    value: FactValue
    start: int
    end: int


class Mentions:
    """What the readers of values found so far."""

    def __init__(self, claims: Claims) -> None:
        self.values: list[Mention] = []
        self.notices: list[str] = []
        """Why some words gave no value."""
        self._claims = claims

    def add(self, kind: FactKind, value: FactValue, start: int, end: int) -> None:
        """Record a value."""
        self.values.append(Mention(kind, value, start, end))
        self._claims.claim(start, end)

    def doubt(self, words: str, start: int, reason: str) -> None:
        """Record words that can be read in more than one way: they stay out, and the user is told."""
        self.notices.append(f"“{quoted(words)}” was left out: {reason}")
        self._claims.claim(start, start + len(words))

    def block(self, start: int, end: int) -> None:
        """Keep other readers away from words that belong to a value."""
        self._claims.claim(start, end)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing is read there yet."""
        return self._claims.is_free(start, end)


def impossible(words: str, reason: str) -> InvalidInputError:
    """Return the refusal of words that can mean nothing."""
    return InvalidInputError("message", f"“{quoted(words)}” {reason}")


def quoted(words: str) -> str:
    """Return words on one line and short enough for a sentence."""
    flat = " ".join(words.split())
    return flat if len(flat) <= _QUOTE_CHARS else flat[: _QUOTE_CHARS - 1] + "…"
