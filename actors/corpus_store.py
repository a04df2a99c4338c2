"""The law that agents know: the project's own corpus, with what was imported into this home."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, Self

from actors.corpus_vectors import PassageVectors, open_vectors, sidecars_stamp
from actors.corpus_versions import POINTER, ImportedSource, OpenVersion, open_current
from actors.domain.authority import Authority, Hit, ResearchPacket, ResearchQuery
from actors.domain.citations.index import CitationIndex
from actors.domain.corpus import Corpus, bears_on, the_corpus
from actors.domain.corpus_search import CorpusSearch, weight_of
from actors.domain.importing.imported_law import ImportedProvisions
from actors.domain.importing.passage import Passage
from actors.retrieval.embedder import Absent, Embedder, minilm_or_absent

IMPORTED_IN_A_DRAFT = 8
"""How many imported passages follow the authorities of a draft."""
_PER_ISSUE = 2
_WEIGHTS = {"statute": 1.0, "clause": 0.5}
"""How others worded a clause tells less than what holds."""
_LEAST_SHARE = 3
"""A third of what a search returns is kept for what was imported, and a third for what was not."""
FUSION = "rrf-1"
"""Part of the cache key where meaning was searched: raise it when rankings are fused differently."""
_RRF_K = 60
"""The customary constant: how slowly a place in a ranking loses its worth."""
_DEPTH = 50
"""So many of each ranking are fused."""
NOTHING_IMPORTED = Absent("nothing was imported")
NO_VECTORS = Absent("the imported version has no vectors; `lexray corpus embed` computes them")


class Law:
    """The corpus as it stood at one moment. A call uses one to its end, whatever is imported meanwhile.

    Args:
        built_in: The project's own corpus.
        opened: The imported version.
        meaning: Its vectors, or why free words are searched for without any.
        seen: The stamp of the version's vectors when they were last looked at.
    """

    def __init__(
        self,
        built_in: "BuiltIn",
        opened: OpenVersion | None,
        meaning: PassageVectors | Absent = NO_VECTORS,
        seen: tuple[tuple[str, int], ...] = (),
    ) -> None:
        self._built_in, self._opened = built_in, opened
        self._meaning, self._seen = (meaning if opened else NOTHING_IMPORTED), seen
        self.corpus: Corpus = built_in.corpus
        imported = f"+{opened.version[:16]}" if opened else ""
        self.version = f"{built_in.corpus.version}{imported}"

    @property
    def sources(self) -> tuple[ImportedSource, ...]:
        """What was imported, by name."""
        return self._opened.manifest.sources if self._opened else ()

    @property
    def retrieval(self) -> str:
        """How free words are searched for: `hybrid`, or `lexical` with the reason."""
        return f"lexical ({self._meaning.reason})" if isinstance(self._meaning, Absent) else "hybrid"

    def retriever(self, query: ResearchQuery) -> str:
        """Name what ranks a query besides the full-text search; empty where nothing does."""
        if not query.words or isinstance(self._meaning, Absent):
            return ""
        return f"{FUSION}/{self._meaning.embedder_id}"

    def has_unread_vectors(self) -> bool:
        """Tell whether vectors have come, or changed, since they were last looked at; some 20 µs."""
        if self._opened is None or isinstance(self._meaning, PassageVectors):
            return False
        return sidecars_stamp(self._opened.folder) != self._seen

    def with_vectors(self, find_embedder: Callable[[], Embedder | Absent]) -> "Law":
        """Return this law with its vectors opened, or with the reason why not; takes up to some seconds."""
        if self._opened is None:
            return self
        # Taken before they are read: what comes in between is noticed by the next question.
        seen = sidecars_stamp(self._opened.folder)
        meaning = open_vectors(self._opened, find_embedder) if seen else NO_VECTORS
        return Law(self._built_in, self._opened, meaning, seen)

    @cached_property
    def citations(self) -> CitationIndex:
        """The provisions that are known, the imported ones among them."""
        if self._opened is None:
            return self._built_in.citations
        whole = {key: name for source in self._opened.manifest.sources for key, name in source.whole.items()}
        return replace(self._built_in.citations, imported=ImportedProvisions(self._find, whole))

    def search(self, query: ResearchQuery) -> ResearchPacket:
        """Return the authorities that bear on a query.

        Free words rank the project's authorities and imported passages by one score; with vectors it is the sum of
        both rankings' reciprocal ranks, 1 for what is first in both. A draft's packet keeps its authorities, and the
        imported passages that speak of its issues follow them.

        Raises:
            UnknownJurisdictionError: The jurisdiction has no rule pack.
        """
        packet = self._built_in.search.search(query)
        if query.words:
            hits = self._by_words(query, packet)
        else:
            imported = _bearing(query, self._by_issues(query, packet.searched))
            hits = (*packet.hits, *imported[:IMPORTED_IN_A_DRAFT])
        told = {"retrieval": self.retrieval} if query.words else {}
        return packet.model_copy(update={"hits": hits, "corpus_version": self.version, **told})

    def _by_words(self, query: ResearchQuery, packet: ResearchPacket) -> tuple[Hit, ...]:
        # Without a place the project's own corpus tells what holds everywhere; what was imported is all searched.
        places = packet.searched if query.jurisdiction else None
        limit = max(query.limit, 0)
        if isinstance(self._meaning, Absent):
            imported = self._hits(query, self._ranked(query.words, (), places, query.limit))
            return _shared(packet.hits, _bearing(query, imported), limit)
        depth = max(_DEPTH, limit)
        imported = _bearing(query, self._hits(query, self._ranked(query.words, (), places, depth)))
        near = [
            Hit(authority=authority, score=0.0)
            for authority in self._authorities(self._meaning.nearest(query.words, places, depth))
        ]
        return _shared(*_fused(packet.hits, imported, _bearing(query, near)), limit)

    def _by_issues(self, query: ResearchQuery, searched: Sequence[str]) -> list[Hit]:
        best: dict[int, float] = {}
        for issue in query.issues:
            topic = self.corpus.topics.get(issue)
            if topic is not None:
                phrases = [topic.label, *(word for word in topic.words if " " in word)]
                words = " ".join((topic.label, *topic.words))
                for position, score in self._ranked(words, phrases, searched, _PER_ISSUE):
                    best[position] = max(score, best.get(position, 0.0))
        return self._hits(query, sorted(best.items(), key=lambda found: (-found[1], found[0])))

    def _authorities(self, positions: Sequence[int]) -> list[Authority]:
        rows = self._opened.rows(positions) if self._opened else []
        return [row.passage.authority(row.source) for row in rows]

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


def _bearing(query: ResearchQuery, hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if not query.families or bears_on(hit.authority, query.families)]


def _fused(own: Sequence[Hit], imported: Sequence[Hit], near: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Return own and imported hits, each best first, scored by reciprocal rank among words and among meanings.

    Args:
        own: The project's authorities, found by words.
        imported: Passages found by words; their scores compare with those of `own`.
        near: Passages found by meaning, best first.
    """
    worth: defaultdict[str, float] = defaultdict(float)
    by_words = sorted((*own, *imported), key=lambda hit: -hit.score)
    # Told apart by their words: contracts repeat each other, and either ranking may hold another copy.
    for ranking in (by_words, near):
        for rank, statement in enumerate(dict.fromkeys(hit.authority.statement for hit in ranking), start=1):
            worth[statement] += (_RRF_K + 1) / (_RRF_K + rank) / 2
    ours = {hit.authority.statement: hit for hit in reversed(own)}
    theirs = {
        hit.authority.statement: hit
        for hit in reversed((*imported, *near))
        if hit.authority.statement not in ours
    }
    return _rescored(ours.values(), worth), _rescored(theirs.values(), worth)


def _rescored(hits: Iterable[Hit], worth: Mapping[str, float]) -> list[Hit]:
    scored = [hit.model_copy(update={"score": round(worth[hit.authority.statement], 4)}) for hit in hits]
    return sorted(scored, key=lambda hit: (-hit.score, hit.authority.id))


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
        find_embedder: Gives the encoder of questions, or says why there is none; `None` for MiniLM. Called in whatever
            process first searches vectors.
    """

    def __init__(
        self, folder: Path | None, find_embedder: Callable[[], Embedder | Absent] | None = None
    ) -> None:
        self._folder = folder
        self._find_embedder = find_embedder or partial(
            minilm_or_absent, folder.parent / "cache" if folder else None
        )
        self._embedder: Embedder | Absent | None = None
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

    def read_vectors(self, law: Law) -> Law:
        """Return the law with the vectors that have come for it. Blocks for up to some seconds: call it in a thread."""
        read = law.with_vectors(self._one_embedder)
        if self._law is law:
            self._law = read
        return read

    def _one_embedder(self) -> Embedder | Absent:
        """Return the encoder, the same for every version; looked for again where there was none."""
        if self._embedder is None or isinstance(self._embedder, Absent):
            self._embedder = self._find_embedder()
        return self._embedder

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
