"""The linter finds what is wrong: faults put into a clean contract, and recall per class of fault."""

import re
from collections.abc import Callable, Iterator

import pytest

from actors.domain.findings import Finding
from actors.domain.review.lint import lint

CLEAN = """# Services Agreement

This Services Agreement (the "**Agreement**") is made on 3 March 2025 between Northgate Analytics, Inc., a Delaware
corporation (the "**Supplier**"), and Harbour Foods LLC, a Delaware limited liability company (the "**Client**").

## 1. Definitions

1.1 "**Business Day**" means a day on which banks in New York are open.

1.2 "**Confidential Information**" means all information that one party gives to the other and that is marked secret.

1.3 "**Deliverable**" means an item listed in Schedule 1.

1.4 "**Monthly Fee**" means the fee set out in Section 3.1.

1.5 "**Work Plan**" means the plan in Schedule 1.

## 2. Services

2.1 The Supplier shall perform the services and hand over each Deliverable under the Work Plan.

2.2 The Client shall answer questions within five (5) Business Days, as the Work Plan requires.

2.3 The Supplier shall keep to:

(a) the Work Plan;

(b) the law that applies to it; and

(c) the Client's reasonable instructions.

## 3. Fees

3.1 The Monthly Fee is $12,500. The Client shall pay it within thirty (30) days after each invoice.

3.2 If the Client ends the Agreement early, the Monthly Fee of $12,500 remains due for the month begun.

3.3 Late sums carry interest at one percent (1%) a month.

## 4. Confidentiality

4.1 Each party shall keep the other's Confidential Information secret.

4.2 Section 4.1 does not apply to Confidential Information that a court orders a party to disclose.

## 5. Term and Termination

5.1 The Agreement runs from 1 April 2025 to 31 March 2027.

5.2 Either party may terminate this Agreement for convenience on ninety (90) days' notice.

5.3 Section 4 (Confidentiality) and Section 6 survive termination.

## 6. Liability

6.1 The Supplier's total liability under this Agreement shall not exceed $150,000, except for fraud.

6.2 Nothing in Section 6.1 limits the Client's duty to pay the Monthly Fee.

## 7. Assignment

Neither party may assign this Agreement without the other's prior written consent.

## 8. Governing Law

This Agreement is governed by the laws of the State of Delaware, and each Deliverable is made under them.

## 9. General

9.1 This is the entire agreement between the parties on its subject.

9.2 A notice takes effect on the next Business Day, as Section 1.1 has it.

## Signatures

Northgate Analytics, Inc.

By: ____________________

Harbour Foods LLC

By: ____________________

# Schedule 1: Work Plan

The Supplier hands over each Deliverable by the last Business Day of a month.
"""


def loud(text: str) -> list[Finding]:
    """Return the findings that a lawyer would be stopped by."""
    return [finding for finding in lint(text) if finding.severity != "info"]


def replaced(old: str, new: str, count: int = 1) -> str:
    assert old in CLEAN
    return CLEAN.replace(old, new, count)


def test_a_clean_contract_raises_nothing() -> None:
    assert loud(CLEAN) == []


def delete_a_definition() -> Iterator[str]:
    for term in ("Confidential Information", "Deliverable", "Work Plan", "Business Day"):
        yield re.sub(rf'1\.\d "\*\*{term}\*\*" means [^\n]+\n\n', "", CLEAN)


def define_what_is_not_used() -> Iterator[str]:
    for term in ("Affiliate", "Key Personnel", "Net Revenue"):
        yield replaced("## 2. Services", f'1.6 "**{term}**" means a thing of that kind.\n\n## 2. Services')


def define_twice() -> Iterator[str]:
    for term in ("Deliverable", "Work Plan", "Monthly Fee", "Business Day"):
        yield replaced("## 9. General", f'"**{term}**" means something else entirely.\n\n## 9. General')


def renumber_a_section() -> Iterator[str]:
    for number in range(2, 9):
        yield re.sub(rf"^## {number}\. ", f"## {number + 9}. ", CLEAN, flags=re.MULTILINE)


def duplicate_a_section() -> Iterator[str]:
    for part in re.findall(r"(?ms)^## [2-8]\. .*?(?=^## )", CLEAN):
        yield CLEAN.replace(part, part + part)


def skip_a_clause() -> Iterator[str]:
    for number in ("2.2", "3.2", "5.2", "1.3"):
        yield re.sub(rf"(?m)^{re.escape(number)} .*\n\n", "", CLEAN)


def skip_a_list_item() -> Iterator[str]:
    yield replaced("(b) the law that applies to it; and\n\n", "")


def break_a_reference() -> Iterator[str]:
    for number in ("3.1", "4.1", "6.1", "1.1"):
        major, _, minor = number.partition(".")
        yield replaced(f"Section {number}", f"Section {major}.{int(minor) + 8}")
        yield replaced(f"Section {number}", f"Section {int(major) + 10}")


def break_the_survival_list() -> Iterator[str]:
    yield replaced("and Section 6 survive", "and Section 16 survive")
    yield replaced("and Section 6 survive", "and Section 6.7 survive")


def misname_a_section() -> Iterator[str]:
    yield replaced("Section 4 (Confidentiality)", "Section 3 (Confidentiality)")
    yield replaced("Section 4 (Confidentiality)", "Section 5 (Confidentiality)")


def drop_the_schedule() -> Iterator[str]:
    yield CLEAN[: CLEAN.index("# Schedule 1")]


def empty_the_schedule() -> Iterator[str]:
    yield CLEAN[: CLEAN.index(": Work Plan")] + "\n"


