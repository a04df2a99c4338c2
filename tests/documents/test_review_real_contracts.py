"""The linter on real contracts: signed texts must not drown in findings."""

from collections import Counter
from pathlib import Path

import pytest

from actors.domain.findings import Finding
from actors.domain.review.lint import lint

MOST_ERRORS_PER_CONTRACT = 0.8
MOST_WARNINGS_PER_CONTRACT = 8.0
EVERY = 5
"""Every fifth contract, by name: the whole set takes a minute."""


@pytest.fixture(scope="module")
def findings(shared_data: Path) -> dict[str, list[Finding]]:
    files = sorted((shared_data / "cuad" / "contracts").glob("*.txt"))[::EVERY]
    if not files:
        pytest.skip("no real contracts in the folder of real material")
    return {file.name: lint(file.read_text(encoding="utf-8")) for file in files}


def test_signed_contracts_have_few_errors_on_average(findings: dict[str, list[Finding]]) -> None:
    errors = Counter(f.check for found in findings.values() for f in found if f.severity == "error")

    assert errors.total() <= MOST_ERRORS_PER_CONTRACT * len(findings), errors


def test_most_signed_contracts_have_no_error_at_all(findings: dict[str, list[Finding]]) -> None:
    clean = [name for name, found in findings.items() if not any(f.severity == "error" for f in found)]

    assert len(clean) >= 0.75 * len(findings)


def test_signed_contracts_have_few_warnings_on_average(findings: dict[str, list[Finding]]) -> None:
    warnings = Counter(f.check for found in findings.values() for f in found if f.severity == "warning")

    assert warnings.total() <= MOST_WARNINGS_PER_CONTRACT * len(findings), warnings


def test_a_standard_nda_raises_nothing_but_advice(shared_data: Path) -> None:
    text = (shared_data / "templates" / "commonpaper" / "Mutual-NDA.md").read_text(encoding="utf-8")

    assert [f for f in lint(text) if f.severity != "info"] == []


def test_the_blanks_of_its_cover_page_are_found_and_its_boxes_are_not(shared_data: Path) -> None:
    text = (shared_data / "templates" / "commonpaper" / "Mutual-NDA-coverpage.md").read_text(encoding="utf-8")

    quotes = [f.quote for f in lint(text) if f.check == "C1"]

    assert "[Fill in state]" in quotes
    assert "[x]" not in quotes
