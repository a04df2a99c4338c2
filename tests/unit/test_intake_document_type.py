"""Which document a message asks for, and how it is refused when it asks for none."""

import pytest

from actors.domain.intake.document_type import find_type
from actors.domain.library import DocumentType, load_type, type_ids
from actors.errors import (
    InvalidInputError,
    UnclearRequestError,
    UnknownDocumentTypeError,
    UnknownJurisdictionError,
)
from tests.unit.intake_reading import TODAY, read


def chosen(message: str) -> str:
    return find_type(message, [load_type(type_id) for type_id in type_ids()]).document_type.id


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Create a service agreement", "services"),
        ("NDAs please", "nda_mutual"),
        ("draft a Non Disclosure Agreement", "nda_mutual"),
        ("a nondisclosure agreement", "nda_mutual"),
        ("an NDA that is one-way", "nda_one_way"),
        ("a mutual NDA, not a one-way one", "nda_mutual"),
        ("NDA between Acme and Jane Roe, an individual", "nda_mutual"),
        ("Services agreement: the provider hosts, the customer pays", "services"),
        ("I need a mutual NDA before we negotiate a master services agreement", "nda_mutual"),
        ("Draft a lease for the office where our employment agreements are kept", "lease"),
        ("Could we get an independent contractor agreement?", "contractor"),
        ("What I need is an employment contract", "employment"),
        ("Draft an end-user license agreement", "license"),
        ("software-as-a-service agreement", "saas"),
    ],
)
def test_the_document_is_the_one_that_the_request_leads_with(message: str, expected: str) -> None:
    assert chosen(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "what is the weather",
        "tell me about contract law",
        "Is an NDA enforceable?",
        "how long is a lease",
        "x",
        "🙂",
    ],
)
def test_a_message_that_asks_for_no_document_is_refused_with_what_there_is(message: str) -> None:
    with pytest.raises(InvalidInputError, match="asks for no document") as raised:
        read(message)

    assert "Services Agreement" in raised.value.reason


def test_a_contract_of_no_kind_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="which kind of document"):
        read("draft a contract between A and B")


@pytest.mark.parametrize(
    ("message", "given"),
    [
        ("draft a will for my aunt", "will"),
        ("write me a poem", "poem"),
        ("I want a prenuptial agreement", "prenuptial agreement"),
    ],
)
def test_a_kind_that_no_file_describes_is_named_in_the_refusal(message: str, given: str) -> None:
    with pytest.raises(UnclearRequestError) as raised:
        read(message)

    assert raised.value.field == "type"
    assert f"there is no document type {given!r}; nearest: " in raised.value.reason


@pytest.mark.parametrize("given", ["nda_mutual", "NDA-mutual", "Mutual NDA", "nda"])
def test_an_option_names_the_type_and_wins(given: str) -> None:
    assert read("services agreement between Acme and Beta", task_type=given).matter.task_type == "nda_mutual"


def test_with_the_type_given_the_message_need_not_name_it() -> None:
    matter = read("between Acme and Beta for two years", task_type="nda_mutual").matter

    assert [party.name for party in matter.parties] == ["Acme", "Beta"]


def test_an_unknown_option_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownDocumentTypeError) as raised:
        read("draft it", task_type="nda_mutaul")

    assert raised.value.known[0] == "nda_mutual"


def test_the_place_of_an_option_wins_over_the_message_and_the_user_is_told() -> None:
    understanding = read("NDA under Texas law", jurisdiction="ca")

    assert understanding.matter.jurisdiction == "US-CA"
    assert any("Texas" in notice for notice in understanding.notices)


def test_a_real_place_without_rules_is_kept_and_a_false_one_refused() -> None:
    matter = read("NDA", jurisdiction="Ohio").matter

    assert (matter.jurisdiction, matter.jurisdiction_named) == (None, "Ohio")
    with pytest.raises(UnknownJurisdictionError):
        read("NDA", jurisdiction="Atlantis")


def test_the_day_is_handed_through() -> None:
    assert read("NDA").matter.as_of == TODAY


NINTH = DocumentType.model_validate(
    {
        "id": "boat_charter",
        "title": "Boat Charter",
        "summary": "An owner lets a boat to a charterer.",
        "families": ["charter"],
        "names": ["boat charter", "charter agreement", "yacht charter"],
        "issues": [],
        "roles": [
            {"id": "shipowner", "label": "Shipowner", "cues": ["shipowner", "charters out to"]},
            {"id": "charterer", "label": "Charterer", "cues": ["charterer"]},
        ],
        "facts": [
            {
                "id": "boat",
                "kind": "text",
                "label": "Boat",
                "question": "Which?",
                "cues": ["charter of", "boat:"],
            },
            {
                "id": "hire",
                "kind": "money",
                "label": "Hire",
                "question": "How much?",
                "cues": ["hire"],
                "primary": True,
            },
            {"id": "days", "kind": "duration", "label": "Days", "question": "How long?", "primary": True},
            {
                "id": "crewed",
                "kind": "boolean",
                "label": "Crewed",
                "question": "With crew?",
                "cues": ["crewed"],
            },
            {
                "id": "fuel",
                "kind": "choice",
                "label": "Fuel",
                "question": "Who pays?",
                "choices": ["wet", "dry"],
            },
        ],
        "options": [{"id": "skipper", "label": "Skipper", "cues": ["skipper"]}],
        "sections": [],
    }
)


def test_a_ninth_type_costs_a_file_and_no_code() -> None:
    from actors.domain.intake.facts import TypedFacts
    from actors.domain.intake.understand import understand_as

    message = (
        "Draft a yacht charter, Poseidon Ltd as shipowner and Jane Roe as charterer, boat: the Argo, 10 days, dry, "
        "$9,000, non-crewed, with a skipper, charterer-friendly, Florida law"
    )
    matter = understand_as(
        message, find_type(message, [NINTH]), law=None, typed=TypedFacts(), as_of=TODAY
    ).matter

    assert [(party.role, party.name) for party in matter.parties] == [
        ("shipowner", "Poseidon Ltd"),
        ("charterer", "Jane Roe"),
    ]
    assert matter.jurisdiction_named == "Florida"
    assert matter.facts.keys() == {"boat", "hire", "days", "crewed", "fuel"}
    assert (matter.facts["boat"], matter.facts["crewed"], matter.facts["fuel"]) == ("the Argo", False, "dry")
    assert (matter.requests, matter.stance) == (("skipper",), "charterer")
