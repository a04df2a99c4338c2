"""Nobody loses what they asked for in silence: an option changes the text, or validation says why it does not."""

import pytest

from actors.domain.assembly import body_of
from actors.domain.corpus import load_corpus
from actors.domain.library import load_type, type_ids
from actors.domain.matter import Matter
from actors.domain.rules.checking import check_document
from actors.domain.rules.rule import applicable
from tests.documents.library_documents import AS_OF, JURISDICTIONS, draft, every_fact, matter_for

CASES = [
    (type_id, jurisdiction, option.id)
    for type_id in type_ids()
    for jurisdiction in JURISDICTIONS
    for option in load_type(type_id).options
]
LEFT_OUT = [
    ("employment", "US-CA", "non_compete", "ca-16600"),
    ("employment", "US-CA", "non_solicitation", "ca-16600"),
    ("contractor", "US-CA", "non_solicitation", "ca-16600"),
    ("services", "US-CA", "non_solicitation", "ca-16600"),
    ("nda_mutual", "US-CA", "non_solicitation", "ca-16600"),
    ("nda_one_way", "US-CA", "non_circumvention", "ca-16600"),
    ("services", "US-CA", "jury_waiver", "ca-jury"),
    ("services", "UK-EW", "jury_waiver", "uk-sca69"),
    ("employment", "UK-EW", "arbitration", "uk-era203"),
]


def told(matter: Matter) -> list[str]:
    """Return the ids of the rules that say of an option that it was asked for and left out."""
    rules = applicable(load_corpus(), load_type(matter.task_type).families, matter.jurisdiction, AS_OF)
    report = check_document(rules, body_of(draft(matter).sections), matter, matter.requests)
    return [found.check for found in report.findings if "asked for" in found.message]


@pytest.mark.parametrize(("type_id", "jurisdiction", "option"), CASES)
def test_an_option_changes_the_text_or_is_told(type_id: str, jurisdiction: str | None, option: str) -> None:
    for individual in (None, load_type(type_id).roles[-1].id):
        plain = draft(matter_for(type_id, jurisdiction, individual=individual))
        asked = matter_for(type_id, jurisdiction, requests=(option,), individual=individual)

        assert draft(asked).text != plain.text or told(asked)


@pytest.mark.parametrize(("type_id", "jurisdiction", "option"), CASES)
def test_an_option_is_not_lost_among_other_facts_and_options(
    type_id: str, jurisdiction: str | None, option: str
) -> None:
    others = tuple(other.id for other in load_type(type_id).options if other.id != option)
    facts = {} if option == "rent_review" else every_fact(type_id)
    facts |= {"rent_increase": every_fact(type_id)["rent_increase"]} if option == "rent_review" else {}
    asked = matter_for(type_id, jurisdiction, facts=facts, requests=(*others, option))
    kept = matter_for(type_id, jurisdiction, facts=facts, requests=others)

    stands_by_its_facts = option in {"renewal", "early_termination", "insurance"}
    assert stands_by_its_facts or draft(asked).text != draft(kept).text or told(asked)


@pytest.mark.parametrize(("type_id", "jurisdiction", "option", "rule"), LEFT_OUT)
def test_what_the_law_leaves_out_is_told_with_its_authority(
    type_id: str, jurisdiction: str, option: str, rule: str
) -> None:
    asked = matter_for(type_id, jurisdiction, requests=(option,))

    assert told(asked) == [rule]
    assert told(matter_for(type_id, jurisdiction)) == []


def test_an_option_that_starts_with_a_vowel_is_told_in_good_english() -> None:
    asked = matter_for("employment", "UK-EW", requests=("arbitration",))
    rules = applicable(load_corpus(), ("employment",), "UK-EW", AS_OF)
    report = check_document(rules, body_of(draft(asked).sections), asked, asked.requests)

    assert any("asked for an arbitration clause" in found.message for found in report.findings)
