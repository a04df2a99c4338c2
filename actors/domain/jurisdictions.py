"""The places whose law lexray knows, and the finding of places in words."""

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from actors.domain.yaml_files import DATA, read_mapping
from actors.errors import UnknownJurisdictionError

FILE = DATA / "jurisdictions.yaml"
GENERAL_LAYERS = ("GENERAL",)

LAW_KINDS = r"governing |contract |employment |state "
LAW_WORDS = rf"(?:{LAW_KINDS})?(?:laws?|courts?|governed|jurisdiction|limited company|company)"
# Capitals that stand beside a code in an all-capitals name ("BANCO DE CHILE") unmake it; these do not.
COMPANY_WORDS = frozenset({"LLC", "LLP", "INC", "CORP", "LTD", "NDA", "MSA", "SAAS", "USA", "LAW"})


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place with a rule pack."""

    id: str
    name: str
    names: tuple[str, ...]
    """Matched in any case."""
    exact: tuple[str, ...]
    """Codes and abbreviations, matched as written."""
    adjectives: tuple[str, ...]
    layers: tuple[str, ...]
    """Ids of the bodies of law that apply, the nearest first."""


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text."""

    start: int
    end: int
    jurisdiction: str | None
    """Id of a jurisdiction with a rule pack, or `None` for any other real place."""
    name: str
    """The place's full name: "Delaware", "Ohio"."""


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    by_id: dict[str, Jurisdiction]
    targets: dict[str, PlaceMention]
    """Folded name → the place, with empty offsets."""
    pattern: re.Pattern[str]
    nearest_names: tuple[str, ...]


def jurisdictions() -> dict[str, Jurisdiction]:
    """Return the jurisdictions that have a rule pack, by id."""
    return _gazetteer().by_id


def layers(jurisdiction: str | None) -> tuple[str, ...]:
    """Return the bodies of law that apply, the nearest first.

    Args:
        jurisdiction: Id of a jurisdiction with a rule pack; `None` brings in no state's law.

    Raises:
        UnknownJurisdictionError: The id has no rule pack.
    """
    if jurisdiction is None:
        return GENERAL_LAYERS
    known = _gazetteer().by_id.get(jurisdiction)
    if known is None:
        raise UnknownJurisdictionError(jurisdiction, _nearest(jurisdiction))
    return known.layers


def parse_jurisdiction(code_or_name: str) -> str:
    """Return the id of the jurisdiction with a rule pack that an option's value names.

    Args:
        code_or_name: "US-CA", "ca", "Cal.", "State of California", "English law".

    Raises:
        UnknownJurisdictionError: No rule pack has this name; `recognised_place` may still know it.
    """
    place = _place(code_or_name)
    if place is None or place.jurisdiction is None:
        raise UnknownJurisdictionError(code_or_name, _nearest(code_or_name))
    return place.jurisdiction


def recognised_place(name: str) -> str | None:
    """Return the full name of a real place ("US-OH" → "Ohio"), or `None` for words that name none."""
    place = _place(name)
    return place.name if place else None


def find_places(text: str) -> list[PlaceMention]:
    """Return every place that `text` names, in reading order, without overlaps.

    A two-letter code counts in capitals only: those of a rule pack anywhere, other states' after a comma or
    after `US-`. "Georgia" is the state, "New York" the state and the city alike.
    """
    return [mention for match in _gazetteer().pattern.finditer(text) if (mention := _mention(text, match))]


def _place(name: str) -> PlaceMention | None:
    targets = _gazetteer().targets
    folded = _fold(name)
    bare = re.sub(r"^(?:the )?(?:laws? of |state of |commonwealth of )*(?:the )?", "", folded)
    bare = re.sub(r" (?:laws?|courts?)$", "", bare)
    return targets.get(folded) or targets.get(bare)


