"""What a request asks for beyond the standard form: options, exclusions, and whom the document favours."""

import re
from collections.abc import Mapping, Sequence

from actors.domain.intake.clause_ends import phrase_end
from actors.domain.intake.mentions import quoted
from actors.domain.intake.phrases import compiled, is_negated
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.spans import Claims
from actors.domain.library import DocumentType

BALANCED = "balanced"

_CARVE_OUT = re.compile(
    r"(?<![\w\-])(?:(?:with|having|and|plus)\s{1,3})?(?:(?:an?|the)\s{1,3})?(?:excluding|excludes|except(?:\sfor)?|exempting|"
    r"carving\sout|carve(?:s)?\sout(?!s)|with\sthe\sexception\sof|other\sthan|not\sincluding|but\snot|"
    r"(?:carve-?\s?outs?|exceptions?|exclusions?|exemptions?)(?:\s(?:for|of|covering)|\s?:))\s{1,3}"
    r"(?!that\b|as\b|in\b|where\b|if\b|when\b|to\b|by\b|with\b|exceed|later\b|more\b|less\b|limited\b|before\b|after\b)",
    re.IGNORECASE,
)
_ITEMS = re.compile(r",\s{1,3}(?:and\s|or\s)?|;\s{0,3}(?:and\s|or\s)?")
_LAST_AND = re.compile(r"\s(?:and|or)\s(?!\S{1,20}$)")
_MOST_CUES = 50
_MOST_ITEM_CHARS = 200
_FAVOURS = (
    r"pro|protective\sof|protects?|protecting|favou?rs?|favou?ring|favou?rable\s(?:to|for)|friendly\s(?:to|for)|"
    r"in\sfavou?r\sof|for\sthe\sbenefit\sof|we\s(?:represent|act\sfor|are)|represent(?:ing)?|acting\sfor|"
    r"advantageous\s(?:to|for)|slanted\s(?:to|towards?)|tilted\s(?:to|towards?)|on\sthe\sside\sof"
)
_NEUTRAL = re.compile(
    r"\b(?:balanced|even-?handed|neutral|fair\sto\sboth(?:\ssides|\sparties)?)\b", re.IGNORECASE
)


def requested_options(text: str, document_type: DocumentType, claims: Claims) -> tuple[str, ...]:
    """Return the ids of the options that the message asks for; what it says no to is not asked for."""
    return tuple(option.id for option in document_type.options if _is_wanted(text, option.cues, claims))


def _is_wanted(text: str, cues: tuple[str, ...], claims: Claims) -> bool:
    found = [match.span() for match in compiled(cues).finditer(text) if claims.is_free(*match.span())]
    return bool(found) and not any(is_negated(text, *span) for span in found[:_MOST_CUES])


def take_carve_outs(
    text: str, document_type: DocumentType, claims: Claims
) -> tuple[tuple[str, ...], list[str]]:
    """Return the exclusions that the message asks for, and claim their words.

    A type whose clauses have no place for exclusions takes none; then the user is told.
    """
    items: list[str] = []
    for match in _CARVE_OUT.finditer(text):
        if claims.is_free(*match.span()):
            end = phrase_end(text, match.end(), claims, is_labelled=":" in match[0])
            claims.claim(match.start(), end)
            items += _items(text[match.end() : end])
    if not items or takes_carve_outs(document_type):
        return tuple(dict.fromkeys(items)), []
    # "without a non-compete" and "excluding a non-compete" say the same: no option, and no news.
    cues = compiled(cue for option in document_type.options for cue in option.cues)
    return (), unplaced_carve_outs([item for item in items if not cues.search(item)])


def takes_carve_outs(document_type: DocumentType) -> bool:
    """Whether the type's clauses have a place for exclusions."""
    return "carve_outs" in document_type.model_dump_json(include={"sections"})


def unplaced_carve_outs(items: Sequence[str]) -> list[str]:
    """Return a notice for each exclusion that the document has no place for."""
    return [
        f"“{quoted(item)}” was left out: this kind of document has no list of exclusions" for item in items
    ]


def _items(words: str) -> list[str]:
    """Split a list at its commas; "X and Y" without a comma is one phrase."""
    parts = _ITEMS.split(words)
    bare = [re.sub(r"^(?:any|all)\s+", "", part.strip(" .,:"), flags=re.IGNORECASE) for part in parts]
    return [part[:_MOST_ITEM_CHARS] for part in bare if any(char.isalnum() for char in part)]


def find_stance(
    text: str, roles: RoleWords, names: Mapping[str, str], claims: Claims
) -> tuple[str, list[str]]:
    """Return whom the document favours: a role's id, or `balanced`.

    Args:
        text: The message.
        roles: The words for the roles.
        names: The parties' names by role: "in favour of Acme" means Acme's role.
        claims: Where the words that say so are recorded.
    """
    sides = list(dict.fromkeys(_sides(text, roles, names, claims)))
    if len(sides) > 1:
        return BALANCED, ["The request favours both sides: the document is balanced"]
    return (sides[0] if sides and not _NEUTRAL.search(text) else BALANCED), []


def _sides(text: str, roles: RoleWords, names: Mapping[str, str], claims: Claims) -> list[str]:
    by_name = {name.casefold(): role for role, name in names.items()}
    by_name |= {
        first: role for role, name in names.items() if (first := name.casefold().split()[0].strip(",."))
    }
    who = "|".join([roles.touching, *(re.escape(name) for name in sorted(by_name, key=len, reverse=True))])
    the = r"(?:(?:the|our|my|its)\s{1,3})?"
    patterns = (
        rf"(?P<who>{who})(?:['’]s)?[\s\-](?:friendly|favou?rable|leaning|favou?ring|sided?\b|oriented|biased)",
        rf"\b(?:{_FAVOURS})[\s\-]{{1,3}}{the}(?P<who>{who})",
        rf"\b(?:in|to|from|for)\s{the}(?P<who>{who})['’]s\s(?:favou?r|benefit|advantage|perspective|side|point\sof\sview)",
    )
    found: list[str] = []
    for pattern in patterns:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            words = match["who"]
            side = by_name.get(words.casefold()) or roles.role_of(words)
            if side and not is_negated(text, *match.span()):
                found.append(side)
                claims.claim(*match.span())
    return found
