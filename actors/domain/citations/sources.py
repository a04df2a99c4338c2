"""The table of sources of law."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from actors.domain.citation import CitationKind
from actors.domain.citations.spellings import first_words_of, pattern_of
from actors.domain.yaml_files import DATA, read_mapping

Numbers = int | str
"""How a source numbers its sections: how many hyphens belong to a number, `mixed` (some titles have one), `dotted`
(ranges repeat the part: `546.600-546.604`) or `slashed` (`90/10`)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One code, act or convention."""

    id: str
    name: str
    jurisdiction: str
    kind: CitationKind = "statute"
    numbers: Numbers = 0
    title: str = ""
    """Where the number of the title stands: `front` (`6 Del. C.`), `tit`, `ch`, or there is none."""
    sign: str = "§"
    unit: str = "s"
    """What its sections are called when a text names them: `s`, `art`, `reg` or `r`."""
    whole: bool = False
    """May be cited without a section."""
    outside: bool = False
    gapped: bool = False
    """Its section numbers leave gaps, so that a range says nothing of the numbers between its ends."""


@dataclass(frozen=True)
class SourceTable:
    """All named sources and one pattern that finds them."""

    pattern: re.Pattern[str]
    first_words: frozenset[str]
    """In lower case: what a name can begin with, so that the pattern is tried at few places."""
    by_group: dict[int, tuple[Source, str, str]]
    """Source, fixed title, run; by the number of the pattern's group."""
    by_id: dict[str, Source]
    rules_under: dict[str, tuple[Source, str, int]]
    """By an act's id: the source, title and part where the rules under it stand."""


def slug(name: str) -> str:
    """Return a name as a component of a key: `Cal. Bus. & Prof. Code` is `cal-bus-prof-code`."""
    return re.sub(r"[^\w]+", "-", re.sub(r"[.,'()&]", "", name.lower())).strip("-")


def regulation_under(act: str) -> tuple[Source, str, int] | None:
    """Return the source, title and part that hold the rules under an act, where the project knows them."""
    return source_table().rules_under.get(act)


@lru_cache(maxsize=1)
def source_table() -> SourceTable:
    """Return the sources of `codes.yaml`, read once in a process.

    Raises:
        LibraryError: The file is absent or no YAML.
    """
    content = read_mapping(DATA / "codes.yaml")
    words, places = content["words"], content["places"]
    by_group: dict[int, tuple[Source, str, str]] = {}
    by_id: dict[str, Source] = {}
    branches, first_words = [], set()
    for names, source, title, run in _entries(content):
        by_id.setdefault(source.id, source)
        by_group[len(by_group) + 1] = (by_id[source.id], title, run)
        branches.append(f"({'|'.join(pattern_of(name, words, places) for name in names)})")
        first_words |= {start for name in names for start in first_words_of(name, words, places)}
    rules = {
        act: (by_id["us-fed/cfr"], place["title"], place["part"])
        for act, place in content["rules_under"].items()
    }
    text = rf"(?<!\w)(?:{'|'.join(branches)})(?:\.?,?\s*Ann(?:\.|otated\b))?{_PUBLISHER}"
    return SourceTable(re.compile(text, re.IGNORECASE), frozenset(first_words), by_group, by_id, rules)


_PUBLISHER = r"(?:\s*\((?:West|McKinney|LexisNexis|Lexis|Vernon|Deering|Consol)[^()]{0,24}\))?"


def _entries(content: dict[str, Any]) -> Iterator[tuple[list[str], Source, str, str]]:
    """Yield names, source, fixed title and run; of two with one beginning, the longer name comes first."""
    for act in content["acts"]:
        yield _act_entry(act)
    for entry in content["named"]:
        yield (
            [*entry.get("also", ()), entry["name"]],
            _source(entry["place"], entry),
            entry.get("fixed_title", ""),
            "",
        )
    for place, entries in content["codes"].items():
        for entry in sorted(entries, key=lambda entry: -len(entry["name"])):
            yield _code_names(entry, content["places"][place]["names"]), _source(place, entry), "", ""
        if content["places"][place].get("several"):
            yield _any_code(place, content["places"][place]["names"][0])


def _source(place: str, entry: dict[str, Any]) -> Source:
    known = {
        key: entry[key]
        for key in ("kind", "numbers", "title", "sign", "unit", "whole", "outside", "gapped")
        if key in entry
    }
    return Source(f"{_place_key(place)}/{slug(entry['name'])}", entry["name"], place, **known)


def _place_key(place: str) -> str:
    return "uk" if place == "UK-EW" else place.lower()


def _act_entry(act: dict[str, Any]) -> tuple[list[str], Source, str, str]:
    place = "US-CA" if act["run"].startswith("us-ca") else "US-FED"
    source = Source(f"{place.lower()}/{slug(act['name'])}", act["name"], place, whole=True)
    title = ""
    if act.get("same"):
        source, title = Source("us-fed/usc", "U.S.C.", "US-FED", title="front"), act["run"].rpartition("/")[2]
    name = act["name"].removesuffix(f" of {act['year']}")
    names = [f"{name} of {act['year']}", *act.get("also", ())]
    return (names if name != act["name"] else [*names, name]), source, title, act["run"]


def _code_names(entry: dict[str, Any], places: list[str]) -> list[str]:
    names = [entry["name"], *entry.get("also", ())]
    if entry.get("alone"):
        names += [entry["name"].removeprefix(places[0]).strip()]
    return sorted(names, key=len, reverse=True)


def _any_code(place: str, prefix: str) -> tuple[list[str], Source, str, str]:
    word = "Law" if place == "US-NY" else "Code"
    return [f"{prefix} {word}"], Source(f"{place.lower()}/?", f"{prefix} {word}", place), "", ""