def leave_a_blank() -> Iterator[str]:
    for blank in (
        "[insert date]",
        "[●]",
        "TBD",
        "{{ effective_date }}",
        "[Effective Date]",
        "{% if x %}",
        "<insert date>",
    ):
        yield replaced("3 March 2025", blank)


def leave_a_note() -> Iterator[str]:
    for note in (
        "[Note to Draft: check with tax]",
        "[NTD: ask the client]",
        "TODO ask the client",
        "<!-- check -->",
    ):
        yield replaced("## 7. Assignment\n", f"## 7. Assignment\n\n{note}\n")


def contradict_words_and_figures() -> Iterator[str]:
    yield replaced("thirty (30)", "thirty (60)")
    yield replaced("five (5)", "six (5)")
    yield replaced("ninety (90)", "ninety (19)")
    yield replaced("one percent (1%)", "two percent (1%)")


def change_one_amount() -> Iterator[str]:
    yield replaced("Monthly Fee of $12,500", "Monthly Fee of $12,050")
    yield replaced("Monthly Fee is $12,500", "Monthly Fee is $21,500")


def use_an_impossible_day() -> Iterator[str]:
    for day in ("31 February 2025", "February 30, 2025", "31st of April", "2025-02-29", "31 June 2025"):
        yield replaced("3 March 2025", day)


def end_before_the_start() -> Iterator[str]:
    yield replaced("31 March 2027", "31 March 2024")
    yield replaced("from 1 April 2025 to 31 March 2027", "from 1 April 2025 through 1 March 2025")


def choose_two_laws() -> Iterator[str]:
    for place in ("State of New York", "State of California", "England and Wales"):
        law = f"This Agreement shall be governed by and construed under the laws of the {place}."
        yield replaced("## 9. General\n", f"## 9. General\n\n{law}\n")


def swap_a_party_name() -> Iterator[str]:
    yield CLEAN.replace("Harbour Foods LLC\n\nBy:", "Harbor Foods LLC\n\nBy:")
    yield CLEAN.replace("Northgate Analytics, Inc.\n\nBy:", "Southgate Systems, Inc.\n\nBy:")
    yield CLEAN.replace("Northgate Analytics, Inc.\n\nBy:", "Northgate Analytcs, Inc.\n\nBy:")


def lose_a_bracket() -> Iterator[str]:
    yield replaced('(the "**Supplier**")', '(the "**Supplier**"')
    yield replaced('(the "**Client**")', 'the "**Client**")')


def notice_twice() -> Iterator[str]:
    second = "Either party may terminate this Agreement for convenience on thirty (30) days' notice."
    yield replaced("## 6. Liability", f"{second}\n\n## 6. Liability")


def allow_what_is_barred() -> Iterator[str]:
    for who in ("The Supplier", "Either party"):
        yield replaced("## 8. Governing", f"{who} may freely assign this Agreement.\n\n## 8. Governing")


Mutants = Callable[[], Iterator[str]]

RECALL: tuple[tuple[Mutants, str, float], ...] = (
    # the fault, the checks of which one must speak, the share of mutants that must be found
    (delete_a_definition, "T1 X1", 0.75),
    (define_what_is_not_used, "T2", 1.0),
    (define_twice, "T3", 1.0),
    (renumber_a_section, "N1 X1 K5", 1.0),
    (duplicate_a_section, "N1", 1.0),
    (skip_a_clause, "N1", 1.0),
    (skip_a_list_item, "N2", 1.0),
    (break_a_reference, "X1", 1.0),
    (break_the_survival_list, "K5", 1.0),
    (misname_a_section, "X1", 1.0),
    (drop_the_schedule, "X2", 1.0),
    (empty_the_schedule, "C4", 1.0),
    (leave_a_blank, "C1", 1.0),
    (leave_a_note, "C5", 1.0),
    (contradict_words_and_figures, "M1", 1.0),
    (change_one_amount, "M2", 1.0),
    (use_an_impossible_day, "D1", 1.0),
    (end_before_the_start, "D1", 1.0),
    (choose_two_laws, "K1", 1.0),
    (swap_a_party_name, "P1 P3", 1.0),
    (lose_a_bracket, "N5", 1.0),
    (notice_twice, "K3", 1.0),
    (allow_what_is_barred, "K9", 1.0),
)


@pytest.mark.parametrize(
    ("mutants", "checks", "least"), RECALL, ids=lambda value: getattr(value, "__name__", None)
)
def test_injected_faults_are_found(mutants: Mutants, checks: str, least: float) -> None:
    texts = list(mutants())
    assert all(text != CLEAN for text in texts)

    found = [{finding.check for finding in loud(text)} & set(checks.split()) for text in texts]

    assert sum(map(bool, found)) >= least * len(texts), [
        text for text, checks_found in zip(texts, found, strict=True) if not checks_found
    ]


SURE: tuple[Mutants, ...] = (
    define_twice,
    duplicate_a_section,
    break_a_reference,
    break_the_survival_list,
    leave_a_blank,
    leave_a_note,
    contradict_words_and_figures,
    use_an_impossible_day,
    end_before_the_start,
    choose_two_laws,
)


@pytest.mark.parametrize("mutants", SURE, ids=lambda value: value.__name__)
def test_what_is_certainly_wrong_is_an_error(mutants: Mutants) -> None:
    for text in mutants():
        assert [finding for finding in lint(text) if finding.severity == "error"], text


def test_one_fault_does_not_bring_a_crowd_of_findings() -> None:
    for mutants, _, _ in RECALL:
        for text in mutants():
            assert len(loud(text)) <= 6, [(f.check, f.quote) for f in loud(text)]