def _mention(text: str, match: re.Match[str]) -> PlaceMention | None:
    """Return the place of one match of the gazetteer's pattern, or `None` where its neighbours unmake it."""
    kind = match.lastgroup or ""
    words = match[kind]
    if kind == "code" and _inside_capitals(text, match):
        return None
    place = _gazetteer().targets[_fold(words)]
    if kind == "name" and place.name in _only_capitalised() and not words[0].isupper():
        return None
    return PlaceMention(match.start(kind), match.end(kind), place.jurisdiction, place.name)


def _inside_capitals(text: str, match: re.Match[str]) -> bool:
    """Tell whether the words right beside a code are capitals too, as in "BANCO DE CHILE"."""
    before = re.search(r"([A-Z]{3,}) $", text[max(0, match.start() - 24) : match.start()])
    after = re.match(r" ([A-Z]{3,})\b", text[match.end() : match.end() + 24])
    return any(found and found[1] not in COMPANY_WORDS for found in (before, after))


def _nearest(given: str) -> tuple[str, ...]:
    gazetteer = _gazetteer()
    close = difflib.get_close_matches(_fold(given), gazetteer.nearest_names, n=3, cutoff=0.6)
    ids = [place.jurisdiction for name in close if (place := gazetteer.targets[name]).jurisdiction]
    return tuple(dict.fromkeys(ids)) or tuple(gazetteer.by_id)


def _fold(name: str) -> str:
    return " ".join(name.replace(".", "").replace(",", "").replace("’", "'").casefold().split())


@cache
def _only_capitalised() -> frozenset[str]:
    return frozenset(read_mapping(FILE)["only_capitalised"])


def _jurisdiction(id_: str, entry: dict[str, Any]) -> Jurisdiction:
    names, exact, adjectives, own_layers = (
        tuple(entry[key]) for key in ("names", "exact", "adjectives", "layers")
    )
    return Jurisdiction(id_, entry["name"], names, exact, adjectives, own_layers)


@cache
def _gazetteer() -> _Gazetteer:
    data = read_mapping(FILE)
    by_id = {id_: _jurisdiction(id_, entry) for id_, entry in data["jurisdictions"].items()}
    others = [*data["states"], *data["places"]]
    names = {name: PlaceMention(0, 0, None, name) for name in others}
    names |= {alias: PlaceMention(0, 0, None, name) for alias, name in data["other_names"].items()}
    codes = {code: PlaceMention(0, 0, None, name) for name, code in data["states"].items()}
    own_codes: dict[str, PlaceMention] = {}
    adjectives: dict[str, PlaceMention] = {}
    for place in by_id.values():
        target = PlaceMention(0, 0, place.id, place.name)
        names |= dict.fromkeys(place.names, target)
        own_codes |= dict.fromkeys(place.exact, target)
        adjectives |= dict.fromkeys(place.adjectives, target)
    us_codes = {f"US-{code}": place for code, place in codes.items()}
    everything = adjectives | codes | us_codes | own_codes | names
    return _Gazetteer(
        by_id=by_id,
        targets={_fold(name): place for name, place in everything.items()},
        pattern=_pattern(names, {**own_codes, **us_codes}, codes, adjectives),
        nearest_names=tuple(_fold(name) for name in (*names, *own_codes)),
    )


def _pattern(*vocabularies: dict[str, PlaceMention]) -> re.Pattern[str]:
    names, codes, state_codes, adjectives = (_any_of(words) for words in vocabularies)
    edge_before, edge_after = r"(?<![\w.@/'’-])", r"(?![\w@/]|-\w|['’][a-rt-z])"
    return re.compile(
        rf"{edge_before}(?:(?P<name>(?i:{names})){edge_after}"
        rf"|(?P<code>{codes}){edge_after}"
        rf"|(?<=, )(?P<after_comma>{state_codes}){edge_after}"
        rf"|(?P<adjective>(?i:{adjectives}))(?=\s(?i:{LAW_WORDS})\b))"
    )


def _any_of(words: dict[str, PlaceMention]) -> str:
    """Return an alternation, the longest first, so that "West Virginia" is not read as "Virginia"."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
