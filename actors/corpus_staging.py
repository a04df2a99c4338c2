"""What an import has read so far.

    corpus/staging/<input>/000012.jsonl    what came of the thirteenth file: a head, then its passages
    corpus/staging/<input>/version/        the version in the making

Every file in here is whole or absent, so an import that was killed goes on where it stood.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from actors.corpus_versions import STAGING
from actors.domain.importing.passage import Parsed, Skipped
from actors.domain.matter import Value
from actors.errors import ResourceMissingError

LOCK = "import.lock"
LISTED_SKIPPED = 1000
"""How many skipped files and lines a manifest names; all of them are counted."""


class Head(Value):
    """The first line of a staged file."""

    passages: int
    skipped: tuple[Skipped, ...]
    remarks: tuple[str, ...]
    whole_sources: tuple[str, ...]


class Staging:
    """The folder of one import."""

    def __init__(self, corpus: Path, input_hash: str) -> None:
        self.folder = corpus / STAGING / input_hash[:32]
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, position: int) -> Path:
        """Return where what comes of a file is kept, by the file's place in the list."""
        return self.folder / f"{position:06d}.jsonl"

    def head(self, position: int) -> Head | None:
        """Return what came of a file; `None` where it has not been read yet."""
        path = self.path(position)
        return read_head(path) if path.exists() else None

    def discard(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def importing(corpus: Path) -> Iterator[None]:
    """Hold the corpus for one import.

    Raises:
        ResourceMissingError: Another one is at work on it.
    """
    corpus.mkdir(parents=True, exist_ok=True)
    with (corpus / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ResourceMissingError(
                "another import is at work on this corpus", "try again when it has ended"
            ) from error
        yield


def discard_all(corpus: Path) -> None:
    """Delete what unfinished imports have read. The corpus must be held by `importing`."""
    if (corpus / STAGING).exists():
        shutil.rmtree(corpus / STAGING)


def read_head(path: Path) -> Head:
    """Return what came of a file that is staged."""
    with path.open("rb") as file:
        return Head.model_validate_json(file.readline())


def stage(path: Path, parsed: Parsed) -> None:
    """Keep what came of one file. It appears whole or not at all."""
    head = Head(
        passages=len(parsed.passages),
        skipped=parsed.skipped,
        remarks=parsed.remarks,
        whole_sources=parsed.whole_sources,
    )
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        for value in (head, *parsed.passages):
            file.write(value.model_dump_json(exclude_defaults=True).encode() + b"\n")
    Path(name).replace(path)
