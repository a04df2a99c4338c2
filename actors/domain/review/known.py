"""What is known about the matter before its text is read."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """The facts that a check may hold the text against. What is not known stays empty."""

    parties: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Role as printed ("Landlord") to the party's full name."""
    open_blanks: frozenset[str] = frozenset()
    """Labels of the blanks that the report lists as open points, as they stand in the brackets."""
    amounts: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    """Label as printed ("Purchase Price") to the amount."""
    dates: Mapping[str, datetime.date] = field(default_factory=lambda: MappingProxyType({}))
    """Label as printed ("Effective Date") to the day."""

    def is_open(self, blank: str) -> bool:
        """Say whether a blank's words name an open point: case, punctuation and spacing do not count."""
        words = _plain(blank)
        return bool(words) and any(_plain(label) == words for label in self.open_blanks)


def _plain(label: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in label.casefold()).split())
