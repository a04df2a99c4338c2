"""Vectors that were computed before, by the hash of their text."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from actors.retrieval.embedder import Embedder

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

SAVE_EVERY = 512


class VectorCache:
    """One folder per encoder in a cache folder: files of hashes of texts beside their float16 vectors. No text is kept.

    Files are only ever added, so processes do not disturb each other; a broken one counts as empty.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        name = hashlib.sha256(embedder.id.encode()).hexdigest()[:16]
        self._folder = folder / f"vectors-{name}"
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
            rounded = found.astype(np.float16)
            self._rows.update(zip(part, rounded, strict=True))
            self._save(part, rounded)
        if not keys:
            return np.zeros((0, self._embedder.dim), dtype=np.float32)
        return np.array([self._rows[key] for key in keys], dtype=np.float32)

    def _load(self) -> "dict[bytes, NDArray[np.float16]]":
        rows: dict[bytes, NDArray[np.float16]] = {}
        for file in sorted(self._folder.glob("*.npz")):
            try:
                with np.load(file) as kept:
                    rows.update(zip(map(bytes, kept["keys"]), kept["vectors"], strict=True))
            except (OSError, ValueError, KeyError, BadZipFile, EOFError):
                logger.warning("vectors_unreadable file=%s: they are computed again", file.name)
        return rows

    def _save(self, keys: Sequence[bytes], vectors: "NDArray[np.float16]") -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            np.savez(part, keys=np.array([list(key) for key in keys], dtype=np.uint8), vectors=vectors)
        Path(part.name).replace(Path(part.name).with_suffix(".npz"))


def _shifted(progress: Callable[[int, int], object], start: int, total: int) -> Callable[[int], object]:
    return lambda done: progress(start + done, total)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()[:16]
