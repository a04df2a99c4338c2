"""`lexray corpus embed`: vectors for what was imported, kept where search by meaning looks for them."""

import sys
from collections.abc import Callable

from actors.config import Settings
from actors.corpus_versions import OpenVersion, open_current
from actors.errors import InvalidInputError, ResourceMissingError
from actors.retrieval.embedder import Absent, minilm_or_absent
from actors.retrieval.passages import Passage, all_windows
from actors.retrieval.vector_cache import VectorCache


def embed(settings: Settings) -> dict[str, int | str]:
    """Compute the vectors that are missing. It can be stopped and started again; nothing waits for it.

    Raises:
        InvalidInputError: Nothing was imported.
        ResourceMissingError: There is no encoder here.
    """
    opened = open_current(settings.corpus_folder)
    if opened is None:
        raise InvalidInputError("corpus", "nothing was imported; see `lexray corpus import --help`")
    cache = settings.folder / "cache"
    embedder = minilm_or_absent(cache)
    if isinstance(embedder, Absent):
        raise ResourceMissingError(embedder.reason, "search stands on words meanwhile")
    texts, _ = all_windows(searched_passages(opened))
    VectorCache(cache, embedder).vectors(texts, _telling())
    return {"version": opened.version, "passages": opened.manifest.passages, "windows": len(texts)}


def searched_passages(opened: OpenVersion) -> list[Passage]:
    """Return what is law or wording of a version, as search by meaning reads it: heading and text."""
    rows = (opened.row(position) for position in range(opened.manifest.passages))
    return [
        Passage(f"{row.source}:{row.passage.id}", f"{row.passage.heading}\n{row.passage.text}".strip())
        for row in rows
        if row.passage.status == "in_force"
    ]


def _telling() -> Callable[[int, int], None]:
    """Return what tells every tenth on stderr."""
    tenths = 0

    def tell(done: int, total: int) -> None:
        nonlocal tenths
        if done * 10 // total > tenths:
            tenths = done * 10 // total
            sys.stderr.write(f"embedded {done} of {total} windows\n")

    return tell
