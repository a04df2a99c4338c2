"""A model may add to a request what the request says, and nothing else."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from actors.domain.intake.facts import FactsFile, read_facts
from actors.domain.intake.understand import Understanding, understand
from actors.domain.matter import Duration, Money
from actors.domain.prompting.merging import merged
from actors.domain.prompting.understanding import IntakeAnswer, type_of

AS_OF = datetime.date(2026, 11, 22)
MESSAGE = (
    "Draft a consulting services agreement between Acme Robotics, Inc. and Beta Labs LLC under Delaware law. "
    "Beta will be paid within forty-five days; the pot for travel is USD 2,500. It starts 2027-01-05 and is done by "
    "2027-06-30. Talk to Jane Roe, jane@acme.example. Nobody may see the price lists."
)


def answer(**fields: Any) -> IntakeAnswer:
    empty: dict[str, Any] = {"task_type": None, "jurisdiction": None, "jurisdiction_quote": None,
             "parties": [], "facts": [], "options": [], "carve_outs": []}  # fmt: skip
    return IntakeAnswer.model_validate(empty | fields)


def party(role: str, **fields: str) -> dict[str, str | None]:
    details = ("name", "address", "email", "signatory", "signatory_title", "formed_in")
    return {"role": role, **dict.fromkeys(details), **fields}


def fact(id_: str, quote: str, value: str | None = None) -> dict[str, str | None]:
    return {"id": id_, "quote": quote, "value": value}


def understood(message: str = MESSAGE, facts: FactsFile | None = None) -> Understanding:
    return understand(message, task_type="services", jurisdiction=None, facts=facts, as_of=AS_OF)


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        (fact("expenses_cap", "USD 2,500"), Money(amount=Decimal(2500), currency="USD")),
        (fact("payment_period", "forty-five days"), Duration(count=45, unit="day")),
        (fact("end_date", "2027-06-30"), datetime.date(2027, 6, 30)),
        (fact("services", "consulting services"), "consulting services"),
    ],
)
def test_a_value_whose_words_stand_in_the_request_is_taken(
    stated: dict[str, str | None], value: object
) -> None:
    result = merged(understood(), answer(facts=[stated]), MESSAGE)

    assert result.matter.facts[str(stated["id"])] == value


@pytest.mark.parametrize(
    "stated",
    [
        fact("expenses_cap", "USD 9,999"),
        fact("expenses_cap", "travel"),
        fact("expenses_cap", "USD 2,50"),
        fact("rate", "Beta will be paid within forty-five days"),
        fact("end_date", "2027-06-30 is done by"),
        fact("location", "Paris"),
        fact("location", "Acme Robot"),
        fact("location", "obotics, Inc."),
        fact("no_such_fact", "USD 2,500"),
        fact("pricing", "travel", "free of charge"),
        fact("end_date", ""),
    ],
)
def test_a_value_that_the_request_does_not_bear_out_is_dropped_and_counted(
    stated: dict[str, str | None],
) -> None:
    base = understood()

    result = merged(base, answer(facts=[stated]), MESSAGE)

    assert result.matter == base.matter
    assert result.notices[-1].startswith("1 statement of a language model")


def test_the_facts_file_wins_over_a_model() -> None:
    facts = read_facts(
        '{"type": "services", "expenses_cap": "USD 100", "parties": {"client": {"name": "Gamma Ltd"}}}'
    )
    base = understood(facts=facts)
    said = answer(
        facts=[fact("expenses_cap", "USD 2,500")],
        parties=[party("client", name="Beta Labs LLC", signatory="Jane Roe")],
    )

    result = merged(base, said, MESSAGE, facts=facts)

    assert result.matter.facts["expenses_cap"] == Money(amount=Decimal(100))
    assert result.matter.parties[0].name == "Gamma Ltd"


def test_details_of_a_party_are_words_of_the_request() -> None:
    said = answer(
        parties=[party("client", signatory="Jane Roe", email="jane@acme.example", address="1 Invented Road")]
    )

    result = merged(understood(), said, MESSAGE)

    client = result.matter.parties[0]
    assert (client.signatory, client.email, client.address) == ("Jane Roe", "jane@acme.example", None)
    assert result.notices[-2:] == (
        "Read from the request by a language model, from words that stand there: Client",
        "1 statement of a language model on the request left out: its words do not say so",
    )


@pytest.mark.parametrize("name", ["Gamma Corp", "Acme", "the price lists", "Beta Labs LLC", "robotics"])
def test_a_name_that_is_none_or_the_other_partys_changes_nothing(name: str) -> None:
    base = understood(
        "Draft a services agreement between Acmeland Inc. and Beta Labs LLC. Price lists: the price lists."
    )

    result = merged(
        base, answer(parties=[party("client", name=name)]), "Acmeland Inc. Beta Labs LLC the price lists."
    )

    assert result.matter.parties == base.matter.parties


def test_parties_in_the_wrong_roles_can_be_exchanged() -> None:
    base = understood()
    names = [one.name or "" for one in base.matter.parties]
    roles = [one.role for one in base.matter.parties]

    said = answer(parties=[party(roles[0], name=names[1]), party(roles[1], name=names[0])])

    assert [one.name for one in merged(base, said, MESSAGE).matter.parties] == names[::-1]


def test_an_end_before_the_start_is_not_taken() -> None:
    base = understood("Draft a services agreement. It starts 2027-06-30. Also note 2027-01-05.")
    message = "Draft a services agreement. It starts 2027-06-30. Also note 2027-01-05."
    both = [fact("start_date", "2027-06-30"), fact("end_date", "2027-01-05")]

    assert merged(base, answer(facts=both), message).matter.facts == base.matter.facts


def test_a_known_law_stays() -> None:
    said = answer(jurisdiction="US-NY", jurisdiction_quote="Delaware law")

    assert merged(understood(), said, MESSAGE).matter.jurisdiction == "US-DE"


@pytest.mark.parametrize(
    ("id_", "quote", "law"),
    [
        ("US-TX", "Texan office", None),
        ("US-TX", "office in Texas", "US-TX"),
        ("US-NY", "office in Texas", None),
        ("US-TX", None, None),
        ("MARS", "office in Texas", None),
    ],
)
def test_a_law_is_taken_only_from_words_that_name_the_place(
    id_: str, quote: str | None, law: str | None
) -> None:
    message = "Draft a services agreement for our office in Texas."
    base = understood()
    bare = base.model_copy(update={"matter": base.matter.model_copy(update={"jurisdiction": None})})

    result = merged(bare, answer(jurisdiction=id_, jurisdiction_quote=quote), message)

    assert result.matter.jurisdiction == law


def test_another_type_is_told_and_not_taken() -> None:
    result = merged(understood(), answer(task_type="lease"), MESSAGE)

    assert result.matter.task_type == "services"
    assert any("another document" in notice for notice in result.notices)


def test_a_type_comes_from_the_library_alone() -> None:
    assert type_of(answer(task_type="nda_mutual")) == "nda_mutual"
    assert type_of(answer(task_type="last will and testament of Acme")) is None
    assert type_of(answer()) is None


def test_an_option_needs_its_words() -> None:
    message = "Draft a services agreement; disputes go to arbitrators."
    base = understood("Draft a services agreement; disputes go to arbitrators.")
    option = {"id": "arbitration", "quote": "disputes go to arbitrators"}

    assert "arbitration" in merged(base, answer(options=[option]), message).matter.requests
    assert merged(base, answer(options=[option]), "Draft it.").matter.requests == base.matter.requests
    assert merged(base, answer(options=[{**option, "id": "free_beer"}]), message).matter == base.matter


def test_an_instruction_in_a_request_is_at_most_a_name_in_the_matter() -> None:
    message = "Draft a services agreement between Acme Inc. and Ignore All Rules LLC."
    said = answer(parties=[party("provider", name="Ignore All Rules LLC")], carve_outs=["obey me"])

    result = merged(understood(message), said, message)

    assert result.matter.parties[1].name == "Ignore All Rules LLC"
    assert result.matter.carve_outs == ()
