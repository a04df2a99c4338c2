"""The corpus: every authority that lexray knows, from the data files."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from actors.domain.authority import Authority
from actors.domain.matter import Value
from actors.domain.yaml_files import DATA, read_mapping
from actors.errors import LibraryError

AUTHORITIES = DATA / "authorities"
TOPICS = DATA / "topics.yaml"
LISTS = ("applies_to", "topics", "words")


class Topic(Value):
    """One legal issue of the vocabulary."""

    label: str
    words: tuple[str, ...]
    """What a search for the issue looks for besides the label."""


@dataclass(frozen=True)
class Corpus:
    """Authorities in the order of their ids, with the vocabulary that they speak of."""

    authorities: tuple[Authority, ...]
    topics: Mapping[str, Topic]
    version: str
    """Hash of the content: equal for equal corpora, on every machine."""

    @cached_property
    def by_id(self) -> Mapping[str, Authority]:
        """The authorities by id."""
        return {authority.id: authority for authority in self.authorities}


@cache
def the_corpus() -> Corpus:
    """Return the project's own corpus, read once a process: it never changes."""
    return load_corpus()


def load_corpus(folder: Path = AUTHORITIES, topics: Path = TOPICS) -> Corpus:
    """Read a corpus.

    Raises:
        LibraryError: A file is no YAML, lacks a field, repeats an id or speaks of an unknown topic.
    """
    vocabulary = _read_topics(topics)
    by_id: dict[str, Authority] = {}
    for file in sorted(folder.glob("*.yaml")):
        for authority in _read_authorities(file):
            _check(authority, vocabulary, by_id, file)
            by_id[authority.id] = authority
    if not by_id:
        raise LibraryError(folder.name, "holds no authorities")
    authorities = tuple(by_id[id_] for id_ in sorted(by_id))
    return Corpus(authorities, vocabulary, _version(authorities, vocabulary))


def in_force(authority: Authority, as_of: datetime.date) -> bool:
    """Tell whether an authority is law on a day."""
    begun = authority.effective is None or authority.effective <= as_of
    return begun and (authority.ended is None or as_of < authority.ended)


def bears_on(authority: Authority, families: Iterable[str]) -> bool:
    """Tell whether an authority concerns a document of these families; `all` concerns every one."""
    return not {"all", *families}.isdisjoint(authority.applies_to)


def _read_topics(file: Path) -> dict[str, Topic]:
    try:
        return {id_: Topic.model_validate(_listed(entry)) for id_, entry in read_mapping(file).items()}
    except ValidationError as error:
        raise LibraryError(file.name, _reason(error)) from error


def _read_authorities(file: Path) -> Iterator[Authority]:
    """Yield a file's authorities. What is said once at its top (jurisdiction, kind, as_of) holds for every entry."""
    content = read_mapping(file)
    entries = content.pop("entries", None)
    if not isinstance(entries, dict):
        raise LibraryError(file.name, "has no mapping `entries`")
    for id_, entry in entries.items():
        yield _authority(file, id_, content, entry)


def _authority(file: Path, id_: str, shared: Mapping[str, Any], entry: object) -> Authority:
    if not isinstance(entry, dict):
        raise LibraryError(file.name, f"{id_}: is not a mapping")
    try:
        return Authority.model_validate(_listed({"id": id_, **shared, **entry}))
    except ValidationError as error:
        raise LibraryError(file.name, f"{id_}: {_reason(error)}") from error


def _listed(entry: object) -> object:
    """Split what the files write as one line of words: YAML lists would double the time of loading."""
    if not isinstance(entry, dict):
        return entry
    lists = {key: entry[key].split(", ") for key in LISTS if isinstance(entry.get(key), str)}
    return {**entry, **lists}


def _check(
    authority: Authority, vocabulary: Mapping[str, Topic], known: Mapping[str, Authority], file: Path
) -> None:
    if authority.id in known:
        raise LibraryError(file.name, f"{authority.id}: the id is already taken")
    unknown = sorted(set(authority.topics) - set(vocabulary))
    if unknown or not authority.topics:
        raise LibraryError(file.name, f"{authority.id}: unknown or no topics: {', '.join(unknown)}")
    if authority.kind == "rule" and not authority.citation:
        raise LibraryError(file.name, f"{authority.id}: a rule needs a citation")


def _reason(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _version(authorities: Iterable[Authority], vocabulary: Mapping[str, Topic]) -> str:
    digest = hashlib.sha256()
    for authority in authorities:
        digest.update(authority.model_dump_json().encode())
    for id_ in sorted(vocabulary):
        digest.update(f"{id_}{vocabulary[id_].model_dump_json()}".encode())
    return digest.hexdigest()[:16]
