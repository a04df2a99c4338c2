"""Vectors of an imported version: they come later than it, lie beside it, and nothing waits for them.

corpus/versions/<hash>/vectors-<encoder>/   manifest.json, vectors.npy, starts.npy, passages.npy, places.npy

The folder appears whole, under a name that is the encoder's own. Numpy and the encoder are loaded where vectors are
written or opened, not with this module: a draft needs neither.
"""
# ruff: noqa: PLC0415

import hashlib
import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from actors.corpus_versions import OpenVersion
from actors.domain.matter import Value
from actors.errors import LexrayError
from actors.retrieval.embedder import Absent, Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from actors.retrieval.vector_index import VectorIndex

logger = logging.getLogger(__name__)

FORMAT = 1
"""Raise it when a sidecar is laid out otherwise, or other text is embedded."""
MANIFEST = "manifest.json"
LEAST_COSINE = 0.3
"""Passages farther than this from a question are not near it at all: a question may find nothing.

Measured with MiniLM on 3,931 clauses of contracts: questions about bread, football or soup come no nearer than 0.28 to
any of them; of clauses that were judged right for a question three in four lie above 0.35.
"""
MOST_QUERY_CHARS = 4096
_ARRAYS = ("vectors", "starts", "passages", "places")
_PREFIX = "vectors-"
_PART = 4096
_PROBE = "Is a contract binding?"
_OPENING = threading.Lock()


class VectorsManifest(Value):
    """What lies in a sidecar."""

    format: int
    version: str
    """Of the corpus that its positions count in."""
    embedder: str
    windows: int
    places: tuple[str, ...]
    """Bodies of law, in the order of the numbers in `places.npy`."""
    sha256: dict[str, str]
    """Of each array's file."""


class PassageVectors:
    """An opened sidecar with the encoder that made it. Reading is thread-safe; the vectors are mapped into memory.

    Args:
        embedder: Encodes questions.
        index: Of the passages that were embedded.
        passages: u32[embedded], the position of each in the version.
        places: u16[embedded], the number of each one's body of law.
        names: Bodies of law by number.
    """

    def __init__(
        self,
        embedder: Embedder,
        index: "VectorIndex",
        passages: "NDArray[np.uint32]",
        places: "NDArray[np.uint16]",
        names: Sequence[str],
    ) -> None:
        from actors.retrieval.asking import Asking

        self._embedder, self._asking = embedder, Asking()
        self._index, self._passages, self._places, self._names = index, passages, places, tuple(names)

    @property
    def embedder_id(self) -> str:
        """Names the encoder."""
        return self._embedder.id

    def nearest(self, words: str, jurisdictions: Sequence[str] | None, limit: int) -> list[int]:
        """Return the positions of the passages nearest in meaning, best first; a few ms, and 5 for the encoder.

        Args:
            words: The question; what lies beyond 4,096 characters is not read.
            jurisdictions: Bodies of law to search; `None` for all.
            limit: How many at most.
        """
        import numpy as np

        plain = words[:MOST_QUERY_CHARS].encode(errors="replace").decode()
        query = self._embedder.embed_query(self._asking.to_embed(plain))
        cosines = self._index.similarities(query[None])[0]
        allowed = cosines >= LEAST_COSINE
        if jurisdictions is not None:
            numbers = [number for number, name in enumerate(self._names) if name in set(jurisdictions)]
            allowed &= np.isin(self._places, numbers)
        found = np.flatnonzero(allowed)
        best = found[np.argsort(-cosines[found], kind="stable")[:limit]]
        positions: list[int] = self._passages[best].tolist()
        return positions


def sidecar(folder: Path, embedder_id: str) -> Path:
    """Return where an encoder's vectors lie in the folder of a version."""
    return folder / f"{_PREFIX}{hashlib.sha256(embedder_id.encode()).hexdigest()[:16]}"


def sidecars_stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """Return what changes when a sidecar appears or is replaced; empty where there is none."""
    found = sorted(folder.glob(f"{_PREFIX}*/{MANIFEST}"))
    return tuple((path.parent.name, path.stat().st_mtime_ns) for path in found)


def read_manifest(folder: Path, version: str, embedder_id: str) -> VectorsManifest:
    """Return the manifest of a sidecar.

    Raises:
        OSError: There is none.
        ValueError: It is damaged, or of another format, version or encoder.
    """
    manifest = VectorsManifest.model_validate_json((folder / MANIFEST).read_bytes())
    if (manifest.format, manifest.version, manifest.embedder) != (FORMAT, version, embedder_id):
        raise ValueError("they are of another format, version or encoder")
    return manifest


