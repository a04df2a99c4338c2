"""The rules: which apply, what they say of a text, and what they leave to a lawyer."""

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.corpus import Corpus, bears_on, load_corpus
from actors.domain.findings import Finding
from actors.domain.matter import Matter, Money, Party
from actors.domain.rules.check import compile_all, load_checks
from actors.domain.rules.checking import check_document, check_section
from actors.domain.rules.needles import needles
from actors.domain.rules.patterns import compiled
from actors.domain.rules.plain_text import plain
from actors.domain.rules.report import RuleReport
from actors.domain.rules.rule import applicable
from actors.errors import LibraryError

AS_OF = datetime.date(2026, 11, 22)
FAMILIES = ("nda", "services", "contractor", "employment", "saas", "license", "lease")
PACKS = ("US-DE", "US-NY", "US-CA", "US-TX", "UK-EW")
CORPUS = load_corpus()


def report(
    text: str,
    family: str,
    jurisdiction: str | None,
    matter: Matter | None = None,
    requested: tuple[str, ...] = (),
) -> RuleReport:
    return check_document(applicable(CORPUS, (family,), jurisdiction, AS_OF), text, matter, requested)


def of_rule(found: RuleReport, rule_id: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.check == rule_id]


def contractor(kind: str | None, **facts: Money) -> Matter:
    parties = (
        Party(role="client", entity_kind="corporation"),
        Party.model_validate({"role": "contractor", "entity_kind": kind}),
    )
    return Matter(task_type="contractor", parties=parties, facts=dict(facts), as_of=AS_OF)


@pytest.mark.parametrize(
    "covenant",
    [
        "For a period of one (1) year after termination of employment, Employee shall not compete with the Company.",
        (
            "Executive agrees that for eighteen months following the Termination Date he will not, directly or "
            "indirectly, own, manage, operate or be employed by any business that competes with the Company."
        ),
        "Employee covenants and agrees not to engage in any Competing Business during the Restricted Period.",
        "You may not work for a competitor within the United States for 6 months after you leave.",
        "Following the end of the engagement, Contractor is prohibited from rendering services to any competitor.",
        "During employment and for two years thereafter, Employee will refrain from competing with the Company.",
        (
            "Employee shall not, for a period of twelve (12) months after termination:\n\n(a) hire any person;\n\n"
            "(b) engage in any business similar to the business of the Company."
        ),
        "The covenant not to compete survives the termination of this Agreement for one year.",
        "The Employee won’t take up employment with any rival after the employment ends.",
        "Employee agrees not to compete with the Company.",
        (
            "Upon **termination** of this Agreement, the **Employee** shall not\nparticipate in a business "
            "competitive with\nthat of the Company for 24 months."
        ),
        "Neither Employee nor any affiliate shall compete with the Company for one year after termination.",
    ],
)
@pytest.mark.parametrize("family", ["employment", "contractor"])
def test_a_california_covenant_not_to_compete_is_found_and_quoted(covenant: str, family: str) -> None:
    text = f"## 1. Work\n\nThe work is this.\n\n## 2. Covenants\n\n2.1 {covenant}\n\n## 3. Law\n\nCalifornia law."

    found = of_rule(report(text, family, "US-CA"), "ca-16600")

    assert [(finding.severity, finding.section) for finding in found] == [("error", "2")]
    assert text[found[0].start : found[0].end] == found[0].quote
    assert re.search(r"compet|rival|similar", found[0].quote, re.IGNORECASE)
    assert found[0].authority == "Cal. Bus. & Prof. Code § 16600"


@pytest.mark.parametrize(
    "harmless",
    [
        "Nothing in this Agreement restricts Employee from engaging in any lawful profession, trade or business.",
        "During the term of employment, Employee shall not engage in any business that competes with the Company.",
        "While employed by the Company, Employee will not work for a competitor.",
        "Employee shall not use the Company's trade secrets to compete with the Company after termination.",
        "After termination Employee is free to compete with the Company.",
        "This Agreement does not contain a covenant not to compete after termination.",
        "Employee shall not be prevented from working for a competitor after termination.",
        "Employee represents that no agreement with a former employer contains a non-compete that survives.",
        "Employee shall comply with the laws on unfair competition for the period of two years after termination.",
        "The Company shall pay competitive wages for a period of two years.",
    ],
)
def test_a_lawful_sentence_is_not_taken_for_a_covenant(harmless: str) -> None:
    assert not of_rule(report(harmless, "employment", "US-CA"), "ca-16600")


def test_a_void_option_that_was_asked_for_is_named_although_the_text_leaves_it_out() -> None:
    found = of_rule(
        report("The Employee works.", "employment", "US-CA", requested=("non_compete",)), "ca-16600"
    )

    assert [finding.severity for finding in found] == ["warning"]
    assert "asked for" in found[0].message
    assert "§ 16600" in found[0].message
    assert found[0].quote == ""


