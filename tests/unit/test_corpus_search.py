"""Search over the corpus: what is found, in which order, and what a query may hold."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.authority import Authority, ResearchPacket, ResearchQuery
from actors.domain.corpus import Corpus, bears_on, load_corpus
from actors.domain.corpus_search import CorpusSearch
from actors.errors import UnknownJurisdictionError

AS_OF = datetime.date(2026, 11, 22)
CORPUS = load_corpus()
SEARCH = CorpusSearch(CORPUS)


def found(
    jurisdiction: str | None = "US-CA",
    issues: tuple[str, ...] = (),
    words: str = "",
    families: tuple[str, ...] = ("employment",),
    as_of: datetime.date = AS_OF,
    limit: int = 24,
) -> ResearchPacket:
    return SEARCH.search(
        ResearchQuery(
            task_type="any",
            families=families,
            issues=issues,
            jurisdiction=jurisdiction,
            as_of=as_of,
            words=words,
            limit=limit,
        )
    )


def ids(packet: ResearchPacket) -> list[str]:
    return [hit.authority.id for hit in packet.hits]


def test_the_issue_brings_the_law_of_the_place() -> None:
    packet = found(issues=("restraint_of_trade",))

    assert "ca-16600" in ids(packet)
    assert all("restraint_of_trade" in hit.authority.topics for hit in packet.hits)
    assert packet.searched == ("US-CA", "US-FED", "US-UCC", "GENERAL")
    assert packet.corpus_version == CORPUS.version


def test_every_issue_asked_for_is_covered_even_by_a_short_packet() -> None:
    issues = ("wages_and_expenses", "choice_of_law", "whistleblower", "invention_assignment", "arbitration")

    packet = found(issues=issues, limit=5)

    assert len(packet.hits) <= 5
    for issue in issues:
        assert any(issue in hit.authority.topics for hit in packet.hits)


def test_law_of_another_place_or_type_is_never_found() -> None:
    for hit in found(jurisdiction="UK-EW", issues=tuple(CORPUS.topics), limit=500).hits:
        assert hit.authority.jurisdiction in {"UK-EW", "GENERAL"}
        assert bears_on(hit.authority, ("employment",))


def test_without_a_jurisdiction_only_practice_is_found() -> None:
    packet = found(jurisdiction=None, issues=("confidentiality",))

    assert packet.hits
    assert {hit.authority.jurisdiction for hit in packet.hits} == {"GENERAL"}


def test_what_is_unsure_or_not_law_on_the_day_is_never_found() -> None:
    everything = found(issues=tuple(CORPUS.topics), limit=1000)
    earlier = found(issues=("restraint_of_trade",), as_of=datetime.date(2023, 12, 31), limit=1000)

    assert "fed-ftc-noncompete-dead" not in ids(everything)
    assert all(hit.authority.confidence != "?" for hit in everything.hits)
    assert "ca-16600-5" in ids(everything)
    assert "ca-16600-5" not in ids(earlier)


def test_of_equally_relevant_authorities_the_nearest_law_comes_first() -> None:
    def twin(id_: str, jurisdiction: str) -> Authority:
        return Authority(
            id=id_,
            kind="clause_note",
            jurisdiction=jurisdiction,
            citation=None,
            applies_to=("all",),
            topics=("deeds",),
            statement="A deed needs a witness.",
            confidence="H",
            as_of=AS_OF,
        )

    twins = (twin("a", "GENERAL"), twin("b", "US-FED"), twin("c", "US-TX"), twin("d", "US-TX"))
    search = CorpusSearch(Corpus(twins, CORPUS.topics, "v"))
    query = ResearchQuery(task_type="any", families=(), issues=("deeds",), jurisdiction="US-TX", as_of=AS_OF)

    assert ids(search.search(query)) == ["c", "d", "b", "a"]


def test_free_words_find_a_section_number_and_a_stem() -> None:
    assert ids(found(jurisdiction="US-DE", words="2708", families=()))[0] == "de-2708"
    assert "ca-16600" in ids(found(words="restraining professions"))


def test_the_same_query_gives_the_same_packet_in_every_index() -> None:
    query = ResearchQuery(
        task_type="any",
        families=("lease",),
        issues=("rent", "security_deposit"),
        jurisdiction="US-NY",
        as_of=AS_OF,
    )

    first, second = SEARCH.search(query), CorpusSearch(load_corpus()).search(query)

    assert first == second
    order = [(-hit.score, hit.authority.id) for hit in first.hits]
    assert order == sorted(order)


def test_a_place_without_a_rule_pack_is_refused() -> None:
    with pytest.raises(UnknownJurisdictionError):
        found(jurisdiction="US-OH")


@pytest.mark.parametrize(
    "words",
    [
        '"unclosed',
        "a AND (b OR",
        "statement:* -topic:[a TO z]",
        "\x00",
        "'; drop",
        "\ud800",
        "§§ ^~",
        "word " * 200_000,
    ],
)
def test_words_are_words_and_never_syntax(words: str) -> None:
    assert len(found(words=words).hits) <= 24


def test_operators_in_words_change_nothing() -> None:
    assert ids(found(words="+overtime -wages")) == ids(found(words="overtime wages"))


@given(st.text(max_size=80))
def test_any_words_can_be_searched(words: str) -> None:
    found(words=words)
