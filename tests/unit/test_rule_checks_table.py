"""Every check speaks on one text and is silent on a near miss: the tables are in `rule_cases/`."""

import datetime
from pathlib import Path

import pytest
import yaml

from actors.domain.corpus import Corpus, load_corpus
from actors.domain.findings import Finding
from actors.domain.rules.check import load_checks
from actors.domain.rules.checking import check_document
from actors.domain.rules.rule import Rule, applicable

AS_OF = datetime.date(2026, 11, 22)
JURISDICTIONS = {
    "us_fed": "US-DE",
    "us_de": "US-DE",
    "us_ny": "US-NY",
    "us_ca": "US-CA",
    "us_tx": "US-TX",
    "uk_ew": "UK-EW",
}
CASES = [
    pytest.param(JURISDICTIONS[file.stem], rule_id, number, *case, id=f"{rule_id}-{number}")
    for file in sorted((Path(__file__).parent / "rule_cases").glob("*.yaml"))
    for rule_id, cases in yaml.safe_load(file.read_text()).items()
    for number, case in enumerate(cases)
]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


def rule_named(corpus: Corpus, rule_id: str, family: str, jurisdiction: str) -> Rule:
    rules = applicable(corpus, (family,), jurisdiction, AS_OF)
    return next(rule for rule in rules if rule.id == rule_id)


def spoken(rule: Rule, number: int, text: str) -> list[Finding]:
    """Return the findings of one check of a rule, told by the words that begin its message."""
    says = rule.content.checks[number].says.split("{missing}")[0]
    return [found for found in check_document([rule], text, None).findings if found.message.startswith(says)]


@pytest.mark.parametrize(("jurisdiction", "rule_id", "number", "family", "fires", "near_miss"), CASES)
def test_a_check_speaks_on_its_text_and_not_on_a_near_miss(
    corpus: Corpus, jurisdiction: str, rule_id: str, number: int, family: str, fires: str, near_miss: str
) -> None:
    rule = rule_named(corpus, rule_id, family, jurisdiction)

    found = spoken(rule, number, fires)

    assert found, "silent on the text that it should speak on"
    assert not spoken(rule, number, near_miss), "speaks on the near miss"
    for finding in found:
        assert finding.authority == rule.authority.citation
        assert finding.authority_id == rule_id
        assert finding.as_of == rule.authority.as_of
        assert fires[finding.start : finding.end] == finding.quote
        assert bool(finding.quote) == bool(rule.content.checks[number].forbids)


def test_every_check_has_a_case() -> None:
    known = {
        (rule_id, number) for rule_id, rule in load_checks().items() for number in range(len(rule.checks))
    }
    covered = {(param.values[1], param.values[2]) for param in CASES}

    assert covered == known