def test_a_void_option_is_not_said_to_be_left_out_when_the_text_has_it() -> None:
    text = "Employee shall not compete with the Company for one year after termination."

    found = of_rule(report(text, "employment", "US-CA", requested=("non_compete",)), "ca-16600")

    assert [finding.severity for finding in found] == ["error"]


def test_an_option_that_is_lawful_elsewhere_is_not_remarked_on() -> None:
    found = report("The Employee works.", "employment", "US-NY", requested=("non_compete",))

    assert not [finding for finding in found.findings if "asked for" in finding.message]


@pytest.mark.parametrize(
    ("kind", "spoken", "listed"),
    [("individual", True, False), ("llc", False, False), (None, False, True)],
)
def test_the_whistleblower_notice_is_due_to_individuals_only(
    kind: str | None, spoken: bool, listed: bool
) -> None:
    found = report(
        "Contractor keeps all Confidential Information secret.", "contractor", "US-DE", contractor(kind)
    )

    assert bool(of_rule(found, "fed-dtsa-notice")) is spoken
    assert ("fed-dtsa-notice" in {item.authority_id for item in found.for_lawyer}) is listed


def test_the_whistleblower_notice_passes_where_it_stands() -> None:
    text = (
        "Employee keeps Confidential Information secret. Under 18 U.S.C. § 1833(b) an individual is not liable, "
        "criminally or civilly, for disclosing a trade secret in confidence to a government official or an attorney."
    )

    found = report(text, "employment", "US-DE")

    assert "fed-dtsa-notice" in found.passed
    assert not of_rule(found, "fed-dtsa-notice")


@pytest.mark.parametrize(
    ("jurisdiction", "rule", "state", "needed"),
    [
        ("US-DE", "de-2708", "Delaware", 100_000),
        ("US-NY", "ny-5-1401", "New York", 250_000),
        ("US-CA", "ca-1646-5", "California", 250_000),
        ("US-TX", "tx-271", "Texas", 1_000_000),
    ],
)
def test_a_choice_of_law_turns_on_the_amount(jurisdiction: str, rule: str, state: str, needed: int) -> None:
    text = f"This Agreement is governed by the laws of the State of {state}, whose courts in {state} decide."

    def outcome(amount: int | None) -> RuleReport:
        facts = {} if amount is None else {"total_fee": Money(amount=Decimal(amount))}
        return report(text, "services", jurisdiction, Matter(task_type="services", facts=facts, as_of=AS_OF))

    assert rule in outcome(needed).passed
    assert [finding.severity for finding in of_rule(outcome(needed - 1), rule)] == ["info"]
    assert rule in {item.authority_id for item in outcome(None).for_lawyer}


def test_a_liability_cap_is_not_taken_for_the_price() -> None:
    matter = Matter(
        task_type="services", facts={"liability_cap": Money(amount=Decimal(5_000_000))}, as_of=AS_OF
    )

    found = report("The laws of the State of Delaware govern.", "services", "US-DE", matter)

    assert "de-2708" in {item.authority_id for item in found.for_lawyer}


def test_a_small_freelance_contract_is_outside_the_freelance_statute() -> None:
    text = "Contractor writes."
    small, large = (contractor("individual", total_fee=Money(amount=Decimal(n))) for n in (500, 5000))

    assert not of_rule(report(text, "contractor", "US-NY", small), "ny-fifa")
    assert of_rule(report(text, "contractor", "US-NY", large), "ny-fifa")


def test_the_dead_federal_rule_speaks_only_once_it_is_dead() -> None:
    def ids(day: datetime.date) -> set[str]:
        return {rule.id for rule in applicable(CORPUS, ("employment",), "US-DE", day)}

    assert "fed-ftc-noncompete-dead" in ids(AS_OF)
    assert "fed-ftc-noncompete-dead" not in ids(datetime.date(2024, 8, 19))


def test_a_rule_applies_from_its_effective_date() -> None:
    def ids(day: datetime.date) -> set[str]:
        return {rule.id for rule in applicable(CORPUS, ("employment",), "US-CA", day)}

    assert "ca-16608" in ids(datetime.date(2026, 1, 1))
    assert "ca-16608" not in ids(datetime.date(2025, 12, 31))


def test_rules_come_nearest_law_first_and_without_a_jurisdiction_there_are_none() -> None:
    rules = applicable(CORPUS, ("license",), "US-CA", AS_OF)
    order = [rule.authority.jurisdiction for rule in rules]

    assert order == sorted(order, key=("US-CA", "US-FED", "US-UCC").index)
    assert applicable(CORPUS, ("license",), None, AS_OF) == []


@pytest.mark.parametrize("jurisdiction", PACKS)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_rule_has_a_check_or_is_for_a_lawyer_and_no_unsure_rule_applies(
    family: str, jurisdiction: str
) -> None:
    rules = applicable(CORPUS, (family,), jurisdiction, AS_OF)

    assert rules
    for rule in rules:
        assert rule.authority.confidence != "?"
        assert rule.id in load_checks()
        assert rule.content.checks or rule.content.threshold or rule.content.lawyer


