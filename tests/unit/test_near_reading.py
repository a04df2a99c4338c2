"""Wordings of one question read the same; what asks something else does not, and the guard that says so is named."""

import pytest

from actors.domain.near.comparing import GUARDS, subject_of, vetoes
from actors.domain.near.lexicon import the_lexicon
from actors.domain.near.reading import read

SAME = [
    ("Is a non-compete enforceable against a nurse in Ohio?", "Will Ohio courts enforce a non-compete against nurses?"),
    ("Can a landlord sue a tenant for rent?", "Can a tenant be sued by a landlord for rent?"),
    ("Does breach of warranty void the policy?", "Does warranty breach void the policy?"),
    ("Must a lease be in writing in Florida?", "In Florida, does a lease have to be written?"),
    ("Can a licensee assign a licence without consent?", "Is a licensee allowed to assign a license with no consent?"),
    ("Please explain whether a two-year term is reasonable.", "Is a 2 year term reasonable?"),
    ("If the lease is silent, may a tenant sublet?", "May a tenant sublet if the lease is silent?"),
    ("Does an NDA need consideration?", "Is consideration required for an NDA?"),
    ("Does the GDPR allow a processor to sell data?", "Is a processor allowed to sell data under the GDPR?"),
    ("Is notice due at least 3 days before expiry?", "Is notice due no less than three days prior to expiry?"),
    ("Can you evict a tenant for noise?", "Can a tenant be evicted for noise?"),
    ("Is section 2-207 of the UCC mandatory?", "Is UCC § 2-207 mandatory?"),
    ("Can an award be appealed?", "Is it possible to appeal an award?"),
]  # fmt: skip

OTHER = [
    ("place", "Is a non-compete valid in Ohio?", "Is a non-compete valid in Iowa?"),
    ("place", "Does Texas law bind a guarantor in New York?", "Does Texas law bind a guarantor in Nevada?"),
    ("number", "Is a two-year term fair?", "Is a three-year term fair?"),
    ("number", "Is a claim late after 30 days?", "Is a claim late after 30 months?"),
    ("number", "Does section 2-207 apply?", "Does section 2-209 apply?"),
    ("year", "Was the 2019 rule valid?", "Was the 2021 rule valid?"),
    ("person", "Can a nurse be bound?", "Can a physician be bound?"),
    ("role", "Can a tenant evict?", "Can a tenant be evicted?"),
    ("role", "Is notice to the tenant needed?", "Is notice from the tenant needed?"),
    ("order", "Can a landlord sue a tenant?", "Can a tenant sue a landlord?"),
    ("order", "Does federal law preempt state law?", "Does state law preempt federal law?"),
    ("order", "Does the policy override the endorsement?", "Does the endorsement override the policy?"),
    ("order", "Is an indemnity subject to the cap?", "Is the cap subject to an indemnity?"),
    ("order", "Is a German company's subsidiary liable?", "Is a company's German subsidiary liable?"),
    ("order", "Is Delaware law binding in a Texas court?", "Is Texas law binding in a Delaware court?"),
    ("modality", "May an employer pay early?", "Must an employer pay early?"),
    ("modality", "Should a tenant give notice?", "Must a tenant give notice?"),
    ("negation and scope", "Can it end with cause?", "Can it end without cause?"),
    ("negation and scope", "Is a licence exclusive?", "Is a licence non-exclusive?"),
    ("negation and scope", "Is notice due before renewal?", "Is notice due after renewal?"),
    ("negation and scope", "Are all debts barred?", "Are some debts barred?"),
    ("negation and scope", "Can only the tenant renew early?", "Can the tenant only renew early?"),
    ("negation and scope", "Is it void unless signed?", "Is it void if signed?"),
    ("negation and scope", "Is it due at least 5 days ahead?", "Is it due at most 5 days ahead?"),
    ("comparator", "What is the minimum fee?", "What is the maximum fee?"),
    ("subject", "Does waiver bar the claim?", "Does estoppel bar the claim?"),
    ("subject", "Is the contract void?", "Is the contract voidable?"),
    ("subject", "Is the warranty express?", "Is the warranty implied?"),
    ("small words", "Is the act binding?", "Is the rule binding?"),
    ("time", "Did the rule apply?", "Does the rule apply?"),
    ("time", "Has the tenant waived the breach?", "Will the tenant waive the breach?"),
    ("form", "When is a lease void?", "Is a lease void?"),
    ("form", "Who can sue?", "Can one sue?"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME, ids=[one for one, _ in SAME])
def test_wordings_of_one_question_pass_every_guard(one: str, other: str) -> None:
    assert vetoes(read(one), read(other)) == ()
    assert subject_of(read(one)) == subject_of(read(other))


@pytest.mark.parametrize(
    ("guard", "one", "other"), OTHER, ids=[f"{guard}: {other}" for guard, _, other in OTHER]
)
def test_the_guard_of_its_class_stops_another_question(guard: str, one: str, other: str) -> None:
    assert guard in vetoes(read(one), read(other))


def test_a_clause_that_forbids_oral_changes_is_not_the_absence_of_a_clause() -> None:
    has = read("The contract has a no oral modification clause: can conduct change it?")
    lacks = read("The contract has no oral modification clause: can conduct change it?")

    assert "negation and scope" in vetoes(has, lacks)


def test_a_testament_is_no_auxiliary() -> None:
    assert vetoes(read("Can a will be revoked by marriage?"), read("Can a marriage be revoked by will?"))


def test_the_disclosing_party_is_not_the_disclosed_one() -> None:
    assert vetoes(read("Must the indemnifying party pay?"), read("Must the indemnified party pay?"))


def test_a_question_is_the_same_as_itself_in_any_order_of_asking() -> None:
    a, b = read("Can a seller sue a buyer?"), read("May a vendor sue a purchaser?")

    assert vetoes(a, b) == vetoes(b, a) == ()


@pytest.mark.parametrize(
    "odd", ["", "?", "of of of", "by", "§§", "not", "before", "no", "the", "more than", "within 3 of"]
)
def test_fragments_are_read_without_an_error(odd: str) -> None:
    assert vetoes(read(odd), read(odd)) == ()


def test_guards_have_names_for_the_report() -> None:
    assert {"place", "number", "role", "modality", "negation and scope", "order"} <= set(GUARDS)


def test_no_phrase_of_the_lexicon_belongs_to_two_concepts() -> None:
    assert the_lexicon().phrases
