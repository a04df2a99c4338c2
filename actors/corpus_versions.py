"""Versions of the imported corpus on disk: never changed once written, switched by one pointer, deleted when unheld.

corpus/current                   the hash of the version that counts
corpus/versions/<hash>/          manifest.json, passages.jsonl, offsets, index/, lease; later vectors-<encoder>/
corpus/staging/                  what an import is at work on
"""

import contextlib
import fcntl
import hashlib
import json
import mmap
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from actors.domain.importing.passage import Passage, Skipped
from actors.domain.importing.passage_index import PassageIndex
from actors.domain.matter import Value
from actors.errors import SearchUnavailableError

FORMAT = 1
"""Raise it when a version is laid out otherwise."""

MANIFEST, PASSAGES, OFFSETS, INDEX, LEASE = "manifest.json", "passages.jsonl", "offsets", "index", "lease"
POINTER, VERSIONS, STAGING = "current", "versions", "staging"
OFFSET_BYTES = 8
_OPENING_ATTEMPTS = 5


class ImportedSource(Value):
    """What one import brought: a file or a folder under one name."""

    name: str
    input: str
    """Hash of all files and of what the importer said of them: the same input need not be read again."""
    files: int
    statutes: int
    clauses: int
    by_jurisdiction: dict[str, int]
    as_of_first: str
    """The earliest day of its texts, and the latest."""
    as_of_last: str
    whole: dict[str, str] = {}
    """Sources of law that it holds whole, with what to call each: `us-fed/usc/17`."""
    skipped: tuple[Skipped, ...] = ()
    skipped_total: int = 0
    remarks: tuple[str, ...] = ()


class Manifest(Value):
    """What a version is. Its hash is the version's name."""

    format: int
    parser: str
    content: str
    """SHA-256 of the passages."""
    passages: int
    sources: tuple[ImportedSource, ...]
    """In the order of their names."""

    def version(self) -> str:
        """Return the hash that names the version."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]


class Row(Value):
    """One line of `passages.jsonl`."""

    source: str
    passage: Passage


class OpenVersion:
    """A version held open: mapped into memory, and not deleted as long as this object lives."""

    def __init__(self, folder: Path, manifest: Manifest, lease: int) -> None:
        self.manifest = manifest
        self.folder, self.version = folder, folder.name
        self.index = PassageIndex(folder / INDEX)
        self._passages = _mapped(folder / PASSAGES)
        self._offsets = memoryview(_mapped(folder / OFFSETS)).cast("Q")
        if self._offsets[-1] != len(self._passages) or len(self._offsets) != manifest.passages + 1:
            raise ValueError("its passages are cut off")
        weakref.finalize(self, os.close, lease)

    def row(self, position: int) -> Row:
        """Return a passage by its position in the index."""
        start, end = self._offsets[position], self._offsets[position + 1]
        return Row.model_validate_json(self._passages[start:end])

    def rows(self, positions: Sequence[int]) -> list[Row]:
        """Return several passages."""
        return [self.row(position) for position in positions]


@dataclass(frozen=True, slots=True)
class VersionOnDisk:
    """A version as `lexray corpus versions` lists it."""

    version: str
    manifest: Manifest
    size_bytes: int
    current: bool
    held: bool
    """An agent or another process has it open."""


def read_pointer(folder: Path) -> str | None:
    """Return the version that counts; `None` where nothing was imported."""
    try:
        return (folder / POINTER).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def write_pointer(folder: Path, version: str) -> None:
    """Make a version the one that counts, for whoever looks next. It appears whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{POINTER}.")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{version}\n")
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(folder / POINTER)


def open_current(folder: Path) -> OpenVersion | None:
    """Open the version that counts; `None` where nothing was imported.

    Raises:
        SearchUnavailableError: The version is gone or damaged.
    """
    version = None
    for _ in range(_OPENING_ATTEMPTS):
        version = read_pointer(folder)
        if version is None:
            return None
        # Between reading the pointer and taking the lease another import may replace the version and delete it.
        if opened := _open(folder / VERSIONS / version):
            return opened
    raise SearchUnavailableError(f"the imported corpus {version} is not there; import it again")


def read_manifest(folder: Path) -> Manifest:
    """Return a version's manifest.

    Raises:
        SearchUnavailableError: It is missing, damaged, or of another format.
    """
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise SearchUnavailableError(
            f"the imported corpus {folder.name} is damaged; import it again"
        ) from error
    if manifest.format != FORMAT:
        raise SearchUnavailableError(
            f"the imported corpus {folder.name} is of another format; import it again"
        )
    return manifest


def list_versions(folder: Path) -> list[VersionOnDisk]:
    """Return the versions on disk, the latest first."""
    current = read_pointer(folder)
    found = [path for path in (folder / VERSIONS).glob("*") if (path / MANIFEST).is_file()]
    found.sort(key=lambda path: (-path.stat().st_mtime_ns, path.name))
    return [
        VersionOnDisk(
            version=path.name,
            manifest=read_manifest(path),
            size_bytes=sum(file.stat().st_size for file in path.rglob("*") if file.is_file()),
            current=path.name == current,
            held=_is_held(path),
        )
        for path in found
    ]


def prune(folder: Path) -> list[str]:
    """Delete the versions that neither count nor are held by anyone, and return their names."""
    current = read_pointer(folder)
    others = [path for path in sorted((folder / VERSIONS).glob("*")) if path.name != current]
    return [path.name for path in others if _delete(path)]


def _open(folder: Path) -> OpenVersion | None:
    try:
        lease = os.open(folder / LEASE, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lease, fcntl.LOCK_SH)
        if not (folder / LEASE).exists():  # deleted while we waited for the lock
            os.close(lease)
            return None
        return OpenVersion(folder, read_manifest(folder), lease)
    except (ValueError, OSError) as error:
        os.close(lease)
        raise SearchUnavailableError(
            f"the imported corpus {folder.name} cannot be opened ({error}); import it again"
        ) from error


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@contextlib.contextmanager
def _exclusively(folder: Path) -> Iterator[bool]:
    """Say whether nobody holds a version, and keep others from taking hold of it meanwhile."""
    try:
        lease = os.open(folder / LEASE, os.O_RDONLY)
    except FileNotFoundError:
        yield True  # half deleted: whoever wants it finds no lease either
        return
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lease)


def _is_held(folder: Path) -> bool:
    with _exclusively(folder) as free:
        return not free


def _delete(folder: Path) -> bool:
    with _exclusively(folder) as free:
        if free:
            (folder / LEASE).unlink(missing_ok=True)
            shutil.rmtree(folder)
        return free