@pytest.mark.parametrize("jurisdiction", PACKS)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_applicable_rule_is_accounted_for_in_the_report(family: str, jurisdiction: str) -> None:
    text = (
        "## 1. Duty\n\nThe Employee shall not disclose Confidential Information. Disputes go to arbitration."
    )

    found = report(text, family, jurisdiction)

    spoken = {finding.check for finding in found.findings}
    listed = {item.authority_id for item in found.for_lawyer}
    everything = {rule.id for rule in applicable(CORPUS, (family,), jurisdiction, AS_OF)}
    assert spoken | listed | set(found.passed) | set(found.not_engaged) == everything
    assert not spoken & set(found.passed)
    assert not set(found.not_engaged) & (spoken | listed | set(found.passed))
    for finding in found.findings:
        assert finding.authority
        assert finding.authority in finding.message
        assert finding.as_of
        assert finding.severity in get_args(Finding.model_fields["severity"].annotation)
    for item in found.for_lawyer:
        assert item.citation
        assert item.statement
        assert item.why


def test_checks_speak_only_of_authorities_that_exist_and_all_patterns_compile() -> None:
    for rule_id, rule in load_checks().items():
        assert rule_id in CORPUS.by_id
        compile_all(rule)


def test_a_section_and_the_whole_give_one_id_to_the_same_words() -> None:
    covenant = "Employee shall not compete with the Company for one year after termination."
    sections = {"1": f"## 1. One\n\n{covenant} {covenant}", "2": f"## 2. Two\n\n2.1 {covenant}"}
    rules = applicable(CORPUS, ("employment",), "US-CA", AS_OF)

    whole = check_document(rules, "\n\n".join(sections.values()), None)
    parts = [finding for number, text in sections.items() for finding in check_section(rules, text, number)]

    quoted = [finding.id for finding in whole.findings if finding.quote]
    assert len(parts) > 3
    assert [finding.id for finding in parts] == quoted
    assert len(set(quoted)) == len(quoted)


def test_plain_numbered_paragraphs_are_sections_too() -> None:
    covenant = "Employee shall not compete with the Company for one year after termination."
    text = f"AGREEMENT\n\n1. Work. The work is this:\n\n1. one thing\n\n2. Covenant. {covenant}\n"

    found = of_rule(report(text, "employment", "US-CA"), "ca-16600")

    assert [finding.section for finding in found] == ["2"]


def test_a_wrong_rule_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("some-rule:\n  checks:\n    - {says: a, severity: error}\n")

    with pytest.raises(LibraryError, match=r"x\.yaml: some-rule: checks"):
        load_checks(tmp_path)


def test_a_wrong_pattern_is_refused() -> None:
    with pytest.raises(LibraryError):
        compiled("(unclosed")
    with pytest.raises(LibraryError):
        compiled("{no_such_words}")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"shall\s+not.*(?:compete|rivalry)", {"compete", "rivalry"}),
        (r"a(?:bcdef)?gh", {"gh"}),
        (r"[ab]c*", set()),
        (r"(?:one|\d)", set()),
    ],
)
def test_needles_are_words_that_every_match_holds(expression: str, expected: set[str]) -> None:
    assert needles(expression) == expected


@given(
    st.text(
        alphabet=st.sampled_from("Employee shall not compete 12 months after. \n#*“’¶İ;:(a)\x00"),
        max_size=200,
    )
)
def test_the_plain_form_keeps_every_offset(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert len(plain(text).lower()) == len(text)


@given(st.lists(st.one_of(
    st.text(max_size=40),
    st.sampled_from([
        "Employee shall not compete for one year after termination.", "## 2. Law\n\n", "waives trial by jury",
        "may terminate if insolvent", "(a) ", "\n\n", "governed by the laws of Texas", "\x00",
    ]),
), max_size=25))  # fmt: skip
def test_any_text_is_checked_and_quotes_stand_at_their_offsets(parts: list[str]) -> None:
    text = " ".join(parts)

    for finding in report(text, "employment", "US-CA").findings:
        assert text[finding.start : finding.end] == finding.quote


def test_the_corpus_bears_on_all_types_with_two_rules_of_the_place_itself() -> None:
    def own(corpus: Corpus, family: str, place: str) -> int:
        return sum(
            1
            for authority in corpus.authorities
            if authority.jurisdiction == place
            and authority.kind == "rule"
            and authority.confidence != "?"
            and bears_on(authority, (family,))
        )

    assert min(own(CORPUS, family, place) for family in FAMILIES for place in PACKS) >= 2


@pytest.mark.parametrize(
    "phrase", ["the employee agrees to pay costs if terminated upon notice ", "shall not; "]
)
def test_a_text_without_a_full_stop_is_checked_all_the_same(phrase: str) -> None:
    # With all gaps of a pattern in one expression this ran for minutes.
    assert report(phrase * 1000, "employment", "US-CA").passed
