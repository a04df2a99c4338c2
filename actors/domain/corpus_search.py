"""Full-text search over the corpus.

Ranking: BM25 (English stemming) over statement, topic words and citation, times the weight of the layer of law: of two
equally relevant authorities the jurisdiction's own comes first, then federal and uniform law, then general practice.
The packet first takes the best authority of every issue asked for, so that no issue is crowded out by a wordy one, and
then fills up by score.
"""

import re
from collections.abc import Iterable, Sequence

import tantivy

from actors.domain.authority import Authority, Hit, ResearchPacket, ResearchQuery
from actors.domain.corpus import Corpus, bears_on, in_force
from actors.domain.jurisdictions import layers

TOKENIZER = "english"
OWN_LAW, SHARED_LAW, PRACTICE = 1.5, 1.2, 1.0
MAX_WORDS_CHARS = 4096
MAX_TERMS = 48


class CorpusSearch:
    """An index in memory, built in some 50 ms. Reading is thread-safe; the corpus never changes below it."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._analyzer = analyzer()
        self._schema = _schema()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer(TOKENIZER, self._analyzer)
        self._fill()

    def search(self, query: ResearchQuery) -> ResearchPacket:
        """Return the authorities that bear on a query, best first; equal scores in the order of their ids.

        The words of a query are only ever words: nothing in them is read as search syntax. Without families every
        document family is searched, without issues and words everything that applies is returned.

        Raises:
            UnknownJurisdictionError: The jurisdiction has no rule pack.
        """
        searched = layers(query.jurisdiction)
        hits = [hit for hit in self._hits(query, searched) if _usable(hit.authority, query)]
        hits.sort(key=lambda hit: (-hit.score, hit.authority.id))
        chosen = _cover_issues(hits, query.issues, query.limit)
        return ResearchPacket(
            query=query, hits=chosen, corpus_version=self._corpus.version, searched=searched
        )

    def _fill(self) -> None:
        # One thread: the order of documents, and so the last digit of a score, is the same in every run.
        writer = self._index.writer(heap_size=15_000_000, num_threads=1)
        for position, authority in enumerate(self._corpus.authorities):
            document = tantivy.Document()
            document.add_unsigned("position", position)
            document.add_text("jurisdiction", authority.jurisdiction)
            document.add_text("text", self._indexed_text(authority))
            for topic in authority.topics:
                document.add_text("topic", topic)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def _indexed_text(self, authority: Authority) -> str:
        topics = [self._corpus.topics[id_] for id_ in authority.topics]
        words = [word for topic in topics for word in (topic.label, *topic.words)]
        return "\n".join((authority.statement, authority.citation or "", *words))

    def _hits(self, query: ResearchQuery, searched: Sequence[str]) -> list[Hit]:
        searcher = self._index.searcher()
        found = searcher.search(self._tantivy_query(query, searched), limit=len(self._corpus.authorities))
        hits = []
        for score, address in found.hits:
            authority = self._corpus.authorities[searcher.doc(address)["position"][0]]
            hits.append(
                Hit(authority=authority, score=round(score * weight_of(authority.jurisdiction, query), 4))
            )
        return hits

    def _tantivy_query(self, query: ResearchQuery, searched: Sequence[str]) -> tantivy.Query:
        clauses = [(tantivy.Occur.Must, self._one_of("jurisdiction", searched))]
        terms = self._terms(query)
        wanted: list[tuple[tantivy.Occur, tantivy.Query]] = []
        if query.issues:
            wanted.append((tantivy.Occur.Should, self._one_of("topic", query.issues)))
        wanted += [(tantivy.Occur.Should, self._term(term)) for term in self._stems(query.words)]
        if wanted:
            must = tantivy.Query.const_score_query(tantivy.Query.boolean_query(wanted), 0.0)
            clauses.append((tantivy.Occur.Must, must))
        clauses += [(tantivy.Occur.Should, self._term(term)) for term in terms]
        return tantivy.Query.boolean_query(clauses)

    def _terms(self, query: ResearchQuery) -> list[str]:
        """Return the stems to score by: of the issues' labels and synonyms, then of the query's own words."""
        topics = [self._corpus.topics[issue] for issue in query.issues if issue in self._corpus.topics]
        of_issues = " ".join(word for topic in topics for word in (topic.label, *topic.words))
        return list(dict.fromkeys((*self._analyzer.analyze(of_issues), *self._stems(query.words))))

    def _stems(self, words: str) -> list[str]:
        plain = re.sub(r"[^\w.-]+", " ", words[:MAX_WORDS_CHARS].encode(errors="replace").decode())
        return list(dict.fromkeys(self._analyzer.analyze(plain)))[:MAX_TERMS]

    def _term(self, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "text", stem)

    def _one_of(self, field: str, values: Iterable[str]) -> tantivy.Query:
        return tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, field, list(values)), 0.0
        )


def _usable(authority: Authority, query: ResearchQuery) -> bool:
    applies = not query.families or bears_on(authority, query.families)
    return applies and authority.confidence != "?" and in_force(authority, query.as_of)


def weight_of(jurisdiction: str, query: ResearchQuery) -> float:
    """Return what the score of a body of law is multiplied by."""
    if jurisdiction == query.jurisdiction:
        return OWN_LAW
    return PRACTICE if jurisdiction == "GENERAL" else SHARED_LAW


def _cover_issues(ranked: Sequence[Hit], issues: Sequence[str], limit: int) -> tuple[Hit, ...]:
    """Return at most `limit` hits in their order: the best of each issue, in the issues' order, then the best left."""
    first = [next((hit for hit in ranked if issue in hit.authority.topics), None) for issue in issues]
    wanted = dict.fromkeys(hit.authority.id for hit in (*first, *ranked) if hit)
    chosen = set(list(wanted)[: max(limit, 0)])
    return tuple(hit for hit in ranked if hit.authority.id in chosen)


def analyzer() -> tantivy.TextAnalyzer:
    """Return what makes words into the stems that are searched."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(40),
        tantivy.Filter.lowercase(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("position", stored=True)
    builder.add_text_field("jurisdiction", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("topic", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=TOKENIZER, index_option="freq")
    return builder.build()
