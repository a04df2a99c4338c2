"""Which law governs: the place that the request gives that part, not one of an address or of a company's birth."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actors.domain.intake.entities import KIND_WORDS
from actors.domain.intake.mentions import quoted
from actors.domain.intake.role_words import RoleWords
from actors.domain.intake.spans import Claims, Span
from actors.domain.jurisdictions import (
    PlaceMention,
    find_places,
    jurisdictions,
    parse_jurisdiction,
    recognised_place,
)
from actors.errors import InvalidInputError, UnknownJurisdictionError

_SAID, _LIKELY, _POSSIBLE = 3, 2, 1
_THE = r"(?:(?:the\s)?(?:internal\s|substantive\s)?laws?\s(?:of|in)\s)?(?:the\s)?(?:(?:state|commonwealth)\sof\s)?$"
_SAID_BEFORE = re.compile(
    r"(?:\bgoverned\s(?:exclusively\s)?by\s|\bunder\s|\bsubject\sto\s|\bpursuant\sto\s|\bapply(?:ing)?\s|\baccord(?:ance|ing)\s"
    r"(?:with|to)\s|\blaws?\s(?:of|in|is|are|will\sbe|should\sbe)\s|\bcomply\swith\s|\bcompliant\swith\s|\buse\s|"
    rf"\b(?:governing\slaw|jurisdiction|choice\sof\slaw|law)(?:\sis|\sof|\sshould\sbe|\swill\sbe)?\s?[:=\-–]?\s){_THE}",
    re.IGNORECASE,
)
_SAID_BEHIND = re.compile(
    r"(?:['’]s)?[\s\-](?:state\s|contract\s|governing\s|employment\s)?(?:laws?|jurisdiction|governs|governed|applies)\b",
    re.IGNORECASE,
)
_LIKELY_BEFORE = re.compile(
    r"(?:\b(?:in|for|within|valid\sin|use\sin|enforceable\sin)\s(?:the\s)?(?:(?:state|commonwealth)\sof\s)?|\(|^)$",
    re.IGNORECASE,
)
_COURTS_BEHIND = re.compile(r"[\s\-](?:state\s|federal\s)?(?:courts?|venue)\b", re.IGNORECASE)
_COURTS_BEFORE = re.compile(
    r"\b(?:courts?|venue)\s(?:of|in|is|located\sin)\s(?:the\s)?(?:state\sof\s)?$", re.IGNORECASE
)
_NOT_LAW_BEHIND = re.compile(
    rf",?\s{{0,2}}\d{{5}}|\s{{1,3}}(?:(?:{KIND_WORDS})\b|residents?\b|offices?\b|market\b|customers\b|branch\b)",
    re.IGNORECASE,
)
_NOT_LAW_BEFORE = re.compile(
    r"\b(?:incorporated|registered|organi[sz]ed|formed|established|based|located|residing|resident|headquartered|lives|living|"
    r"born|offices?|works)\s(?:in|at|of|from)\s(?:[A-Z][\w.]+,?\s){0,2}(?:the\s)?(?:state\sof\s)?$",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:not|except|excluding|other\sthan|instead\sof|rather\sthan|outside)\s(?:\w{1,9}\s){0,3}$",
    re.IGNORECASE,
)
_CITY_BEFORE = re.compile(r"[A-Z][\w.'’\-]+,\s$")
_NATION = re.compile(
    r"\b(?:US|U\.S\.|USA|United\sStates|American|federal)\s(?:federal\s)?(?:law|NDA|contract|agreement)\b"
)
_EITHER = re.compile(r"\s(?:or|and|and/or)\s(?:the\s)?|\s?/\s?")
_SMALL_CODE = re.compile(r"(?<![\w.@/'’\-])(?P<code>[a-z]{2,3})(?=\s(?:state\s)?law\b)")
_SOME_LAW = re.compile(
    r"\bgoverned\sby\s(?:the\s)?(?:laws?\sof\s)?(?:the\s)?[A-Z]\w+(?:\s[A-Z]\w+){0,2}|\bunder\s(?:the\s)?(?:laws?\sof\s"
    r"[A-Z]\w+|[A-Z][a-z]+\slaw)\b"
)
_BETWEEN_TYPE = re.compile(r"[\s\-]{1,3}(?:law\s|governed\s)?(?:[\w\-]{1,20}\s){0,2}$")


@dataclass(frozen=True, slots=True)
class GoverningLaw:
    """The law that governs, as far as it is known."""

    jurisdiction: str | None = None
    named: str | None = None
    """A real place without a rule pack."""
    notices: tuple[str, ...] = ()

    @property
    def place_name(self) -> str | None:
        """The place's full name."""
        return jurisdictions()[self.jurisdiction].name if self.jurisdiction else self.named


@dataclass(frozen=True, slots=True)
class _Weighed:
    place: PlaceMention
    weight: int


def law_from_option(given: str) -> GoverningLaw:
    """Return the law that an option or the facts name.

    Raises:
        UnknownJurisdictionError: No place has this name.
    """
    try:
        return GoverningLaw(parse_jurisdiction(given))
    except UnknownJurisdictionError:
        name = recognised_place(given)
        if name is None:
            raise
        return GoverningLaw(None, name, (_no_rule_pack(name),))


