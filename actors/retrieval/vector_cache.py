"""Vectors that were computed before, by the hash of their text."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from actors.retrieval.embedder import Embedder

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAVE_EVERY = 512


class VectorCache:
    """One file per encoder in a cache folder: hashes of texts beside float16 vectors. No text is kept.

    A broken file counts as empty. Two processes that write at once lose the slower one's additions, nothing else.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        name = hashlib.sha256(embedder.id.encode()).hexdigest()[:16]
        self._file = folder / f"vectors-{name}.npz"
        self._embedder = embedder
        self._rows = self._load()

    def vectors(
        self, texts: Sequence[str], progress: Callable[[int, int], object] = max
    ) -> "NDArray[np.float32]":
        """Return the vectors of texts, f32[n,dim], computing those that are not known; rounded to 16 bits.

        Args:
            texts: Passages, any number.
            progress: Told how many of how many unknown ones are done.
        """
        keys = [_key(text) for text in texts]
        unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows}
        todo = list(unknown)
        for start in range(0, len(todo), SAVE_EVERY):
            part = todo[start : start + SAVE_EVERY]
            found = self._embedder.embed_passages(
                [unknown[key] for key in part], _shifted(progress, start, len(todo))
            )
            self._rows.update(zip(part, found.astype(np.float16), strict=True))
            self._save()
        if not keys:
            return np.zeros((0, self._embedder.dim), dtype=np.float32)
        return np.array([self._rows[key] for key in keys], dtype=np.float32)

    def _load(self) -> "dict[bytes, NDArray[np.float16]]":
        try:
            with np.load(self._file) as kept:
                keys, rows = kept["keys"], kept["vectors"]
        except (
            OSError,
            ValueError,
            KeyError,
            BadZipFile,
            EOFError,
        ):  # not there yet, or broken: computed again
            return {}
        return {bytes(key): row for key, row in zip(keys, rows, strict=True)}

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part.npz")
        keys = np.array([list(key) for key in self._rows], dtype=np.uint8)
        np.savez(part, keys=keys, vectors=np.array(list(self._rows.values())))
        part.replace(self._file)


def _shifted(progress: Callable[[int, int], object], start: int, total: int) -> Callable[[int], object]:
    return lambda done: progress(start + done, total)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()[:16]
