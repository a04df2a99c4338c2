"""Names come out as written; what is said of a party stays with it."""

# ruff: noqa: E501 (requests and files stand on one line)

import pytest

from actors.domain.matter import Party
from actors.errors import InvalidInputError
from tests.unit.intake_reading import read


def parties(message: str, task_type: str | None = None) -> dict[str, Party]:
    return {party.role: party for party in read(message, task_type=task_type).matter.parties}


@pytest.mark.parametrize(
    "name",
    [
        "Acme Robotics, Inc.",
        "Smith & Jones LLP",
        "A & B <Ltd>",
        "{{7*7}}",
        "{% for x in y %}",
        "O'Brien & Sons Ltd",
        "Müller GmbH & Co. KG",
        "Ferrari S.p.A.",
        "Société Générale SA",
        "株式会社トヨタ",
        "ООО Ромашка",
        "Bank of America, N.A.",
        "Dr. Jane Q. Public",
        "St. Mary's Hospital",
        "Ludwig van Beethoven",
        "van der Berg BV",
        "Jean-Luc Picard",
        "3M Company",
        "7-Eleven, Inc.",
        "eBay Inc",
        "Acme Co., Ltd.",
        "Foo (UK) Ltd",
        "OpenAI, L.P.",
        "Ćevapi d.o.o.",
        "Al-Rashid Trading Co.",
        "the_underscore Ltd",
        "Acme  Double  Space Inc.",
    ],
)
def test_a_name_comes_out_exactly_as_written(name: str) -> None:
    both = parties(f"Draft an NDA between {name} and Zeta Widgets plc, under Delaware law")
    other_way = parties(f"Draft an NDA between Zeta Widgets plc and {name} under Delaware law, for two years")

    assert both["first"].name == name
    assert other_way["second"].name == name


@pytest.mark.parametrize(
    ("message", "first", "second"),
    [
        ('NDA between "Foo, Bar and Baz" and “Quux”', "Foo, Bar and Baz", "Quux"),
        ("NDA between Smith and Sons Ltd and Beta", "Smith and Sons Ltd", "Beta"),
        ("NDA between Smith and Jones LLP and Beta Inc.", "Smith and Jones LLP", "Beta Inc."),
        ("NDA between Acme Inc.\nand\nBeta LLC.", "Acme Inc.", "Beta LLC"),
        ("NDA between Acme, and Beta; keep it short", "Acme", "Beta"),
        ("NDA by and between Acme (the “Company”) and Beta (“Beta”).", "Acme", "Beta"),
        ("NDA between Acme and Beta and use Delaware law", "Acme", "Beta"),
        ("NDA between Acme and Beta and Delaware law applies", "Acme", "Beta"),
        ("NDA with parties: Acme Inc., Beta LLC", "Acme Inc.", "Beta LLC"),
        ("NDA between my company and a contractor", None, None),
        ("NDA between us and Beta LLC", None, "Beta LLC"),
        ("NDA between two companies", None, None),
        ('NDA between "Acme" and " "', "Acme", None),
        ("NDA for Project Phoenix between Acme and Beta", "Acme", "Beta"),
        ("NDA about Python development", None, None),
        ("NDA to discuss AI in May 2027 under California law", None, None),
    ],
)
def test_names_end_where_the_request_goes_on(message: str, first: str | None, second: str | None) -> None:
    found = parties(message)

    assert (found["first"].name, found["second"].name) == (first, second)


@pytest.mark.parametrize(
    ("words", "kind", "place"),
    [
        ("Acme Inc.", "corporation", None),
        ("Acme Corp", "corporation", None),
        ("Acme LLC", "llc", None),
        ("Acme LLP", "llp", None),
        ("Acme LP", "limited_partnership", None),
        ("Acme Limited", "limited_company", None),
        ("Acme Ltd", "limited_company", None),
        ("Acme plc", "public_limited_company", None),
        ("Acme", None, None),
        ("Acme, a Delaware corporation", "corporation", "Delaware"),
        ("Acme (a Texas limited liability company)", "llc", "Texas"),
        ("Acme LLC, a Delaware company", "llc", "Delaware"),
        ("Acme, an English limited company", "limited_company", "England and Wales"),
        ("Acme plc, incorporated in England", "public_limited_company", "England"),
        ("Acme, a company incorporated under the laws of the State of New York", "other", "New York"),
        ("Acme, a nonprofit corporation", "nonprofit", None),
        ("Jane Roe, an individual", "individual", None),
        ("Jane Roe, a natural person", "individual", None),
    ],
)
def test_the_kind_of_entity_is_read_and_its_home_only_where_stated(
    words: str, kind: str | None, place: str | None
) -> None:
    found = parties(f"NDA between {words}, and Zeta GmbH, under California law")["first"]

    assert (found.entity_kind, found.formed_in) == (kind, place)


