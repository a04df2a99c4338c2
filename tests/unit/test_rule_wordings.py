"""The same law in other words: rules hold for the ways in which contracts really write."""

import datetime

import pytest

from actors.domain.corpus import load_corpus
from actors.domain.rules.checking import check_document
from actors.domain.rules.rule import applicable

AS_OF = datetime.date(2026, 11, 22)


def severities(rule: str, family: str, jurisdiction: str, text: str) -> list[str]:
    """Return the severities of what one rule says of a text."""
    report = check_document(applicable(load_corpus(), (family,), jurisdiction, AS_OF), text, None)
    return [found.severity for found in report.findings if found.check == rule]


@pytest.mark.parametrize(
    "text",
    [
        "This Agreement can be changed only in a writing that both parties sign.",
        "No change to this Agreement binds unless both parties sign it.",
        "Only a document that both parties sign changes this Agreement.",
        "This Agreement may be modified or amended by a written instrument executed by the parties.",
        "These terms may not be altered orally.",
        "No variation shall be effective unless made in writing and signed by or on behalf of each party.",
    ],
)
@pytest.mark.parametrize(("rule", "jurisdiction"), [("uk-nom", "UK-EW"), ("ny-15-301", "US-NY")])
def test_a_bar_on_oral_changes_is_known_in_any_words(rule: str, jurisdiction: str, text: str) -> None:
    assert severities(rule, "services", jurisdiction, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Provider may change the Service on written notice to the Client.",
        "The parties may vary the timetable. The Client gives written instructions.",
        "Provider may change its prices if it sends a signed letter.",
    ],
)
@pytest.mark.parametrize(("rule", "jurisdiction"), [("uk-nom", "UK-EW"), ("ny-15-301", "US-NY")])
def test_a_change_of_something_else_is_no_bar_on_oral_changes(
    rule: str, jurisdiction: str, text: str
) -> None:
    assert severities(rule, "services", jurisdiction, text) == ["info"]


@pytest.mark.parametrize(
    "text",
    [
        "This is the entire agreement; neither party relies on any other statement.",
        "This is the entire agreement. Neither party has relied, or relies, on a statement outside it.",
        "This is the entire agreement. Client acknowledges that it is not relying upon any representation.",
        "This is the entire agreement, and each party relies only on what it says.",
        "This is the entire agreement, signed without reliance on any promise outside it.",
    ],
)
def test_a_disclaimer_of_reliance_is_known_in_any_words(text: str) -> None:
    assert severities("tx-cowboy", "services", "US-TX", text) == []


def test_reliance_itself_is_no_disclaimer() -> None:
    text = "This is the entire agreement. Client relies on the statements of Provider."

    assert severities("tx-cowboy", "services", "US-TX", text) == ["info"]


@pytest.mark.parametrize(
    "text",
    [
        "NOTHING IN THIS SECTION REQUIRES A PARTY TO INDEMNIFY THE OTHER FOR THE OTHER'S OWN NEGLIGENCE.",
        "NEITHER PARTY IS REQUIRED TO INDEMNIFY THE OTHER FOR ITS OWN NEGLIGENCE.",
        "A party is under no duty to indemnify the other against the other's own negligence.",
        "Provider shall indemnify Client for claims to the extent caused by Provider's own negligence.",
    ],
)
def test_a_refusal_to_shift_negligence_shifts_none(text: str) -> None:
    assert severities("tx-fairnotice", "services", "US-TX", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Client shall indemnify Provider against Provider's own negligence.",
        "The loss may be caused by the sole negligence of Provider, and Client shall hold Provider harmless.",
    ],
)
def test_a_shift_of_negligence_must_be_conspicuous(text: str) -> None:
    assert severities("tx-fairnotice", "services", "US-TX", text) == ["warning"]


@pytest.mark.parametrize(
    ("rule", "jurisdiction"), [("ca-1102-5", "US-CA"), ("ny-740", "US-NY"), ("fed-sec-21f17", "US-DE")]
)
def test_a_notice_of_immunity_silences_nobody(rule: str, jurisdiction: str) -> None:
    notice = (
        "An individual shall not be held criminally or civilly liable under any trade secret law for disclosing a "
        "trade secret in confidence to a government official solely to report a suspected violation of law."
    )

    assert "error" not in severities(rule, "employment", jurisdiction, notice)
    assert "error" in severities(
        rule,
        "employment",
        jurisdiction,
        "Employee shall not report violations of law to any government agency.",
    )


def test_a_claim_filed_with_the_other_side_is_no_suit() -> None:
    claim = "Claims must be filed in writing with Transporter within one year after delivery."
    suit = "Any suit must be filed within one year after delivery."

    assert severities("tx-16070", "services", "US-TX", claim) == []
    assert severities("tx-16070", "services", "US-TX", suit) == ["error"]


def test_an_individual_who_may_report_is_not_yet_a_party() -> None:
    secrecy = "Each party shall not disclose Confidential Information."
    companies = (
        f"Between Acme, Inc. and Beta LLC. {secrecy} Nothing keeps an individual from reporting crimes."
    )
    person = f"Between Acme, Inc. and Jane Smith, an individual. {secrecy}"

    assert severities("fed-dtsa-notice", "nda", "US-DE", companies) == []
    assert severities("fed-dtsa-notice", "nda", "US-DE", person) == ["warning"]


@pytest.mark.parametrize(
    "place", ["Accepted: ____________________ Joel Kaplan", "Agreed and accepted by: Joel Kaplan", "By: Joel"]
)
def test_a_place_for_signatures_is_known_in_any_form(place: str) -> None:
    assert severities("de-2714", "employment", "US-DE", f"You will work for us.\n\n{place}") == []


def test_an_exception_for_negligence_holds_for_gross_negligence() -> None:
    text = "Owner shall not be liable for damage, except to the extent caused by the negligence of Owner."

    assert severities("ny-sommer", "lease", "US-NY", text) == []
    assert severities("ny-sommer", "lease", "US-NY", "Owner shall not be liable for damage.") == ["warning"]
