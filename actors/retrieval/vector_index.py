"""Exact search by meaning: every window against every query vector."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_ROWS = 16_384


class VectorIndex:
    """The vectors of passages' windows, in memory or mapped from files.

    Cost of a query grows with the windows: 2 ms at 5,000, some 20 ms at 100,000; beyond that another index is due.

    Args:
        vectors: [windows, dim] of unit length, float32 or float16 (half the memory, slower).
        starts: [passages], rising: where each passage's windows start. Every passage has at least one.
    """

    def __init__(self, vectors: "NDArray[np.floating]", starts: "NDArray[np.int64]") -> None:
        self._vectors, self._starts = vectors, starts

    def __len__(self) -> int:
        return len(self._starts)

    def similarities(self, queries: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return each passage's best window's cosine, f32[queries, passages], for f32[queries, dim] of unit length."""
        if not len(self):
            return np.zeros((len(queries), 0), dtype=np.float32)
        cosines = np.empty((len(queries), len(self._vectors)), dtype=np.float32)
        for start in range(0, len(self._vectors), BLOCK_ROWS):
            block = self._vectors[start : start + BLOCK_ROWS].astype(np.float32, copy=False)
            cosines[:, start : start + BLOCK_ROWS] = queries @ block.T
        best: NDArray[np.float32] = np.maximum.reduceat(cosines, self._starts, axis=1)
        return best

    def save(self, folder: Path) -> None:
        """Write the two arrays of the index into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "vectors.npy", self._vectors)
        np.save(folder / "starts.npy", self._starts)

    @classmethod
    def open(cls, folder: Path) -> "VectorIndex":
        """Map an index that was saved: processes on one machine share its memory."""
        return cls(np.load(folder / "vectors.npy", mmap_mode="r"), np.load(folder / "starts.npy"))
