"""How what an import has read becomes a version."""

import contextlib
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from actors.corpus_staging import Staging
from actors.corpus_versions import (
    FORMAT,
    INDEX,
    LEASE,
    MANIFEST,
    OFFSET_BYTES,
    OFFSETS,
    PASSAGES,
    VERSIONS,
    ImportedSource,
    Manifest,
    read_manifest,
    read_pointer,
    write_pointer,
)
from actors.domain.importing.passage import PARSER_VERSION, Passage
from actors.domain.importing.passage_index import build_index

_MOST_OPEN = 100


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a passage lies before it is part of a version."""

    source: str
    id: str
    text: str
    """Hash of its text."""
    file: str
    path: Path
    start: int
    length: int


def publish(corpus: Path, staging: Staging, source: ImportedSource) -> Manifest:
    """Make a version of the current one's other sources and what was staged, and make it the one that counts.

    Args:
        corpus: The folder, held by `importing`.
        staging: All of whose files are there.
        source: What is known of the import; counts and days are filled in.

    Returns:
        The manifest of the version.
    """
    making = staging.folder / "version"
    if making.exists():  # an import was killed while it was writing
        shutil.rmtree(making)
    (making / INDEX).mkdir(parents=True)
    others = _others(corpus, source.name)
    places, doubles = _distinct([*_placed_before(corpus, others), *_staged(staging, source)])
    log = _Written(making, Counter(), [])
    build_index(making / INDEX, log.write(places))
    remarks = (
        *source.remarks,
        *([f"{doubles} passages stood in several files; each is kept once"] if doubles else []),
    )
    own = source.model_copy(update={**log.figures(source.name), "remarks": remarks})
    manifest = Manifest(
        format=FORMAT,
        parser=PARSER_VERSION,
        content=log.digest.hexdigest(),
        passages=len(places),
        sources=tuple(sorted((*others, own), key=lambda one: one.name)),
    )
    _keep(corpus, making, manifest)
    write_pointer(corpus, manifest.version())
    staging.discard()
    return manifest


def current_manifest(corpus: Path) -> Manifest | None:
    """Return what the version that counts holds; `None` where nothing was imported."""
    version = read_pointer(corpus)
    return read_manifest(corpus / VERSIONS / version) if version else None


def _others(corpus: Path, name: str) -> tuple[ImportedSource, ...]:
    manifest = current_manifest(corpus)
    return tuple(source for source in manifest.sources if source.name != name) if manifest else ()


def _placed_before(corpus: Path, kept: Sequence[ImportedSource]) -> Iterator[_Place]:
    if not kept:
        return
    names = {source.name for source in kept}
    path = corpus / VERSIONS / (read_pointer(corpus) or "") / PASSAGES
    for start, line in _lines(path):
        row = json.loads(line)
        if row["source"] in names:
            yield _place(row["source"], row["passage"], path, start, len(line))


def _staged(staging: Staging, source: ImportedSource) -> Iterator[_Place]:
    for position in range(source.files):
        path = staging.path(position)
        lines = _lines(path)
        next(lines)
        for start, line in lines:
            yield _place(source.name, json.loads(line), path, start, len(line))


def _place(source: str, passage: Mapping[str, Any], path: Path, start: int, length: int) -> _Place:
    text = hashlib.sha256(passage["text"].encode()).hexdigest()
    return _Place(source, passage["id"], text, passage["file"], path, start, length)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    start = 0
    with path.open("rb") as file:
        for line in file:
            yield start, line
            start += len(line)


def _distinct(places: Sequence[_Place]) -> tuple[list[tuple[_Place, str]], int]:
    """Return places in the order of a version, each with its own id, and how many passages were there twice.

    The order is that of sources, ids and texts: it does not depend on that of the files.
    """
    ordered: list[tuple[_Place, str]] = []
    taken: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[str, str, str]] = set()
    for place in sorted(places, key=lambda one: (one.source, one.id, one.text, one.file)):
        if (place.source, place.id, place.text) in seen:
            continue
        seen.add((place.source, place.id, place.text))
        taken[place.source, place.id] += 1
        count = taken[place.source, place.id]
        ordered.append((place, place.id if count == 1 else f"{place.id}~~{count}"))
    return ordered, len(places) - len(ordered)


@dataclass
class _Written:
    """Writes the passages of a version, and adds up what each source brought."""

    folder: Path
    counts: Counter[tuple[str, str, str]]
    days: list[tuple[str, str]]

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, places: Sequence[tuple[_Place, str]]) -> Iterator[Passage]:
        """Write passages in their order, and yield each for the index."""
        start = 0
        with (self.folder / PASSAGES).open("wb") as file, (self.folder / OFFSETS).open("wb") as offsets:
            offsets.write(start.to_bytes(OFFSET_BYTES, "little"))
            for place, passage in _read(places):
                row = json.dumps(
                    {
                        "source": place.source,
                        "passage": passage.model_dump(mode="json", exclude_defaults=True),
                    },
                    ensure_ascii=False,
                    separators=(",", ":"),
                ).encode()
                self.digest.update(row + b"\n")
                start += file.write(row + b"\n")
                offsets.write(start.to_bytes(OFFSET_BYTES, "little"))
                self.counts[place.source, "kind", passage.kind] += 1
                self.counts[place.source, "place", passage.jurisdiction] += 1
                self.days.append((place.source, passage.as_of.isoformat()))
                yield passage
            for stream in (file, offsets):
                stream.flush()
                os.fsync(stream.fileno())

    def figures(self, name: str) -> dict[str, Any]:
        """Return what a source brought."""
        days = [day for source, day in self.days if source == name]
        counted = {
            (what, value): count for (source, what, value), count in self.counts.items() if source == name
        }
        return {
            "statutes": counted.get(("kind", "statute"), 0),
            "clauses": counted.get(("kind", "clause"), 0),
            "by_jurisdiction": {value: n for (what, value), n in sorted(counted.items()) if what == "place"},
            "as_of_first": min(days, default=""),
            "as_of_last": max(days, default=""),
        }


def _read(places: Sequence[tuple[_Place, str]]) -> Iterator[tuple[_Place, Passage]]:
    opened: dict[Path, BinaryIO] = {}
    with contextlib.ExitStack() as files:
        for place, id_ in places:
            if place.path not in opened:
                if len(opened) == _MOST_OPEN:
                    files.close()
                    opened.clear()
                opened[place.path] = files.enter_context(place.path.open("rb"))
            opened[place.path].seek(place.start)
            value = json.loads(opened[place.path].read(place.length))
            passage = Passage.model_validate({**value.get("passage", value), "id": id_})
            yield place, passage


def _keep(corpus: Path, making: Path, manifest: Manifest) -> None:
    """Give a finished version its name. The same version may be there already: then that one stays."""
    with (making / MANIFEST).open("wb") as file:
        file.write(manifest.model_dump_json(indent=2).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    (making / LEASE).touch()
    final = corpus / VERSIONS / manifest.version()
    final.parent.mkdir(exist_ok=True)
    if final.exists() and (final / LEASE).exists():
        shutil.rmtree(making)
        return
    if final.exists():  # half deleted by a killed prune
        shutil.rmtree(final)
    making.rename(final)