def find_law(text: str, type_spans: Sequence[Span], roles: RoleWords, claims: Claims) -> GoverningLaw:
    """Return the law that the message names, and claim the words.

    Raises:
        InvalidInputError: The message names two governing laws.
    """
    weighed = [one for one in _weigh_all(text, type_spans, claims) if not _describes(text, one, roles)]
    said = _names(weighed, _SAID)
    if len(said) > 1:
        raise InvalidInputError("message", f"it names two governing laws ({' and '.join(said)}); name one")
    for weight in (_SAID, _LIKELY, _POSSIBLE):
        names = _names(weighed, weight)
        if names:
            return _choose(names, [one for one in weighed if one.weight == weight], claims)
    return GoverningLaw(notices=_unknown_law(text, claims))


def _unknown_law(text: str, claims: Claims) -> tuple[str, ...]:
    """Say so where a law is asked for that is none of a place we know."""
    if _NATION.search(text):
        return ("Contracts in the United States are governed by the law of a state: none is named",)
    match = _SOME_LAW.search(text)
    if match is None or not claims.is_free(*match.span()):
        return ()
    return (f"“{quoted(match[0])}”: lexray knows no such place; the governing law stays open",)


def _describes(text: str, one: _Weighed, roles: RoleWords) -> bool:
    """Whether a place answers a question of its own ("hosted in Germany") and so says nothing of the law."""
    return one.weight < _SAID and roles.leads_to_text(text, one.place.start)


def _choose(names: Sequence[str], weighed: Sequence[_Weighed], claims: Claims) -> GoverningLaw:
    if len(names) > 1:
        said = " and ".join(names)
        return GoverningLaw(
            notices=(f"{said} are both named, and neither as the governing law: it stays open",)
        )
    for one in weighed:
        claims.claim(one.place.start, one.place.end)
    place = weighed[0].place
    if place.jurisdiction is None:
        return GoverningLaw(None, place.name, (_no_rule_pack(place.name),))
    return GoverningLaw(place.jurisdiction)


def _no_rule_pack(name: str) -> str:
    return f"{quoted(name)} has no rule pack: the document uses general law only."


def _names(weighed: Sequence[_Weighed], weight: int) -> list[str]:
    return list(dict.fromkeys(one.place.name for one in weighed if one.weight == weight))


def _weigh_all(text: str, type_spans: Sequence[Span], claims: Claims) -> list[_Weighed]:
    # "English-law" is "English law"; offsets stay.
    places = find_places(text.replace("-law", " law"))
    places += _small_codes(text)
    places += [place for span in type_spans if (place := _adjective_before(text, span, places))]
    free = sorted(
        (place for place in places if claims.is_free(place.start, place.end)), key=lambda place: place.start
    )
    weighed: list[_Weighed] = []
    for place in free:
        weight = _weight(text, place, type_spans)
        before = weighed[-1] if weighed else None
        # "in California or Texas": the second weighs what the first does, and the other way round.
        if before and _EITHER.fullmatch(text, before.place.end, place.start):
            weight = max(weight, before.weight)
            weighed[-1] = _Weighed(before.place, weight)
        weighed.append(_Weighed(place, weight))
    return [one for one in weighed if one.weight]


def _small_codes(text: str) -> list[PlaceMention]:
    """Return the places of codes in small letters; only "law" behind them makes "ny" or "de" a place."""
    codes = {
        code.casefold(): place for place in jurisdictions().values() for code in place.exact if code.isalpha()
    }
    return [
        PlaceMention(
            match.start("code"), match.end("code"), codes[match["code"]].id, codes[match["code"]].name
        )
        for match in _SMALL_CODE.finditer(text)
        if match["code"] in codes
    ]


def _weight(text: str, place: PlaceMention, type_spans: Sequence[Span]) -> int:
    before, behind = text[max(0, place.start - 60) : place.start], text[place.end : place.end + 40]
    if _DENIED_BEFORE.search(before) or _NOT_LAW_BEFORE.search(before) or _NOT_LAW_BEHIND.match(behind):
        return 0
    if _SAID_BEFORE.search(before) or _SAID_BEHIND.match(behind):
        return _SAID
    if _COURTS_BEHIND.match(behind) or _COURTS_BEFORE.search(before):
        return _POSSIBLE
    if _LIKELY_BEFORE.search(before) or _stands_by_the_type(text, place, type_spans):
        return _LIKELY
    return _POSSIBLE


def _stands_by_the_type(text: str, place: PlaceMention, type_spans: Sequence[Span]) -> bool:
    if any(
        _BETWEEN_TYPE.fullmatch(text[place.end : span.start]) for span in type_spans if span.start > place.end
    ):
        return True
    in_city = _CITY_BEFORE.search(text[max(0, place.start - 30) : place.start])
    return not in_city and any(
        text[span.end : place.start] in {", ", " - ", " (", ": "} for span in type_spans
    )


def _adjective_before(text: str, span: Span, known: Sequence[PlaceMention]) -> PlaceMention | None:
    """Return the place of an adjective right before the document's name: "an English lease"."""
    match = re.search(r"(?<![\w\-])(?P<word>[A-Z][a-z]+)[\s\-]$", text[max(0, span.start - 24) : span.start])
    name = recognised_place(match["word"]) if match else None
    start = max(0, span.start - 24) + match.start("word") if match else 0
    if match is None or name is None or any(place.start <= start < place.end for place in known):
        return None
    try:
        jurisdiction = parse_jurisdiction(match["word"])
    except UnknownJurisdictionError:
        return None
    return PlaceMention(start, start + len(match["word"]), jurisdiction, name)
