"""Remarks of a model count only with words that exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.corpus import the_corpus
from actors.domain.prompting.citing import (
    CitationAnswer,
    SpokenReference,
    spoken_citations,
    spoken_references,
)
from actors.domain.prompting.json_answers import MOST_ANSWER_CHARS, read_answer
from actors.domain.prompting.quotes import place_of
from actors.domain.prompting.researching import ResearchAnswer, expanded
from actors.domain.prompting.reviewing import MOST_FINDINGS, ReviewAnswer, ReviewRemark, findings_of
from actors.domain.prompting.validating import (
    ValidationAnswer,
    ValidationRemark,
    validation_findings,
    validation_prompt,
)
from actors.domain.sections import Paragraph, Section
from actors.errors import ModelAnswerError
from tests.documents.library_documents import matter_for
from tests.unit.answered_sections import packet_for

SECTION = Section(
    index=3,
    id="care",
    kind="clause",
    number="3",
    heading="Care",
    paragraphs=(
        Paragraph(kind="clause", label="3.1", text="**Care.** The “Recipient” keeps it secret – for ever."),
        Paragraph(
            kind="clause",
            label="3.2",
            text="It follows the GDPR, 18 U.S.C. § 1836 and the rule in Hadley. A court with jurisdiction decides.",
        ),
    ),
)
TEXT = SECTION.markdown


def remark(quote: str, message: str = "Unclear.", severity: str = "warning") -> ReviewRemark:
    return ReviewRemark.model_validate({"severity": severity, "message": message, "quote": quote})


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("keeps it secret", "keeps it secret"),
        ("Care. The Recipient", None),
        ('Care. The "Recipient" keeps', "Care.** The “Recipient” keeps"),
        ("keeps\n  it   secret - for", "keeps it secret – for"),
        ("keeps it secret from all", None),
        ("Keeps It Secret", None),
        ("it", None),
        ("   ", None),
        ("x" * 5_000, None),
    ],
)  # fmt: skip
def test_a_quote_is_found_where_it_stands_and_nowhere_else(quote: str, words: str | None) -> None:
    place = place_of(quote, TEXT)

    assert (place.words if place else None) == words
    assert place is None or TEXT[place.start : place.end] == place.words


@given(st.text(min_size=1), st.integers(min_value=0), st.integers(min_value=0))
def test_whatever_is_cut_out_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    quote = text[start % len(text) :][: length % 40 + 4]

    place = place_of(quote, text)

    assert place is None or text[place.start : place.end] == place.words
    if sum(char.isalnum() for char in quote) > 4:
        assert place is not None


def test_a_remark_with_words_that_exist_is_a_finding_marked_as_a_models() -> None:
    (finding,), dropped = findings_of(ReviewAnswer(findings=(remark("keeps it secret"),)), SECTION)

    assert (finding.check, finding.section, finding.quote) == ("L1", "3", "keeps it secret")
    assert TEXT[finding.start : finding.end] == finding.quote
    assert finding.message == "Unclear. (a language model's remark)"
    assert dropped == 0


def test_remarks_without_such_words_and_repeated_ones_are_dropped_and_counted() -> None:
    answer = ReviewAnswer(
        findings=(
            remark("keeps it secret"),
            remark("keeps it secret"),
            remark("keeps it open"),
            remark("secret", ""),
        )
    )

    findings, dropped = findings_of(answer, SECTION)

    assert (len(findings), dropped) == (1, 3)


def test_a_model_makes_no_errors_and_not_too_many_remarks() -> None:
    answer = ReviewAnswer(findings=tuple(remark("secret", f"Remark {n}.", "error") for n in range(30)))

    findings, dropped = findings_of(answer, SECTION)

    assert (len(findings), dropped) == (MOST_FINDINGS, 30 - MOST_FINDINGS)
    assert {finding.severity for finding in findings} == {"warning"}
    assert len({finding.id for finding in findings}) == MOST_FINDINGS


def test_a_message_is_one_short_printable_line() -> None:
    ((finding,), _) = findings_of(
        ReviewAnswer(findings=(remark("secret", "a\n\n# b\u202e\x00" + "c" * 5_000),)), SECTION
    )

    assert finding.message.isprintable()
    assert len(finding.message) < 500


def test_a_conflict_must_name_a_statement_that_the_prompt_gave() -> None:
    hits = packet_for("nda_mutual", "US-CA").hits
    given_ = [hit.authority for hit in hits][:5]
    foreign = next(a for a in the_corpus().authorities if a not in given_)
    answer = ValidationAnswer(
        findings=tuple(
            ValidationRemark(authority_id=id_, severity="warning", message="Void.", quote=quote)
            for id_, quote in (
                (given_[1].id, "keeps it secret"),
                (foreign.id, "keeps it secret"),
                ("invented", "keeps it secret"),
                (given_[2].id, "not in the text"),
            )
        )
    )

    (finding,), dropped = validation_findings(answer, SECTION, given_)

    assert (finding.check, finding.authority_id, finding.authority) == (
        "L2",
        given_[1].id,
        given_[1].citation,
    )
    assert finding.as_of == given_[1].as_of
    assert dropped == 3
    asked = validation_prompt(matter_for("nda_mutual", "US-CA"), SECTION, given_).user
    assert given_[1].id in asked
    assert foreign.id not in asked


def test_law_in_words_is_a_citation_that_nobody_could_check() -> None:
    answer = CitationAnswer(
        passages=(
            SpokenReference(kind="case", quote="the rule in Hadley"),
            SpokenReference(kind="treaty", quote="the GDPR"),
            SpokenReference(kind="statute", quote="18 U.S.C. § 1836"),
            SpokenReference(kind="statute", quote="the Copyright Act"),
            SpokenReference(kind="other", quote="A court with jurisdiction"),
        )
    )

    passages, dropped = spoken_references(answer, SECTION)
    body = f"Before.\n\n{TEXT}"
    citations = spoken_citations(passages, body, len("Before.\n\n"))

    assert [(c.text, c.state) for c in citations] == [
        ("the GDPR", "out_of_scope"),
        ("the rule in Hadley", "not_found"),
    ]
    assert all(body[c.start : c.end] == c.text for c in citations)
    assert dropped == 3


def test_research_takes_known_issues_behind_its_own() -> None:
    query = packet_for("services", "US-DE").query
    topics = [issue for issue in the_corpus().topics if issue not in query.issues]
    answer = ResearchAnswer(issues=("Acme’s debts", *topics[:12], query.issues[0], topics[0]))

    assert expanded(query, answer).issues == (*query.issues, *topics[:8])
    assert expanded(query, answer).model_copy(update={"issues": query.issues}) == query


@pytest.mark.parametrize(
    "text",
    [
        '{"issues": ["deeds"]}',
        '```json\n{"issues": ["deeds"]}\n```',
        'Sure:\n{"issues": ["deeds"]}\nI hope this helps.',
    ],
)
def test_an_answer_is_read_out_of_what_surrounds_it(text: str) -> None:
    assert read_answer(text, ResearchAnswer, "research").issues == ("deeds",)


@pytest.mark.parametrize(
    "text",
    ["", "no", "{", '{"issues": "Acme secret"}', '{"issues": [], "Acme secret": 1}', '{"issues": ["\\ud800"]}',
     "{" * 10_000 + "}", "x" * (MOST_ANSWER_CHARS + 1), '{"issues": [{"Acme secret": NaN}]}'],
    ids=["empty", "words", "open", "kind", "extra", "surrogate", "deep", "long", "nan"],
)  # fmt: skip
def test_what_is_no_answer_is_refused_without_its_words(text: str) -> None:
    with pytest.raises(ModelAnswerError) as refused:
        read_answer(text, ResearchAnswer, "research")

    assert "secret" not in str(refused.value)
