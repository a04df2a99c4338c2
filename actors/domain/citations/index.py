"""The citations that the corpus of authorities holds, ready to be looked up."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from actors.domain.authority import Authority
from actors.domain.citations.found import FoundCitation
from actors.domain.citations.grammar import find_citations
from actors.domain.citations.numbers import between, members, order_of
from actors.domain.citations.pins import contains, in_run, is_known, members_of
from actors.domain.citations.sources import source_table

_MARK = re.compile(r"\s*\((vacated|repealed|superseded|withdrawn)\)", re.IGNORECASE)
_UNIT = re.compile(r"(?P<unit>ch|pt|art)-(?P<number>[\w.]+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One provision or case that one authority cites."""

    authority: Authority
    found: FoundCitation
    mark: str = ""
    """`vacated`, `repealed`, … where the authority's citation says so itself."""


class ImportedLaw(Protocol):
    """Statutes that were imported, looked up where they lie."""

    def at(self, key: str) -> Sequence[Entry]:
        """Return the entries of a section, or of a chapter or part: each itself, then its subdivisions."""

    def runs(self, source: str) -> Sequence[Entry]:
        """Return the entries of a source that stand for a range of sections."""

    def any_of(self, source: str) -> Sequence[Entry]:
        """Return one entry of a source; none where nothing of it was imported."""

    def whole(self) -> Mapping[str, str]:
        """Return the sources that were imported whole, with what to call each: a section they lack does not exist."""


class NothingImported:
    """The imported law of who imported none."""

    def at(self, key: str) -> Sequence[Entry]:  # noqa: ARG002
        """Return nothing."""
        return ()

    runs = any_of = at

    def whole(self) -> Mapping[str, str]:
        """Return nothing."""
        return {}


@dataclass(frozen=True)
class CitationIndex:
    """Every provision and case of a corpus, by key.

    Attributes:
        by_key: Entries of one section, in the order of the authorities.
        by_source: Entries of one act, code title or convention.
        authorities: All of them; their cases are read when a text first cites one.
        imported: What was imported besides. It adds to what exists, and what it calls repealed is no law.
    """

    by_key: Mapping[str, tuple[Entry, ...]]
    by_source: Mapping[str, tuple[Entry, ...]]
    authorities: tuple[Authority, ...]
    imported: ImportedLaw = field(default_factory=NothingImported)

    @classmethod
    def from_authorities(cls, authorities: Iterable[Authority]) -> "CitationIndex":
        """Read the citations of the authorities with the grammar that reads contracts.

        An authority of confidence "?" is left out, as it is never used on users; so is one without a citation.
        """
        by_key: dict[str, list[Entry]] = defaultdict(list)
        by_source: dict[str, list[Entry]] = defaultdict(list)
        kept = tuple(authorities)
        for entry in _entries(kept, us_cases=False):
            if entry.found.kind != "case":
                by_key[entry.found.key].append(entry)
                by_source[entry.found.source].append(entry)
        return cls(
            {key: tuple(entries) for key, entries in by_key.items()},
            {key: tuple(entries) for key, entries in by_source.items()},
            kept,
        )

    def matches(self, found: FoundCitation) -> list[Entry]:
        """Return the entries that show a statute citation to exist, the closest first; empty where none does.

        An entry shows its own provision, what contains it (its act, chapter and subdivisions further out), and, for
        sections whose subdivisions are known, what lies in it. A range needs all its members.
        """
        if found.whole:
            return [*self.by_source.get(found.source, ()), *self.imported.any_of(found.source)]
        if found.by_name:
            own = [entry for entry in self.by_source.get(found.source, ()) if _within(entry.found, found)]
            return [*own, *self.imported.at(found.key)[:1]]
        if found.section_end or found.pin_end:
            return self._range(found)
        return self._single(found)

    def holds(self, source: str) -> bool:
        """Tell whether anything of a source is known."""
        return source in self.by_source or bool(self.imported.any_of(source))

    def cases(self, found: FoundCitation) -> list[Entry]:
        """Return the entries with this reference, whatever their names and years."""
        return [entry for key in (found.key, *found.parallel) for entry in self._cases_by_key.get(key, ())]

    @cached_property
    def _cases_by_key(self) -> Mapping[str, list[Entry]]:
        by_key: dict[str, list[Entry]] = defaultdict(list)
        for entry in _entries(self.authorities, us_cases=True):
            if entry.found.kind == "case":
                for key in (entry.found.key, *entry.found.parallel):
                    by_key[key].append(entry)
        return by_key

    def fitting(self, found: FoundCitation) -> list[Entry]:
        """Return entries that a citation with an unnamed code or title (`?` in its key) could mean."""
        place, _, rest = found.key.partition("?")
        own = [
            entry
            for key, entries in self.by_key.items()
            if key.startswith(place) and key.endswith(rest) and key.count("/") == found.key.count("/")
            for entry in entries
        ]
        whole = [source for source in self.imported.whole() if source.startswith(place)]
        return [*own, *(entry for source in whole for entry in self.imported.at(f"{source}{rest}")[:1])]

    def containers(self, found: FoundCitation) -> list[Entry]:
        """Return entries of what contains the provision: its section as a whole, its chapter or part, its act."""
        section = found.key.rpartition("/")[2]
        units = [f"{found.source}/{unit}-{stem}" for unit in ("ch", "pt", "art") for stem in _stems(section)]
        own = [entry for key in (found.key, *units, found.source) for entry in self.by_key.get(key, ())]
        return [*own, *self.imported.at(found.key)]

    def _range(self, found: FoundCitation) -> list[Entry]:
        same = [entry for entry in self.by_key.get(found.key, ()) if _same_run(entry.found, found)]
        if same:
            return same
        if found.section_end and found.source in self.imported.whole():
            return self._ends(found)
        entries: list[Entry] = []
        for member in _members(found):
            shown = self._single(member)
            if not shown:
                return []
            entries += [entry for entry in shown if entry not in entries]
        return entries

    def _ends(self, found: FoundCitation) -> list[Entry]:
        """Return what shows both ends of a range: between them, numbers may be missing from a code that is whole."""
        last = f"{found.key.rpartition('/')[0]}/{found.section_end}"
        ends = [self._single(replace(found, key=key, section_end="")) for key in (found.key, last)]
        return [*ends[0], *ends[1]] if all(ends) else []

    def _single(self, found: FoundCitation) -> list[Entry]:
        section = self.imported.at(found.key)
        if section and section[0].mark and not section[0].found.pin:
            return [section[0]]
        imported = [entry for entry in section if _shows(entry.found, found)]
        if imported and all(entry.mark for entry in imported):
            return imported
        runs = [entry for entry in self.imported.runs(found.source) if _spans(entry.found, found)]
        return [*self._own(found), *imported, *runs]

    def _own(self, found: FoundCitation) -> list[Entry]:
        same = [entry for entry in self.by_key.get(found.key, ()) if _shows(entry.found, found)]
        spanned = [entry for entry in self.by_source.get(found.source, ()) if _spans(entry.found, found)]
        inside = [
            entry for entry in self.by_source.get(found.source, ()) if _lies_in_unit(entry.found, found)
        ]
        closest = sorted(same, key=lambda entry: entry.found.pin != found.pin)
        return [*closest, *(entry for entry in [*spanned, *inside] if entry not in same)]


