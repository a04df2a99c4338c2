"""`lexray corpus embed`: vectors for what was imported, by hand or behind an import, one computation at a time."""

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from actors.config import Settings
from actors.corpus_vectors import read_manifest, sidecar, write_vectors
from actors.corpus_versions import VERSIONS, OpenVersion, open_current, read_pointer
from actors.errors import InvalidInputError, ResourceMissingError
from actors.retrieval.embedder import Absent, Embedder, minilm_or_absent

LOCK, TURN, LOG, MAKING = "embedding.lock", "embedding.turn", "embedding.log", "embedding"
NICE = 10
"""How far a computation in the background stands behind everything else."""


class SupersededError(Exception):
    """Another version counts now: the vectors of this one are not wanted any more."""


def embed(settings: Settings) -> dict[str, int | str]:
    """Compute the vectors of the version that counts. It can be stopped and started again; nothing waits for it.

    Raises:
        InvalidInputError: Nothing was imported.
        ResourceMissingError: There is no encoder here, or somebody else computes already.
    """
    corpus = settings.corpus_folder
    embedder = _encoder(settings)
    if read_pointer(corpus) is None:
        raise InvalidInputError("corpus", "nothing was imported; see `lexray corpus import --help`")
    with _alone(corpus, wait=False):
        while True:
            try:
                return _embed_current(settings, embedder)
            except SupersededError:
                continue


def embed_behind(settings: Settings) -> None:
    """Compute the vectors of the version that counts as soon as nobody else computes; others that wait do it for us."""
    corpus = settings.corpus_folder
    os.nice(NICE)
    with (corpus / TURN).open("ab") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # whoever waits has not looked yet which version counts
        with _alone(corpus, wait=True):
            fcntl.flock(turn, fcntl.LOCK_UN)
            embedder = _encoder(settings)
            if _is_done(corpus, embedder):
                return
            with contextlib.suppress(SupersededError):  # the import that did it has sent somebody
                _embed_current(settings, embedder)


def start_behind(settings: Settings) -> dict[str, Any]:
    """Start computing vectors in a process that outlives this one, unless they are there or cannot be; say which."""
    corpus = settings.corpus_folder
    embedder = minilm_or_absent(settings.folder / "cache")
    if isinstance(embedder, Absent):
        return {"state": "absent", "reason": embedder.reason}
    if _is_done(corpus, embedder):
        return {"state": "there"}
    log = corpus / LOG
    with log.open("ab") as file:
        subprocess.Popen(
            [sys.executable, "-m", "cluster.command_line", "corpus", "embed", "--behind"],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    return {"state": "started", "log": str(log)}


def has_vectors(folder: Path, embedder_id: str) -> bool:
    """Tell whether the version in a folder has an encoder's vectors."""
    try:
        read_manifest(sidecar(folder, embedder_id), folder.name, embedder_id)
    except (OSError, ValueError):
        return False
    return True


def is_embedding(corpus: Path) -> bool:
    """Tell whether vectors are being computed."""
    try:
        with (corpus / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _is_done(corpus: Path, embedder: Embedder) -> bool:
    version = read_pointer(corpus)
    return version is not None and has_vectors(corpus / VERSIONS / version, embedder.id)


def _encoder(settings: Settings) -> Embedder:
    embedder = minilm_or_absent(settings.folder / "cache")
    if isinstance(embedder, Absent):
        raise ResourceMissingError(embedder.reason, "search stands on words meanwhile")
    return embedder


def _embed_current(settings: Settings, embedder: Embedder) -> dict[str, int | str]:
    from actors.retrieval.vector_cache import VectorCache

    corpus = settings.corpus_folder
    opened = open_current(corpus)
    if opened is None:
        raise InvalidInputError("corpus", "nothing was imported; see `lexray corpus import --help`")
    known = VectorCache(settings.folder / "cache", embedder)
    tell = _telling(corpus, opened)
    windows = write_vectors(opened, embedder, known.vectors, corpus / MAKING, tell)
    return {"version": opened.version, "passages": opened.manifest.passages, "windows": windows}


@contextlib.contextmanager
def _alone(corpus: Path, *, wait: bool) -> Iterator[None]:
    """Hold the one right to compute vectors.

    Raises:
        ResourceMissingError: Somebody else has it, and we do not wait.
    """
    with (corpus / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise ResourceMissingError(
                "vectors are being computed already", f"follow it in {corpus / LOG}"
            ) from error
        yield


def _telling(corpus: Path, opened: OpenVersion) -> Callable[[int, int], None]:
    """Return what tells every tenth on stderr, and stops what nobody wants any more."""
    tenths = 0

    def tell(done: int, total: int) -> None:
        nonlocal tenths
        if read_pointer(corpus) != opened.version:
            raise SupersededError
        if done * 10 // total > tenths:
            tenths = done * 10 // total
            sys.stderr.write(f"embedded {done} of {total} windows\n")
            sys.stderr.flush()

    return tell
