"""Bad input on the command line: exit code 2, one sentence with the field and the reason, and nothing written."""

from pathlib import Path

import pytest

from tests.integration.bad_input_cases import CASES, Case
from tests.integration.lexray_command import Outcome, run


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_bad_input_is_refused_in_one_sentence_and_nothing_is_written(case: Case, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name, content in case.files.items():
        (here / name).write_bytes(content)

    outcome = run(*case.arguments, cwd=here, stdin=case.stdin, env=case.env)

    check_refusal(outcome, case)
    assert {path.name for path in here.iterdir()} == set(case.files)
    assert not (tmp_path / "lexray-home").exists()


def check_refusal(outcome: Outcome, case: Case) -> None:
    assert (outcome.code, outcome.out) == (2, ""), outcome.err
    lines = outcome.err.split("\n")
    assert len(lines) == 2, outcome.err
    assert lines[0].startswith("lexray: ")
    assert case.told in lines[0]
    assert "Traceback" not in outcome.err
    assert case.hidden not in outcome.err
    assert len(outcome.err) < 600
    assert outcome.err.removesuffix("\n").isprintable()


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
