"""Search by words: BM25 over English stems, by tantivy."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import tantivy

from actors.errors import InvalidInputError
from actors.retrieval.passages import Passage

TOKENIZER = "stems"
MAX_TERMS = 160
MAX_QUERY_CHARS = 8192
HEAP_BYTES = 30_000_000


class LexicalIndex:
    """Finds passages by their position in the sequence from which the index was built. Reading is thread-safe."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._positions = self._read_positions()

    @classmethod
    def build(cls, passages: Sequence[Passage], folder: Path | None = None) -> "LexicalIndex":
        """Index passages in memory, or in a folder that is empty or not there yet.

        Raises:
            InvalidInputError: The folder holds something.
        """
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise InvalidInputError("folder", f"{folder} is not empty")
        index = tantivy.Index(_schema(), path=None if folder is None else str(folder))
        index.register_tokenizer(TOKENIZER, analyzer())
        _fill(index, passages)
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """Open an index that `build` left in a folder.

        Raises:
            InvalidInputError: There is none.
        """
        if not tantivy.Index.exists(str(folder)):
            raise InvalidInputError("folder", f"{folder} holds no index")
        index = tantivy.Index.open(str(folder))
        index.register_tokenizer(TOKENIZER, analyzer())
        return cls(index)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def scores(self, terms: Mapping[str, float], limit: int) -> dict[int, float]:
        """Return the best passages' BM25 (k1 1.2, b 0.75) by position, best first.

        Args:
            terms: Stems, as `stems` gives them, with their weights, all positive. The heaviest 160 count.
            limit: At most so many passages.
        """
        heaviest = sorted(terms.items(), key=lambda item: -item[1])[:MAX_TERMS]
        if not heaviest or not self._positions or limit < 1:
            return {}
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(*item)) for item in heaviest])
        hits = self._searcher.search(query, limit=limit, count=False).hits
        segments = self._positions
        return {segments[address.segment_ord][address.doc]: score for score, address in hits}

    def _term(self, stem: str, weight: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, "text", stem), weight)

    def _read_positions(self) -> dict[int, dict[int, int]]:
        """Learn once where each document lies: reading it from the store costs more than the search itself."""
        positions: defaultdict[int, dict[int, int]] = defaultdict(dict)
        if self._searcher.num_docs:
            for _, address in self._searcher.search(
                tantivy.Query.all_query(), limit=self._searcher.num_docs
            ).hits:
                positions[address.segment_ord][address.doc] = self._searcher.doc(address)["position"][0]
        return dict(positions)


def _fill(index: tantivy.Index, passages: Sequence[Passage]) -> None:
    # One thread: the order of documents, and so the last digit of a score, is the same in every run.
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
    for position, passage in enumerate(passages):
        document = tantivy.Document()
        document.add_unsigned("position", position)
        document.add_text("text", passage.text.encode(errors="replace").decode())
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()


def analyzer() -> tantivy.TextAnalyzer:
    """Return what turns text into the index's terms: lower case, English stems."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(40),
        tantivy.Filter.lowercase(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


class Stemmer:
    """Stems of text; the words of a query are only ever words, nothing in them is search syntax."""

    def __init__(self) -> None:
        self._analyzer = analyzer()

    def __call__(self, text: str) -> list[str]:
        """Return the stems in order, of the first 8,192 characters."""
        plain = re.sub(r"[^\w]+", " ", text[:MAX_QUERY_CHARS].encode(errors="replace").decode())
        stems: list[str] = self._analyzer.analyze(plain)
        return stems


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("position", stored=True)
    builder.add_text_field("text", tokenizer_name=TOKENIZER, index_option="freq")
    return builder.build()
