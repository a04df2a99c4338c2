"""What a search costs: passages made of the glossary's clauses, vectors made by chance, queries of the glossary."""

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from actors.retrieval.embedder import Absent, Embedder
from actors.retrieval.glossary import load_glossary
from actors.retrieval.hybrid_index import HybridIndex
from actors.retrieval.passages import Passage

WORDS = 120
WARM_UP, SEARCHES = 20, 200
MIB = 2**20


class ChanceVectors:
    """Real query vectors, random passage vectors: the search's cost is real, and 100,000 passages need no hour."""

    def __init__(self, real: Embedder) -> None:
        self._real, self._chance = real, np.random.default_rng(0)
        self.id, self.dim, self.embed_query = f"chance/{real.id}", real.dim, real.embed_query

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], object] = bool) -> np.ndarray:
        vectors = self._chance.standard_normal((len(texts), self.dim), dtype=np.float32)
        progress(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def latency(
    sizes: Sequence[int], embedder: Embedder | Absent, say: Callable[[str], object]
) -> dict[str, dict[str, float]]:
    """Return figures per corpus size and mode: milliseconds per search, MiB of memory added, seconds to build."""
    found = {}
    kinds: dict[str, Embedder | Absent] = {"lexical": Absent("lexical search is measured")}
    if not isinstance(embedder, Absent):
        kinds["hybrid"] = ChanceVectors(embedder)
    for size in sizes:
        passages = synthetic(size)
        for name, kind in kinds.items():
            say(f"latency: {name}, {size:,} passages")
            found[f"{name} {size}"] = measured(passages, kind)
    return found


def synthetic(size: int) -> list[Passage]:
    """Return passages of about 120 words, each of its own mixture of the glossary's clauses."""
    clauses, chance = [concept.clause for concept in load_glossary()], np.random.default_rng(1)
    average = sum(len(clause.split()) for clause in clauses) / len(clauses)
    picks = chance.integers(0, len(clauses), (size, round(WORDS / average)))
    return [Passage(str(n), " ".join(clauses[pick] for pick in row)) for n, row in enumerate(picks)]


def measured(passages: Sequence[Passage], embedder: Embedder | Absent) -> dict[str, float]:
    before, begun = resident_mib(), time.perf_counter()
    with TemporaryDirectory() as cache:
        index = HybridIndex(passages, embedder, Path(cache))
    built_s = time.perf_counter() - begun
    asks = [ask for concept in load_glossary() for ask in concept.ask][::7][: SEARCHES + WARM_UP]
    wall, busy = np.array([timed(index, ask) for ask in asks])[WARM_UP:].T
    return {
        "p50_ms": round(float(np.percentile(wall, 50)), 2),
        "p99_ms": round(float(np.percentile(wall, 99)), 2),
        "cpu_p50_ms": round(float(np.percentile(busy, 50)), 2),
        "memory_mib": round(resident_mib() - before, 1),
        "build_s": round(built_s, 1),
    }


def timed(index: HybridIndex, query: str) -> tuple[float, float]:
    """Return the wall time and the processor time of a search, in milliseconds; the encoder is in both."""
    wall, busy = time.perf_counter(), time.process_time()
    index.search(query)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - busy) * 1000


def resident_mib() -> float:
    """Return the memory of this process now; where the system does not say, its peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / MIB
