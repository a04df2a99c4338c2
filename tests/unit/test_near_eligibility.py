"""What is never answered by likeness."""

import pytest

from actors.domain.near.eligibility import MAX_TOKENS, refusal

REFUSED = [
    ("name", "Can Globexia terminate the lease with its landlord?"),
    ("title", "Can Acme Inc terminate the lease?"),
    ("title", "Does Mr Miller owe rent?"),
    ("e-mail address", "Is notice to ada@example.com valid?"),
    ("amount", "Is a fee of $5,000 reasonable?"),
    ("amount", "Is a fee of 2 million reasonable?"),
    ("identifier", "Is invoice 20240017 overdue?"),
    ("quotation", 'Is "the tenant shall keep the roof in good repair" enforceable?'),
    ("case name", "Does Hadley v Baxendale apply?"),
    ("freshness", "Is the FTC rule currently in force?"),
    ("freshness", "What is the latest salary threshold?"),
    ("drafting", "Draft a lease for an office in Texas"),
    ("drafting", "Is the attached clause enforceable?"),
    ("length", "lease " * (MAX_TOKENS + 1)),
    ("empty", "   "),
    ("name", "Is Zorblatt's Non-Compete Enforceable In Texas?"),
]

ALLOWED = [
    "Is a non-compete enforceable against a nurse in California?",
    "Does Title VII apply to a law firm in New York City?",
    "Is a claim under the Family and Medical Leave Act timely?",
    "Can the EEOC sue an LLC?",
    'Does an "as is" clause disclaim a warranty?',
    "Is a non-compete enforceable? In Texas it may be.",
    "Was the 2019 rule in force in March 2021?",
]


@pytest.mark.parametrize(("reason", "question"), REFUSED)
def test_what_names_a_matter_or_asks_for_today_is_refused(reason: str, question: str) -> None:
    assert refusal(question) == reason


@pytest.mark.parametrize("question", ALLOWED)
def test_a_question_of_law_is_eligible(question: str) -> None:
    assert refusal(question) is None
