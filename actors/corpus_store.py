"""The law that agents know: the project's own corpus, with what was imported into this home."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from actors.corpus_versions import POINTER, ImportedSource, OpenVersion, open_current
from actors.domain.authority import Hit, ResearchPacket, ResearchQuery
from actors.domain.citations.index import CitationIndex
from actors.domain.corpus import Corpus, bears_on, the_corpus
from actors.domain.corpus_search import CorpusSearch, weight_of
from actors.domain.importing.imported_law import ImportedProvisions
from actors.domain.importing.passage import Passage

IMPORTED_IN_A_DRAFT = 8
"""How many imported passages follow the authorities of a draft."""
_PER_ISSUE = 2
_WEIGHTS = {"statute": 1.0, "clause": 0.5}
"""How others worded a clause tells less than what holds."""
_LEAST_SHARE = 3
"""A third of what a search returns is kept for what was imported, and a third for what was not."""


class Law:
    """The corpus as it stood at one moment. A call uses one to its end, whatever is imported meanwhile."""

    def __init__(self, built_in: "BuiltIn", opened: OpenVersion | None) -> None:
        self._built_in, self._opened = built_in, opened
        self.corpus: Corpus = built_in.corpus
        imported = f"+{opened.version[:16]}" if opened else ""
        self.version = f"{built_in.corpus.version}{imported}"

    @property
    def sources(self) -> tuple[ImportedSource, ...]:
        """What was imported, by name."""
        return self._opened.manifest.sources if self._opened else ()

    @cached_property
    def citations(self) -> CitationIndex:
        """The provisions that are known, the imported ones among them."""
        if self._opened is None:
            return self._built_in.citations
        whole = {key: name for source in self._opened.manifest.sources for key, name in source.whole.items()}
        return replace(self._built_in.citations, imported=ImportedProvisions(self._find, whole))

    def search(self, query: ResearchQuery) -> ResearchPacket:
        """Return the authorities that bear on a query.

        Free words rank the project's authorities and imported passages by one score. A draft's packet keeps its
        authorities, and the imported passages that speak of its issues follow them.

        Raises:
            UnknownJurisdictionError: The jurisdiction has no rule pack.
        """
        packet = self._built_in.search.search(query)
        if self._opened is None:
            return packet
        imported = [
            hit
            for hit in self._imported(query, packet.searched)
            if not query.families or bears_on(hit.authority, query.families)
        ]
        if query.words:
            hits = _shared(packet.hits, imported, max(query.limit, 0))
        else:
            hits = (*packet.hits, *imported[:IMPORTED_IN_A_DRAFT])
        return packet.model_copy(update={"hits": hits, "corpus_version": self.version})

    def _imported(self, query: ResearchQuery, searched: Sequence[str]) -> list[Hit]:
        if query.words:
            # Without a place the project's own corpus tells what holds everywhere; what was imported is all searched.
            places = searched if query.jurisdiction else None
            return self._hits(query, self._ranked(query.words, (), places, query.limit))
        best: dict[int, float] = {}
        for issue in query.issues:
            topic = self.corpus.topics.get(issue)
            if topic is not None:
                phrases = [topic.label, *(word for word in topic.words if " " in word)]
                words = " ".join((topic.label, *topic.words))
                for position, score in self._ranked(words, phrases, searched, _PER_ISSUE):
                    best[position] = max(score, best.get(position, 0.0))
        return self._hits(query, sorted(best.items(), key=lambda found: (-found[1], found[0])))

    def _ranked(
        self, words: str, phrases: Sequence[str], places: Sequence[str] | None, limit: int
    ) -> list[tuple[int, float]]:
        return self._opened.index.search(words, phrases, places, limit) if self._opened else []

    def _hits(self, query: ResearchQuery, ranked: Sequence[tuple[int, float]]) -> list[Hit]:
        if self._opened is None:
            return []
        hits = []
        for position, score in ranked:
            row = self._opened.row(position)
            weight = weight_of(row.passage.jurisdiction, query) * _WEIGHTS[row.passage.kind]
            hits.append(Hit(authority=row.passage.authority(row.source), score=round(score * weight, 4)))
        hits.sort(key=lambda hit: (-hit.score, hit.authority.id))
        # Contracts repeat each other word for word: the same words are found once.
        return list({hit.authority.statement: hit for hit in reversed(hits)}.values())[::-1]

    def _find(self, field: str, value: str) -> list[tuple[str, Passage]]:
        if self._opened is None:
            return []
        rows = self._opened.rows(self._opened.index.holding(field, value))
        return [(row.source, row.passage) for row in rows]


def _shared(own: Sequence[Hit], imported: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """Return the best of two ranked lists by score, neither crowded out by the other."""
    least = limit // _LEAST_SHARE
    kept = [*own[: limit - min(least, len(imported))], *imported[: limit - min(least, len(own))]]
    return tuple(sorted(kept, key=lambda hit: -hit.score)[:limit])


class BuiltIn:
    """The project's own corpus with its indexes, each made when it is first used."""

    def __init__(self) -> None:
        self.corpus = the_corpus()

    @cached_property
    def search(self) -> CorpusSearch:
        """The index of full text."""
        return CorpusSearch(self.corpus)

    @cached_property
    def citations(self) -> CitationIndex:
        """The index of citations."""
        return CitationIndex.from_authorities(self.corpus.authorities)


class CorpusStore:
    """Gives agents the law as it stands. It looks at one small file per call, and opens a version when that changed.

    A version stays open, and so on disk, until nobody uses its `Law` any more.

    Args:
        folder: `corpus` in the home folder; `None` for the project's own corpus alone.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen: tuple[int, ...] | None = None
        self._law: Law | None = None
        self._built_in: BuiltIn | None = None

    def ready(self, index: Literal["search", "citations"]) -> Self:
        """Make one index of the project's own corpus now, so that no draft waits for it; return the store."""
        getattr(self._own(), index)
        return self

    def current(self) -> Law:
        """Return the law as it stands now.

        Raises:
            SearchUnavailableError: The imported version is gone or damaged.
        """
        seen = _stamp(self._folder / POINTER) if self._folder else None
        if self._law is None or seen != self._seen:
            self._law = self._fresh(open_current(self._folder) if self._folder and seen else None)
            # Taken before the pointer was read: a switch in between is noticed by the next call.
            self._seen = seen
        return self._law

    def _fresh(self, opened: OpenVersion | None) -> Law:
        return Law(self._own(), opened)

    def _own(self) -> BuiltIn:
        self._built_in = self._built_in or BuiltIn()
        return self._built_in


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
