"""A clause that a contract has in its own words is not reported as missing; one that it lacks is."""

import pytest

from actors.domain.review.completeness import missing_clauses
from actors.review import essential_of

PRESENT = [
    (
        "nda_mutual",
        "definition of confidential information",
        "What is confidential: anything marked confidential.",
    ),
    ("nda_mutual", "limits on use and disclosure", "Each party agrees not to disclose what it learns."),
    ("nda_mutual", "return or destruction", "Documents shall be returned upon\nrequest."),
    ("nda_one_way", "definition of confidential information", '"Information" means all that you show us.'),
    ("services", "description of the services", "The Surveyor shall provide boundary surveys."),
    ("services", "rights in the results", "All drawings become the property of the City."),
    ("services", "limitation of liability", "Neither party is liable for consequential damages."),
    ("services", "termination", "Either may cancel on 15 days' notice."),
    ("services", "governing law", "Texas law governs."),
    ("contractor", "fee or rate", "Company shall pay $1,500 for each film."),
    ("contractor", "ownership of the results", "All other rights stay with the author."),
    ("contractor", "term and termination", "Either party may end the contract on notice."),
    ("employment", "position and duties", "The Firm offers you employment as a Senior Analyst."),
    ("employment", "pay", "Pay: $135,000 a year."),
    ("saas", "assignment of the contract", "Neither party may assign it without consent."),
    ("license", "limitation of liability", "Neither party shall be liable for consequential damages."),
    ("lease", "permitted use", "Tenant may use the Premises as a dental office."),
    ("lease", "governing law", "This lease is governed\nby the laws of Ohio."),
]
ABSENT = [
    ("nda_mutual", "definition of confidential information", "The parties talk about a project."),
    ("services", "limitation of liability", "The Provider is liable for its own acts."),
    ("services", "rights in the results", "The Provider delivers the drawings."),
    ("contractor", "fee or rate", "Liability is limited to $10,000."),
    ("employment", "position and duties", "The employment starts on 1 May."),
    ("lease", "permitted use", "The Tenant may use the Common Areas."),
    ("services", "governing law", "The Provider must comply with the law."),
]


def missing(type_id: str, text: str) -> set[str]:
    """Return the labels of the clauses that are reported as missing."""
    messages = [found.message for found in missing_clauses(text, essential_of(type_id, None))]
    return {message.removeprefix("There is no clause on ").removesuffix(".") for message in messages}


@pytest.mark.parametrize(("type_id", "label", "text"), PRESENT)
def test_a_clause_is_known_in_other_words(type_id: str, label: str, text: str) -> None:
    assert label not in missing(type_id, text)
    assert label in missing(type_id, "")


@pytest.mark.parametrize(("type_id", "label", "text"), ABSENT)
def test_words_nearby_are_not_the_clause(type_id: str, label: str, text: str) -> None:
    assert label in missing(type_id, text)