def open_vectors(
    opened: OpenVersion, find_embedder: Callable[[], Embedder | Absent]
) -> PassageVectors | Absent:
    """Open a version's vectors, or say why there are none; takes up to some seconds, while the encoder loads.

    Whatever is wrong with them is logged and told, never raised: search stands on words then.
    """
    with _OPENING:  # an encoder's graph must not be built by two threads at once
        try:
            embedder = find_embedder()
            if isinstance(embedder, Absent):
                return embedder
            return _open(opened, embedder)
        except (OSError, ValueError, LexrayError) as error:
            reason = str(error).partition("\n")[0] or type(error).__name__
        except Exception as error:  # noqa: BLE001 - the encoder's libraries raise types of their own
            reason = f"the encoder failed: {type(error).__name__}"
    logger.warning("vectors_ignored version=%s reason=%s", opened.version, reason)
    return Absent(f"its vectors cannot be used: {reason}")


def write_vectors(
    opened: OpenVersion,
    embedder: Embedder,
    vectors_of: "Callable[[Sequence[str], Callable[[int, int], object]], NDArray[np.float32]]",
    making: Path,
    progress: Callable[[int, int], object] = max,
) -> int:
    """Compute the vectors of a version and put them beside it; return how many windows there are.

    Args:
        opened: The version, held open: it is not deleted meanwhile.
        embedder: Whose vectors they are.
        vectors_of: Gives vectors for texts and tells its progress: an encoder behind a cache.
        making: A folder on the same file system to work in; emptied first, gone afterwards.
        progress: Told how many of how many windows are done.
    """
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    places, windows = _write_arrays(opened, embedder.dim, vectors_of, making, progress)
    manifest = VectorsManifest(
        format=FORMAT,
        version=opened.version,
        embedder=embedder.id,
        windows=windows,
        places=tuple(places),
        sha256={name: _digest(making / f"{name}.npy") for name in _ARRAYS},
    )
    (making / MANIFEST).write_bytes(manifest.model_dump_json().encode())
    final = sidecar(opened.folder, embedder.id)
    shutil.rmtree(final, ignore_errors=True)  # a broken one; readers that have it mapped keep it
    making.rename(final)
    return windows


def _open(opened: OpenVersion, embedder: Embedder) -> PassageVectors:
    import numpy as np

    from actors.retrieval.vector_index import VectorIndex

    folder = sidecar(opened.folder, embedder.id)
    if not folder.exists():
        raise ValueError(f"they are of another encoder than {embedder.id}")
    manifest = read_manifest(folder, opened.version, embedder.id)
    for name in _ARRAYS:
        if _digest(folder / f"{name}.npy") != manifest.sha256.get(name):
            raise ValueError(f"{name}.npy is damaged; run `lexray corpus embed`")
    embedder.embed_query(_PROBE)  # a failing encoder is found here, not by a question
    passages, places = np.load(folder / "passages.npy"), np.load(folder / "places.npy")
    return PassageVectors(embedder, VectorIndex.open(folder), passages, places, manifest.places)


def _write_arrays(
    opened: OpenVersion,
    dim: int,
    vectors_of: "Callable[[Sequence[str], Callable[[int, int], object]], NDArray[np.float32]]",
    making: Path,
    progress: Callable[[int, int], object],
) -> tuple[list[str], int]:
    """Write the four arrays; return the bodies of law, and how many windows there are."""
    import numpy as np

    from actors.retrieval.passages import Passage, all_windows

    positions: list[int] = []
    passages: list[Passage] = []
    numbers: dict[str, int] = {}
    places: list[int] = []
    for position in range(opened.manifest.passages):
        passage = opened.row(position).passage
        if passage.status == "in_force":
            positions.append(position)
            places.append(numbers.setdefault(passage.jurisdiction, len(numbers)))
            passages.append(Passage(str(position), f"{passage.heading}\n{passage.text}".strip()))
    texts, starts = all_windows(passages)
    vectors = np.lib.format.open_memmap(
        making / "vectors.npy", mode="w+", dtype=np.float16, shape=(len(texts), dim)
    )
    for start in range(0, len(texts), _PART):
        part = texts[start : start + _PART]
        vectors[start : start + len(part)] = vectors_of(part, _shifted(progress, start, len(texts)))
    vectors.flush()
    np.save(making / "starts.npy", np.array(starts, dtype=np.int64))
    np.save(making / "passages.npy", np.array(positions, dtype=np.uint32))
    np.save(making / "places.npy", np.array(places, dtype=np.uint16))
    return list(numbers), len(texts)


def _shifted(progress: Callable[[int, int], object], start: int, total: int) -> Callable[[int, int], object]:
    return lambda done, _: progress(start + done, total)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