def _entries(authorities: Iterable[Authority], *, us_cases: bool) -> Iterator[Entry]:
    for authority in authorities:
        if authority.citation is None or authority.confidence == "?":
            continue
        for found in find_citations(authority.citation, us_cases=us_cases):
            mark = _MARK.match(authority.citation, found.end)
            # An act's popular name beside its section says nothing of its other sections.
            if not found.by_name:
                yield Entry(authority, found, mark[1].lower() if mark else "")


def _same_run(known: FoundCitation, asked: FoundCitation) -> bool:
    return (known.pin, known.section_end, known.pin_end) == (asked.pin, asked.section_end, asked.pin_end)


def _shows(known: FoundCitation, asked: FoundCitation) -> bool:
    if contains(asked.pin, known.pin):
        return True
    inside = in_run(asked.pin, known.pin, known.pin_end) if known.pin_end else contains(known.pin, asked.pin)
    run_member = bool(known.pin_end) and inside and len(asked.pin) == len(known.pin)
    return run_member or (inside and is_known(asked.key, asked.pin))


def _spans(known: FoundCitation, asked: FoundCitation) -> bool:
    if not known.section_end or known.key == asked.key:
        return False
    first, number = known.key.rpartition("/")[2], asked.key.rpartition("/")[2]
    gapped = _is_gapped(known.source)
    inside = number == known.section_end if gapped else between(first, number, known.section_end)
    return inside and (not asked.pin or is_known(asked.key, asked.pin))


def _lies_in_unit(known: FoundCitation, asked: FoundCitation) -> bool:
    """Tell whether a known section lies in the chapter, part or article asked for, by its number."""
    match = _UNIT.fullmatch(asked.key.rpartition("/")[2])
    return match is not None and match["number"] in _stems(known.key.rpartition("/")[2])


def _stems(section: str) -> list[str]:
    """Return the chapters or parts that a section's number can begin with: `542.335` lies in 542, `2-316` in 2."""
    return [section[: mark.start()] for mark in re.finditer(r"[.-]", section)]


def _within(known: FoundCitation, act: FoundCitation) -> bool:
    first, number = act.key.rpartition("/")[2], known.key.rpartition("/")[2]
    if act.key == act.source or not number[:1].isdigit():
        return act.key == act.source
    last = act.section_end or first
    return order_of(first) <= order_of(number) <= order_of(last) or number == first


def _members(found: FoundCitation) -> list[FoundCitation]:
    """Return what a range names one by one."""
    if found.pin_end:
        pins = [(*found.pin[:-1], part) for part in members_of(found.pin[-1], found.pin_end)]
        return [replace(found, pin=pin, pin_end="") for pin in pins]
    base, _, first = found.key.rpartition("/")
    unit = first.rpartition("-")[0] + "-" if _UNIT.fullmatch(first) else ""
    numbers = members(first.removeprefix(unit), found.section_end)
    return [replace(found, key=f"{base}/{unit}{number}", section_end="") for number in numbers]


def _is_gapped(source: str) -> bool:
    known = source_table().by_id.get(source)
    return known is not None and known.gapped
