"""Imported statutes as the citation check sees them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from actors.domain.citations.found import FoundCitation
from actors.domain.citations.index import Entry
from actors.domain.importing.passage import Passage, PassageStatus

Find = Callable[[str, str], Sequence[tuple[str, Passage]]]
"""Returns the passages with an exact `key`, `source`, `unit` or `run`, each with the name of its import."""

_KEPT = 512


class ImportedProvisions:
    """Looks provisions up by key. The last few hundred sections asked for are kept ready."""

    def __init__(self, find: Find, whole: Mapping[str, str]) -> None:
        self._find = find
        self._whole = dict(whole)
        self._at = lru_cache(maxsize=_KEPT)(self._look_up)
        self._any = lru_cache(maxsize=_KEPT)(self._look_for_any)

    def at(self, key: str) -> Sequence[Entry]:
        """Return the entries of a section, or of a chapter or part: each itself, then its subdivisions."""
        return self._at(key)

    def runs(self, source: str) -> Sequence[Entry]:
        """Return the entries of a source that stand for a range of sections."""
        return [
            next(entries_of(name, passage, passage.keys[0])) for name, passage in self._find("run", source)
        ]

    def any_of(self, source: str) -> Sequence[Entry]:
        """Return one entry of a source; none where nothing of it was imported."""
        return self._any(source)

    def whole(self) -> Mapping[str, str]:
        """Return the sources that were imported whole, with what to call each."""
        return self._whole

    def _look_up(self, key: str) -> Sequence[Entry]:
        found = [
            entry for name, passage in self._find("key", key) for entry in entries_of(name, passage, key)
        ]
        if found:
            # Of several texts of one section, the one that is law speaks first.
            return sorted(found, key=lambda entry: (bool(entry.found.pin), bool(entry.mark)))
        return [next(entries_of(name, passage, key)) for name, passage in self._find("unit", key)[:1]]

    def _look_for_any(self, source: str) -> Sequence[Entry]:
        return [
            next(entries_of(name, passage, passage.keys[0]))
            for name, passage in self._find("source", source)[:1]
        ]


def entries_of(name: str, passage: Passage, key: str) -> Iterator[Entry]:
    """Yield what a passage shows to exist: its section, or the part of one that it is, then each subdivision."""
    authority = passage.authority(name)
    yield Entry(authority, _found(passage, key, passage.pin), _mark(passage.status))
    gone: dict[tuple[str, ...], PassageStatus] = {}
    for part in passage.subdivisions:
        inherited = next((gone[part.pin[:n]] for n in range(len(part.pin)) if part.pin[:n] in gone), None)
        status = inherited or part.status
        if status != "in_force":
            gone[part.pin] = status
        if part.pin != passage.pin:
            yield Entry(authority, _found(passage, key, part.pin), _mark(status))


def _found(passage: Passage, key: str, pin: tuple[str, ...]) -> FoundCitation:
    citation = passage.citation or key
    return FoundCitation(
        text=citation,
        start=0,
        end=len(citation),
        kind="statute",
        normalized=citation,
        key=key,
        source=key.rpartition("/")[0],
        jurisdiction=passage.jurisdiction,
        pin=pin,
        section_end=passage.last_key.rpartition("/")[2],
    )


def _mark(status: PassageStatus) -> str:
    return "" if status == "in_force" else status
