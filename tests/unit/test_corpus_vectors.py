"""Search by meaning over imported passages: beside search by words, never in place of it, and never in its way."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.cache_entry import CacheReply
from actors.cache_tiers import NearProvenance
from actors.corpus_store import CorpusStore, Law
from actors.corpus_vectors import MANIFEST, sidecar, write_vectors
from actors.corpus_versions import VERSIONS, open_current, prune, read_pointer
from actors.domain.authority import ResearchQuery
from actors.research import _searched_alike
from actors.retrieval.embedder import Absent, Embedder
from cluster.commands.corpus_embed import SupersededError, _telling
from tests.unit.import_origin import TODAY
from tests.unit.research_samples import PACKET
from tests.unit.test_import_store import bring

CLAUSES = (
    {"id": "bees", "text": "The lessee keeps no bees.", "jurisdiction": "US-DE"},
    {"id": "roof", "text": "Roofing stays with the lessor.", "jurisdiction": "US-TX", "families": ["lease"]},
    {"id": "hive", "text": "A hive is a box.", "status": "repealed"},
    {"id": "moon", "text": "Tides follow moonlight."},
)


class Synonyms:
    """Words of one group mean the same, all others nothing."""

    GROUPS = (("bees", "insects", "hive"), ("roofing", "shelter"), ("moonlight", "selenic"))
    dim = len(GROUPS)

    def __init__(self, id_: str = "synonyms") -> None:
        self.id = id_

    def embed_query(self, text: str) -> NDArray[np.float32]:
        words = [word.strip(".,").casefold() for word in text.split()]
        counts = [sum(word in group for word in words) for group in self.GROUPS]
        vector: NDArray[np.float32] = np.array(counts, dtype=np.float32) / max(
            1.0, float(np.linalg.norm(counts))
        )
        return vector

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] = bool
    ) -> NDArray[np.float32]:
        progress(len(texts))
        return np.array([self.embed_query(text) for text in texts], dtype=np.float32)


class Failing(Synonyms):
    """Does not work on this machine."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        raise AssertionError(text)


def embed(corpus: Path, embedder: Embedder, failing_at: int | None = None) -> Path:
    """Give the current version its vectors; return where they lie."""
    opened = open_current(corpus)
    assert opened

    def vectors(texts: Sequence[str], progress: Callable[[int, int], object]) -> NDArray[np.float32]:
        progress(len(texts), len(texts))
        if failing_at is not None:
            raise KeyboardInterrupt
        return embedder.embed_passages(texts)

    write_vectors(opened, embedder, vectors, corpus / "embedding")
    return sidecar(opened.folder, embedder.id)


def question(words: str, place: str | None = None, families: tuple[str, ...] = ()) -> ResearchQuery:
    return ResearchQuery(
        task_type="", families=families, issues=(), jurisdiction=place, as_of=TODAY, words=words, limit=9
    )


def current(corpus: Path, embedder: Embedder | Absent | None = None) -> Law:
    store = CorpusStore(corpus, lambda: embedder or Synonyms())
    return store.read_vectors(store.current())


