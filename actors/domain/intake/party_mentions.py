"""A party as the message names it, and what can be no party's name."""

import re
from dataclasses import dataclass, field

from actors.domain.intake.dates import MONTH
from actors.domain.intake.names import STOPS, Name
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.word_lists import words_of
from actors.domain.jurisdictions import recognised_place

_NUMBER = re.compile(r"[$£€]?[\d.,:/\-]+(?:[kKmM%]|st|nd|rd|th)?")
_NOT_A_NAME = re.compile(
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?)?{MONTH}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|section|schedule|exhibit|clause|annex|article|appendix)\b.{{0,16}}",
    re.IGNORECASE,
)
_WORDS_OF_BUSINESS = words_of(
    """
    ai it hr ip pr seo sem saas api vat gst gdpr hipaa ccpa pto usd gbp eur ceo cfo cto nda msa sow us usa uk eu
    i we services service design development consulting consultancy marketing support maintenance software
    hosting training research engineering web website app mobile data analytics cloud security legal accounting
    bookkeeping cleaning construction catering photography translation writing editing content branding
    advertising logistics shipping office retail warehouse premises space store shop restaurant studio unit
    property agreement contract lease license licence project product products system systems platform solution
    solutions digital social media law laws governing jurisdiction term rent salary fee price payment deposit
    purpose title position role start date end notes python java javascript excel english german french spanish
    internet of things intellectual work home
    """
)
# What a sentence of a request begins with, in capitals.
LEADING = STOPS - {"the"} | words_of(
    """
    draft create write prepare make generate produce please hire engage employ retain need looking let's lets hi
    hello dear thanks thank also use include add give get set put our my new mutual standard simple short
    """
)


@dataclass(frozen=True, slots=True)
class PartyMention:
    """One party in the message."""

    name: str | None
    """`None`: a party without a name stands there ("and a contractor"); it keeps its place in the order."""
    start: int
    end: int
    role: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    """Details by field of `Party`."""
    is_certain: bool = True
    """Whether it stood where only a party can stand."""


def can_be_a_name(name: Name, roles: RoleWords) -> bool:
    """Tell whether a name read from the message can be a party's, wherever it stood."""
    if name.is_quoted:
        return bool(name.text.strip()) and roles.role_of(name.text) is None
    text = name.text.strip()
    if not text or _NUMBER.fullmatch(text) or roles.is_generic(text):
        return False
    return not _NOT_A_NAME.fullmatch(text) and recognised_place(text) is None and text.casefold() not in STOPS


def is_business_speak(text: str) -> bool:
    """Tell whether every word of a would-be name is an everyday word of business ("Web Design")."""
    return all(word.strip(".,'").casefold() in _WORDS_OF_BUSINESS for word in text.split())


def same_name(left: str, right: str) -> bool:
    """Whether two names are the same but for case and spacing."""
    return " ".join(left.casefold().split()) == " ".join(right.casefold().split())
