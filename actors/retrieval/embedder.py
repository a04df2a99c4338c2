"""What turns text into vectors, or says why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from actors.errors import ResourceMissingError
from actors.retrieval.minilm import MiniLM

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Vectors of unit length; texts near in meaning have a large dot product."""

    @property
    def id(self) -> str:
        """Names model and revision: vectors of different ids never meet."""
        ...

    @property
    def dim(self) -> int:
        """Length of the vectors."""
        ...

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        """Return f32[dim]."""
        ...

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] = ...
    ) -> "NDArray[np.float32]":
        """Return f32[n,dim], in the order of the texts; `progress` is told how many are done."""
        ...


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no embedder: search stands on words alone, and says so."""

    reason: str


def minilm_or_absent(cache: Path | None = None, threads: int = 1) -> MiniLM | Absent:
    """Return MiniLM where its weights are installed, else the reason why not."""
    try:
        return MiniLM(cache, threads)
    except ResourceMissingError as error:
        return Absent(str(error))