def test_address_e_mail_and_signatory_stay_with_their_party() -> None:
    found = parties(
        "NDA between Acme Inc., of 1 Main Street, Dover, DE 19901, legal@acme.example.com, signed by Jane Roe, CEO, and "
        "Beta LLC, whose address is 12 Elm St., Austin, TX 78701, represented by Bob Ray (Managing Director), for two years"
    )

    assert found["first"] == Party(
        role="first",
        name="Acme Inc.",
        entity_kind="corporation",
        address="1 Main Street, Dover, DE 19901",
        email="legal@acme.example.com",
        signatory="Jane Roe",
        signatory_title="CEO",
    )
    assert found["second"] == Party(
        role="second",
        name="Beta LLC",
        entity_kind="llc",
        address="12 Elm St., Austin, TX 78701",
        signatory="Bob Ray",
        signatory_title="Managing Director",
    )


def test_a_signatory_named_apart_goes_to_the_party_signed_for() -> None:
    found = parties("NDA between Acme Inc. and Beta Inc., to be signed by Jane Roe (CEO) for Acme")

    assert (found["first"].signatory, found["first"].signatory_title) == ("Jane Roe", "CEO")
    assert found["second"].signatory is None


def test_an_e_mail_address_that_fits_no_party_is_left_out_and_named() -> None:
    understanding = read("NDA between Acme and Beta. Write to someone@elsewhere.example")

    assert all(party.email is None for party in understanding.matter.parties)
    assert any("someone@elsewhere.example" in notice for notice in understanding.notices)


@pytest.mark.parametrize(
    "message",
    [
        "services agreement: Acme as client and Beta as provider",
        "services agreement: Beta (provider) and Acme (client)",
        "services agreement with Beta, the provider, and Acme, the client",
        "services agreement. Provider: Beta. Client: Acme.",
        "services agreement. Provider = Beta\nClient = Acme",
        "services agreement where the provider is Beta and the client is Acme",
        "Acme engages Beta under a services agreement",
        "services agreement between provider Beta and client Acme",
        "services agreement between the client, Acme, and the provider, Beta",
        'services agreement between Acme (the "Client") and Beta (hereinafter the “Provider”)',
        "services agreement between Beta and Acme. Acme is the client.",
    ],
)
def test_the_words_for_a_role_decide_who_has_it(message: str) -> None:
    found = parties(message)

    assert {role: party.name for role, party in found.items()} == {"client": "Acme", "provider": "Beta"}


def test_without_such_words_the_order_decides_and_the_user_is_told() -> None:
    understanding = read("services agreement between Acme and Beta")

    assert [party.name for party in understanding.matter.parties] == ["Acme", "Beta"]
    assert any("who is who" in notice for notice in understanding.notices)


def test_a_person_does_not_become_the_employer_of_a_company() -> None:
    found = parties("Employment agreement between Jane Doe and Acme Inc.")

    assert (found["employer"].name, found["employee"].name) == ("Acme Inc.", "Jane Doe")


def test_a_party_too_many_is_left_out_and_named() -> None:
    understanding = read("NDA between Acme Inc., Beta LLC and Gamma LLC")

    assert [party.name for party in understanding.matter.parties] == ["Acme Inc.", "Beta LLC"]
    assert any("Gamma LLC" in notice for notice in understanding.notices)


@pytest.mark.parametrize("other", ["Acme", "ACME", "Acme (the “Recipient”)"])
def test_one_name_for_both_parties_is_refused(other: str) -> None:
    with pytest.raises(InvalidInputError, match="both parties"):
        read(f"NDA between Acme and {other}")
