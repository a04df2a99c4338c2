"""`lexray corpus import` and `lexray corpus versions`."""

import datetime
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from actors.config import Settings
from actors.corpus_publishing import current_manifest, publish
from actors.corpus_staging import LISTED_SKIPPED, Head, Staging, discard_all, importing, read_head, stage
from actors.corpus_versions import (
    FORMAT,
    VERSIONS,
    ImportedSource,
    Manifest,
    list_versions,
    prune,
    read_pointer,
)
from actors.domain.importing.passage import Origin, Parsed, Skipped
from actors.domain.importing.places import read_place
from actors.errors import InvalidInputError
from actors.retrieval.minilm import MiniLM
from cluster.commands.corpus_embed import has_vectors, is_embedding, start_behind
from cluster.commands.corpus_files import FoundFile, find_files, input_hash
from cluster.commands.corpus_pool import Job, read_files

_SIGNS = r"\w.@ ()+,-"
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the importer says of the files."""

    jurisdiction: str | None
    """As given; checked here."""
    as_of: datetime.date | None
    name: str | None
    today: datetime.date
    vectors: bool = True
    """Whether vectors are computed behind the import."""


class Bar(Protocol):
    """Shows how far an import is."""

    def advance(self, name: str, passages: int) -> None:
        """Show that one more file is read."""


def import_corpus(path: Path, options: ImportOptions, settings: Settings) -> dict[str, Any]:
    """Import a file or a folder, as one source under one name, and return what came of it.

    What an earlier import of the same input has read already, finished or killed, is not read again. Vectors are
    computed behind it, by a process that outlives this one.

    Raises:
        InvalidInputError: There is nothing to import, or an option is wrong.
        ResourceMissingError: Another import is at work.
    """
    place = read_place(options.jurisdiction) if options.jurisdiction else None
    name = _source_name(options.name, path)
    files = find_files(path)
    said_day = options.as_of.isoformat() if options.as_of else None
    key = input_hash(files, str(FORMAT), name, place, said_day)
    corpus = settings.corpus_folder
    with importing(corpus):
        known = _known(corpus, name, key)
        if known is not None:
            told = _told(known, name, read_pointer(corpus), unchanged=True, pruned=[])
        else:
            staging = Staging(corpus, key)
            _read(files, staging, place, options, settings)
            source = _source(name, key, files, staging)
            manifest = publish(corpus, staging, source)
            told = _told(manifest, name, manifest.version(), unchanged=False, pruned=prune(corpus))
    wanted = options.vectors and settings.import_vectors
    return {**told, "vectors": start_behind(settings) if wanted else {"state": "left out"}}


def versions(settings: Settings, *, delete: bool) -> dict[str, Any]:
    """Return the versions on disk; with `delete`, first those go that neither count nor are held by anyone.

    Raises:
        ResourceMissingError: They cannot be deleted while an import is at work.
    """
    corpus = settings.corpus_folder
    pruned: list[str] = []
    if delete:
        with importing(corpus):
            pruned = prune(corpus)
            discard_all(corpus)
    listed = [
        {
            "version": one.version,
            "current": one.current,
            "held": one.held,
            "passages": one.manifest.passages,
            "bytes": one.size_bytes,
            "sources": [source.name for source in one.manifest.sources],
            "vectors": has_vectors(corpus / VERSIONS / one.version, MiniLM.id),
        }
        for one in list_versions(corpus)
    ]
    return {"versions": listed, "pruned": pruned, "computing_vectors": is_embedding(corpus)}


def _source_name(given: str | None, path: Path) -> str:
    """Return the name given, else that of the file or folder, with `_` for signs that no name has."""
    if given is None:
        return re.sub(rf"[^{_SIGNS}]", "_", path.resolve().name)[:_LONGEST_NAME] or "import"
    if not re.fullmatch(rf"[{_SIGNS}]{{1,{_LONGEST_NAME}}}", given):
        raise InvalidInputError(
            "source", f"{given[:40]!r} is no name; use letters, digits and . - _ , up to 120 of them"
        )
    return given


def _known(corpus: Path, name: str, key: str) -> Manifest | None:
    manifest = current_manifest(corpus)
    same = manifest and any(source.name == name and source.input == key for source in manifest.sources)
    return manifest if same else None


def _read(
    files: list[FoundFile], staging: Staging, place: str | None, options: ImportOptions, settings: Settings
) -> None:
    """Stage every file that is not staged yet."""
    jobs = []
    with _bar(len(files)) as bar:
        for position, found in enumerate(files):
            staged = staging.path(position)
            if found.refused:
                stage(staged, Parsed(skipped=(Skipped(file=found.name, reason=found.refused),)))
            if head := staging.head(position):
                bar.advance(found.name, head.passages)
            else:
                origin = Origin(found.name, options.today, place, options.as_of)
                jobs.append(Job(found.path, origin, staged, settings.import_file_s))
        workers = settings.import_workers or len(os.sched_getaffinity(0))
        for job in read_files(jobs, workers):
            bar.advance(job.origin.file, read_head(job.staged).passages)


def _source(name: str, key: str, files: list[FoundFile], staging: Staging) -> ImportedSource:
    heads = [read_head(staging.path(position)) for position in range(len(files))]
    skipped = [skip for head in heads for skip in head.skipped]
    if not any(head.passages for head in heads):
        first = skipped[0]
        more = f"; so with {len(skipped) - 1} more" if len(skipped) > 1 else ""
        staging.discard()
        where = " ".join(part for part in (first.file, first.place) if part)
        raise InvalidInputError("path", f"nothing in it can be imported: {where}: {first.reason}{more}")
    return ImportedSource(
        name=name,
        input=key,
        files=len(files),
        statutes=0,
        clauses=0,
        by_jurisdiction={},
        as_of_first="",
        as_of_last="",
        whole={key: f"Title {key.rpartition('/')[2]} of the US Code, as imported," for key in _whole(heads)},
        skipped=tuple(skipped[:LISTED_SKIPPED]),
        skipped_total=len(skipped),
        remarks=tuple(_remarks(heads)),
    )


def _whole(heads: Iterable[Head]) -> list[str]:
    return sorted({source for head in heads for source in head.whole_sources})


def _remarks(heads: Iterable[Head]) -> list[str]:
    counts = Counter(remark for head in heads for remark in head.remarks)
    return [remark if count == 1 else f"{remark} ({count} files)" for remark, count in counts.most_common(10)]


def _told(
    manifest: Manifest, name: str, version: str | None, *, unchanged: bool, pruned: list[str]
) -> dict[str, Any]:
    source = next(one for one in manifest.sources if one.name == name)
    return {
        "version": version,
        "unchanged": unchanged,
        "source": source.model_dump(mode="json"),
        "passages": manifest.passages,
        "sources": [one.name for one in manifest.sources],
        "pruned": pruned,
    }


class _PlainBar:
    """A line after every tenth of the files: for logs."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._passages = total, 0, 0

    def advance(self, name: str, passages: int) -> None:
        """Count, and say so where a tenth is full."""
        self._done += 1
        self._passages += passages
        if self._done * 10 // self._total > (self._done - 1) * 10 // self._total:
            told = f"{self._done} of {self._total} files, {self._passages} passages ({name})"
            sys.stderr.write(f"read {told}\n")


class _RichBar:
    """A bar that moves."""

    def __init__(self, progress: Any, task: Any) -> None:  # noqa: ANN401 (rich is imported where it is used)
        self._progress, self._task, self._passages = progress, task, 0

    def advance(self, name: str, passages: int) -> None:
        """Move the bar by one file."""
        self._passages += passages
        self._progress.update(self._task, advance=1, description=f"{self._passages} passages  {name[-40:]}")


@contextmanager
def _bar(total: int) -> Iterator[Bar]:
    if not sys.stderr.isatty():
        yield _PlainBar(total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as progress:
        yield _RichBar(progress, progress.add_task("reading", total=total))
