"""Full-text search over imported passages, in a folder that the system maps into memory.

The one place that ranks imported text: another retriever takes its place by giving the same two methods.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from actors.domain.corpus_search import MAX_TERMS, TOKENIZER, analyzer
from actors.domain.importing.passage import Passage

TIE_BREAKER = 0.3
"""What the worse of heading and text adds to the better."""
_HEAP_BYTES = 64_000_000
_MOST = 1000


class PassageIndex:
    """An opened index. Reading is thread-safe; nothing is ever added to it."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._analyzer = analyzer()
        self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(TOKENIZER, self._analyzer)

    def search(
        self, words: str, phrases: Sequence[str], jurisdictions: Sequence[str] | None, limit: int
    ) -> list[tuple[int, float]]:
        """Return positions of passages with their scores, best first.

        Args:
            words: What to rank by; nothing in it is search syntax.
            phrases: Where there are any, a passage must hold one of them, its words side by side.
            jurisdictions: Bodies of law to search; `None` for all.
            limit: How many at most.
        """
        stems = list(dict.fromkeys(self._analyzer.analyze(words)))[:MAX_TERMS]
        clauses = [
            (tantivy.Occur.Must, self._filter("law", ["yes"])),
            (tantivy.Occur.Must, self._any(phrases) if phrases else self._ranked(stems)),
        ]
        if jurisdictions is not None:
            clauses.append((tantivy.Occur.Must, self._filter("jurisdiction", jurisdictions)))
        if phrases:
            clauses.append((tantivy.Occur.Should, self._ranked(stems)))
        return self._found(tantivy.Query.boolean_query(clauses), limit)

    def holding(self, field: str, value: str, limit: int = _MOST) -> list[int]:
        """Return the positions of passages by an exact `key`, `source`, `unit` or `run`, in order."""
        query = tantivy.Query.term_query(self._schema, field, value)
        return sorted(position for position, _ in self._found(query, limit))

    def _found(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        searcher = self._index.searcher()
        hits = searcher.search(query, limit=max(limit, 1)).hits
        return [(searcher.doc(address)["position"][0], score) for score, address in hits]

    def _filter(self, field: str, values: Iterable[str]) -> tantivy.Query:
        terms = tantivy.Query.term_set_query(self._schema, field, list(values))
        return tantivy.Query.const_score_query(terms, 0.0)

    def _ranked(self, stems: Sequence[str]) -> tantivy.Query:
        """Rank by text or by heading, whichever fits better: so scores compare with those of texts without one."""
        fields = [
            tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(field, stem)) for stem in stems])
            for field in ("text", "heading")
        ]
        return (
            tantivy.Query.disjunction_max_query(fields, TIE_BREAKER) if stems else tantivy.Query.empty_query()
        )

    def _any(self, phrases: Sequence[str]) -> tantivy.Query:
        queries = [
            (tantivy.Occur.Should, self._phrase(field, phrase))
            for phrase in phrases
            for field in ("text", "heading")
        ]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(queries), 0.0)

    def _phrase(self, field: str, phrase: str) -> tantivy.Query:
        stems = self._analyzer.analyze(phrase)
        if len(stems) == 1:
            return self._term(field, stems[0])
        return (
            tantivy.Query.phrase_query(self._schema, field, list(stems))
            if stems
            else tantivy.Query.empty_query()
        )

    def _term(self, field: str, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, stem)


def build_index(folder: Path, passages: Iterable[Passage]) -> None:
    """Write an index of passages, in their order, into an existing empty folder."""
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer(TOKENIZER, analyzer())
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for position, passage in enumerate(passages):
        writer.add_document(_document(position, passage))
    writer.commit()
    writer.wait_merging_threads()


def _document(position: int, passage: Passage) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("position", position)
    document.add_text("law", "yes" if passage.status == "in_force" else "no")
    document.add_text("jurisdiction", passage.jurisdiction)
    document.add_text("heading", f"{passage.heading}\n{passage.citation or ''}")
    document.add_text("text", passage.text)
    sources = dict.fromkeys(key.rpartition("/")[0] for key in passage.keys)
    for field, values in (
        ("key", passage.keys),
        ("source", sources),
        ("unit", [f"{source}/{unit}" for source in sources for unit in passage.units]),
        ("run", sources if passage.last_key else ()),
    ):
        for value in values:
            document.add_text(field, value)
    return document


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("position", stored=True)
    for name in ("law", "jurisdiction", "key", "source", "unit", "run"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("heading", "text"):
        builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="position")
    return builder.build()