def found(law: Law, query: ResearchQuery) -> list[str]:
    return [hit.authority.id.partition(":")[2] for hit in law.search(query).hits if ":" in hit.authority.id]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of four clauses, without vectors."""
    lines = "".join(json.dumps(clause) + "\n" for clause in CLAUSES)
    bring(tmp_path / "corpus", tmp_path / "in", {"a.jsonl": lines}, "x")
    return tmp_path / "corpus"


def test_a_question_in_other_words_finds_its_passage_and_says_how(corpus: Path) -> None:
    before = current(corpus)
    assert found(before, question("selenic")) == []
    assert (
        before.search(question("selenic")).retrieval
        == before.retrieval
        == ("lexical (the imported version has no vectors; `lexray corpus embed` computes them)")
    )

    embed(corpus, Synonyms())

    law = current(corpus)
    assert found(law, question("selenic")) == ["moon"]
    assert law.search(question("selenic")).retrieval == law.retrieval == "hybrid"


def test_what_words_and_meaning_both_find_comes_first(corpus: Path) -> None:
    embed(corpus, Synonyms())
    law = current(corpus)

    packet = law.search(question("tides insects bees"))

    assert [(hit.authority.id, hit.score) for hit in packet.hits[:2]] == [("x:bees", 0.9919), ("x:moon", 0.5)]


def test_a_question_far_from_everything_finds_nothing_by_meaning(corpus: Path) -> None:
    embed(corpus, Synonyms())
    assert found(current(corpus), question("zeppelin")) == []


def test_meaning_is_searched_in_the_law_of_the_place_alone(corpus: Path) -> None:
    embed(corpus, Synonyms())
    law = current(corpus)
    assert found(law, question("insects", "US-DE")) == ["bees"]
    assert found(law, question("insects", "US-TX")) == []


def test_repealed_passages_and_other_families_are_not_found_by_meaning(corpus: Path) -> None:
    embed(corpus, Synonyms())
    law = current(corpus)
    assert found(law, question("insects")) == ["bees"]
    assert found(law, question("shelter", families=("lease",))) == ["roof"]
    assert found(law, question("shelter", families=("nda",))) == []


def test_the_same_words_of_two_contracts_are_found_once(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": id_, "text": "The lessee keeps no bees."}) + "\n" for id_ in "ab")
    bring(tmp_path / "corpus", tmp_path / "in", {"a.jsonl": lines}, "x")
    embed(tmp_path / "corpus", Synonyms())
    assert found(current(tmp_path / "corpus"), question("insects, bees")) == ["a"]


def test_own_authorities_and_imported_passages_keep_a_third_each(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"text": f"Insects and assignment, form {n}."}) + "\n" for n in range(40))
    bring(tmp_path / "corpus", tmp_path / "in", {"a.jsonl": lines}, "x")
    embed(tmp_path / "corpus", Synonyms())

    packet = current(tmp_path / "corpus").search(question("assignment of insects"))

    assert len(packet.hits) == 9
    assert sum(":" not in hit.authority.id for hit in packet.hits) == 3


def test_the_key_of_a_question_in_words_names_the_encoder_and_a_draft_s_does_not(corpus: Path) -> None:
    words, draft = question("insects"), question("").model_copy(update={"issues": ("assignment_of_ip",)})
    lexical = current(corpus)
    embed(corpus, Synonyms())
    hybrid = current(corpus)

    assert (lexical.retriever(words), hybrid.retriever(words)) == ("", "rrf-1/synonyms")
    assert hybrid.retriever(draft) == ""
    assert hybrid.search(draft) == lexical.search(draft)
    assert hybrid.search(draft).retrieval == "lexical"


def test_vectors_that_come_later_are_noticed_by_whoever_holds_the_version(corpus: Path) -> None:
    store = CorpusStore(corpus, Synonyms)
    law = store.current()
    assert not law.has_unread_vectors()

    embed(corpus, Synonyms())

    assert law.has_unread_vectors()
    assert found(store.read_vectors(law), question("selenic")) == ["moon"]
    assert not store.current().has_unread_vectors()
    assert store.current().retrieval == "hybrid"
    assert found(law, question("selenic")) == []


def cut(folder: Path) -> None:
    file = folder / "vectors.npy"
    file.write_bytes(file.read_bytes()[:-3])


def garble(folder: Path) -> None:
    file = folder / "starts.npy"
    file.write_bytes(file.read_bytes()[:-1] + b"\x7f")


def forge(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps({**told, "version": "another"}))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "vectors.npy is damaged": cut,
    "starts.npy is damaged": garble,
    "another": forge,
    "No such file": lambda folder: (folder / "places.npy").unlink(),
    "validation error": lambda folder: (folder / MANIFEST).write_text("{"),
}


@pytest.mark.parametrize("reason", DAMAGE)
def test_broken_vectors_are_passed_over_logged_and_told(
    reason: str, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGE[reason](embed(corpus, Synonyms()))
    store = CorpusStore(corpus, Synonyms)

    law = store.read_vectors(store.current())

    assert found(law, question("no bees")) == ["bees"]
    assert law.retrieval.startswith("lexical (its vectors cannot be used: ")
    assert reason in law.retrieval or reason == "another"
    assert [record.message.partition(" ")[0] for record in caplog.records] == ["vectors_ignored"]
    assert not store.current().has_unread_vectors()

    embed(corpus, Synonyms())

    assert found(store.read_vectors(store.current()), question("selenic")) == ["moon"]


def test_vectors_of_another_encoder_are_passed_over(corpus: Path) -> None:
    embed(corpus, Synonyms("other"))
    law = current(corpus)
    assert law.retrieval == "lexical (its vectors cannot be used: they are of another encoder than synonyms)"
    assert law.retriever(question("insects")) == ""


def test_without_an_encoder_search_stands_on_words_and_says_so(corpus: Path) -> None:
    embed(corpus, Synonyms())
    assert current(corpus, Absent("no weights here")).retrieval == "lexical (no weights here)"
    failing = current(corpus, Failing())
    assert failing.retrieval == "lexical (its vectors cannot be used: the encoder failed: AssertionError)"
    assert found(failing, question("no bees")) == ["bees"]


def test_where_nothing_was_imported_search_says_so(tmp_path: Path) -> None:
    law = current(tmp_path / "corpus")
    assert law.search(question("assignment")).retrieval == "lexical (nothing was imported)"


def test_a_computation_that_was_killed_leaves_no_vectors_and_can_be_done_again(corpus: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        embed(corpus, Synonyms(), failing_at=0)

    assert (corpus / "embedding" / "vectors.npy").exists()
    assert not list((corpus / VERSIONS).glob("*/vectors-*"))
    assert current(corpus).retrieval.startswith("lexical (the imported version has no vectors")

    embed(corpus, Synonyms())

    assert found(current(corpus), question("selenic")) == ["moon"]
    assert not (corpus / "embedding").exists()


def test_a_computation_ends_where_another_version_has_come_to_count(corpus: Path, tmp_path: Path) -> None:
    opened = open_current(corpus)
    assert opened
    tell = _telling(corpus, opened)
    tell(1, 2)
    bring(corpus, tmp_path / "in", {"b.jsonl": json.dumps({"text": "Wax."})}, "x")

    with pytest.raises(SupersededError):
        tell(2, 2)


def test_vectors_go_with_their_version(corpus: Path, tmp_path: Path) -> None:
    old, folder = read_pointer(corpus), embed(corpus, Synonyms())
    bring(corpus, tmp_path / "in", {"b.jsonl": json.dumps({"text": "Wax."})}, "x")

    assert folder.exists()
    assert prune(corpus) == [old]
    assert not folder.exists()
    assert current(corpus).retrieval.startswith("lexical (the imported version has no vectors")


def test_an_answer_found_by_words_alone_does_not_answer_a_like_question_asked_by_meaning(
    corpus: Path,
) -> None:
    query = question("insects")
    lexical = current(corpus)
    embed(corpus, Synonyms())
    near = NearProvenance(
        matched_query="bees", cosine=0.99, weakest_word=0.9, guards=(), age_s=1, embedder="e"
    )
    by_words = CacheReply(packet=PACKET, source="near", near=near)
    by_meaning = by_words.model_copy(update={"packet": PACKET.model_copy(update={"retrieval": "hybrid"})})

    assert [_searched_alike(reply, query, lexical) for reply in (by_words, by_meaning)] == [True, False]
    assert [_searched_alike(reply, query, current(corpus)) for reply in (by_words, by_meaning)] == [
        False,
        True,
    ]
