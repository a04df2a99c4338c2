"""The files of an import: which there are, and what they are together."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from actors.domain.importing.passage import PARSER_VERSION
from actors.errors import InvalidInputError

MAX_FILES = 100_000
DEEPEST_FOLDER = 64


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file to import."""

    path: Path
    name: str
    """Path within what is imported, `/` between its parts; bytes that are no UTF-8 are spelled out."""
    refused: str = ""
    """Why it is not even opened."""


def find_files(path: Path) -> list[FoundFile]:
    """Return the file, or all files below the folder, in the order of their names; hidden ones are passed over.

    Raises:
        InvalidInputError: There is nothing there, or far too much.
    """
    if not path.exists():
        raise InvalidInputError("path", f"{path} does not exist")
    if not path.is_dir():
        return [_found(path, path.parent)]
    files: list[FoundFile] = []
    for file in _walk(path):
        files.append(_found(file, path))
        if len(files) > MAX_FILES:
            raise InvalidInputError("path", f"{path} holds more than {MAX_FILES:,} files; import parts of it")
    if not files:
        raise InvalidInputError("path", f"{path} holds no files")
    return sorted(files, key=lambda found: found.name)


def input_hash(files: list[FoundFile], *said: str | None) -> str:
    """Return a hash of all files' names and contents, of what the importer said, and of how files are read."""
    digest = hashlib.sha256("\x1f".join([PARSER_VERSION, *(word or "" for word in said)]).encode())
    for found in files:
        digest.update(f"\x1e{found.name}\x1f{_content_hash(found)}".encode())
    return digest.hexdigest()


def _walk(folder: Path) -> Iterator[Path]:
    """Yield files and links; a link to a folder is not followed, so that nothing is read twice or for ever."""
    for parent, folders, names in os.walk(folder):
        below = Path(parent)
        linked = [name for name in folders if (below / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        if len(below.relative_to(folder).parts) >= DEEPEST_FOLDER:
            raise InvalidInputError("path", f"{folder} is nested deeper than {DEEPEST_FOLDER} folders")
        yield from (below / name for name in (*names, *linked) if not name.startswith("."))


def _found(path: Path, folder: Path) -> FoundFile:
    name = os.fsencode(path.relative_to(folder).as_posix()).decode(errors="backslashreplace")
    return FoundFile(path, name, _refusal(path))


def _refusal(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if stat.S_ISDIR(mode):
        return "it is a link to a folder"
    return "" if stat.S_ISREG(mode) else "it is no regular file"


def _content_hash(found: FoundFile) -> str:
    if found.refused:
        return found.refused
    try:
        with found.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"
