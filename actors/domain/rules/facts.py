"""What is known of the matter behind a text. Each answer may be "not known"."""

import re
from decimal import Decimal

from actors.domain.matter import Matter, Money
from actors.domain.rules.checked_text import CheckedText

# As parties are described: "nothing keeps an individual from reporting" describes nobody.
INDIVIDUAL_IN_TEXT = (
    r"[,(] ?an individual\b(?! (?:who|that|may|shall|will|is)\b)",
    r"\ban individual (?:resid|domicil|located|with an address)",
    r"\b(?:is|being) an individual\b",
    r"[,(] ?a natural person\b",
    r"\bsole (?:proprietor|trader)\b",
)
PARTIES_STAND_IN_CHARS = 4000
WITH_INDIVIDUALS = frozenset({"employment"})

# Sums that say nothing about what the contract is worth.
BESIDE_THE_PRICE = re.compile(r"cap|limit|insur|deposit|damages|penalt|threshold|expens")
WHOLE_PRICE = re.compile(r"total|price|value|consideration|fixed|lump")


def has_individual(families: tuple[str, ...], checked: CheckedText) -> bool | None:
    """Tell whether a party is an individual; `None` where neither the matter nor the text says so."""
    if WITH_INDIVIDUALS.intersection(families):
        return True
    kinds = [party.entity_kind for party in checked.matter.parties] if checked.matter else []
    if "individual" in kinds:
        return True
    if kinds and None not in kinds:
        return False
    return True if checked.has_between(INDIVIDUAL_IN_TEXT, 0, PARTIES_STAND_IN_CHARS) else None


def largest_sum(matter: Matter | None) -> Decimal | None:
    """Return the largest sum in dollars that is paid under the contract: it is worth at least that much."""
    return max((money.amount for _, money in _sums(matter)), default=None)


def total_sum(matter: Matter | None) -> Decimal | None:
    """Return the contract's whole price in dollars, where a fact states it."""
    return max((money.amount for name, money in _sums(matter) if WHOLE_PRICE.search(name)), default=None)


def _sums(matter: Matter | None) -> list[tuple[str, Money]]:
    facts = matter.facts.items() if matter else ()
    return [
        (name, value)
        for name, value in facts
        if isinstance(value, Money) and value.currency == "USD" and not BESIDE_THE_PRICE.search(name)
    ]
