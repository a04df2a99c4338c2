"""The `lexray` command as a user runs it, with the agents inside its own process."""

import json
import re
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actors.domain.docx_reading import read_docx
from tests.integration.lexray_command import NDA, Outcome, run, start

FILES = ["document.docx", "document.md", "report.json"]
ONE_ATTEMPT = {"LEXRAY_STEP__ATTEMPTS": "1"}

Draft = Callable[..., Outcome]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder in which commands run."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def draft(here: Path) -> Draft:
    """`lexray draft --inline` in that folder."""

    def command(message: str, *options: str, **more: Any) -> Outcome:
        return run("draft", message, "--inline", *options, cwd=here, **more)

    return command


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# What a draft leaves.


def test_a_draft_leaves_the_document_twice_and_the_report(draft: Draft, here: Path) -> None:
    outcome = draft(NDA)

    assert outcome.code == 0
    assert names(here) == ["out"]
    assert names(here / "out") == FILES
    markdown = (here / "out/document.md").read_text(encoding="utf-8")
    report = json.loads((here / "out/report.json").read_text(encoding="utf-8"))
    assert report["status"] == "finished"
    assert report["document"]["markdown"] == markdown
    assert "Acme Robotics, Inc." in read_docx((here / "out/document.docx").read_bytes())


def test_what_streams_to_stdout_is_the_document(draft: Draft, here: Path) -> None:
    assert draft(NDA).out == (here / "out/document.md").read_text(encoding="utf-8")


def test_progress_and_summary_are_plain_lines_where_stderr_is_no_terminal(draft: Draft) -> None:
    lines = draft(NDA).err.splitlines()

    layers = [re.match(r" *(\d+)%  (\w+)", line) for line in lines[:6]]
    assert {found[2] for found in layers if found} == {
        *("intake", "research", "draft", "review", "validation", "citations")
    }
    assert lines[5].startswith("100%  citations")
    assert [line[:14].strip() for line in lines[6:]] == [
        *("document", "status", "open points", "findings", "citations", "for a lawyer"),
        *("files", "", ""),
    ]
    assert lines[6:8] == ["document      Mutual Non-Disclosure Agreement", "status        finished"]
    assert not any("\x1b" in line or line != line.rstrip() for line in lines)


def test_json_prints_one_value_on_stdout_and_nothing_else_there(draft: Draft, here: Path) -> None:
    outcome = draft(NDA, "--json")

    assert outcome.json() == json.loads((here / "out/report.json").read_text(encoding="utf-8"))
    assert "100%" in outcome.err


def test_without_streaming_stdout_stays_empty(draft: Draft, here: Path) -> None:
    assert draft(NDA, "--no-stream").out == ""
    assert names(here / "out") == FILES


def test_a_dash_reads_the_request_from_stdin(draft: Draft) -> None:
    report = draft("-", "--json", stdin=b"\xef\xbb\xbf" + NDA.encode() + b"\r\n").json()
    assert report["matter"]["parties"][0]["name"] == "Acme Robotics, Inc."


def test_only_the_formats_asked_for_are_written(draft: Draft, here: Path) -> None:
    draft(NDA, "--format", "md", "--out", "a")
    draft(NDA, "--format", " DOCX,", "--out", "b/c")
    assert names(here / "a") == ["document.md", "report.json"]
    assert names(here / "b/c") == ["document.docx", "report.json"]


def test_a_second_draft_replaces_the_first(draft: Draft, here: Path) -> None:
    draft(NDA)
    draft(NDA.replace("Acme", "Zenith"))
    assert "Zenith" in (here / "out/document.md").read_text(encoding="utf-8")
    assert names(here / "out") == FILES


# Options.


def test_options_win_over_facts_and_facts_over_the_message(draft: Draft, here: Path) -> None:
    facts = {"jurisdiction": "US-TX", "term": "5 years", "parties": {"first": {"formed_in": "Nevada"}}}
    (here / "facts.json").write_text("\ufeff" + json.dumps(facts), encoding="utf-8")

    by_facts = draft(NDA, "--json", "--facts", "facts.json").json()
    by_option = draft(NDA, "--json", "--facts", "facts.json", "--jurisdiction", "new york").json()

    assert by_facts["matter"]["jurisdiction"] == "US-TX"
    assert by_facts["matter"]["terms"]["term"] == {"count": 5, "unit": "year"}
    assert by_facts["matter"]["parties"][0]["formed_in"] == "Nevada"
    assert by_option["matter"]["jurisdiction"] == "US-NY"
    assert by_option["matter"]["terms"]["term"] == {"count": 5, "unit": "year"}


def test_the_type_may_be_named_by_an_option(draft: Draft) -> None:
    report = draft("Between Acme Ltd and Jane Doe, English law", "--json", "--type", "nda-one-way").json()
    assert report["essential_data"]["task_type"] == "nda_one_way"


def test_the_day_whose_law_counts_is_that_of_the_option(draft: Draft) -> None:
    report = draft(NDA, "--json", "--as-of", "2026-06-30").json()
    assert report["as_of"] == report["matter"]["as_of"] == "2026-06-30"


def test_one_step_after_the_other_gives_the_same_document(draft: Draft) -> None:
    parallel, sequence = draft(NDA, "--json").json(), draft(NDA, "--json", "--sequential").json()
    for part in ("document", "open_points", "citations", "validation"):
        assert parallel[part] == sequence[part]


def test_a_place_without_a_rule_pack_is_named_in_the_document(draft: Draft) -> None:
    outcome = draft(NDA, "--json", "--jurisdiction", "Ohio")
    assert outcome.code == 0
    assert "Ohio" in outcome.json()["document"]["markdown"].split("##")[0]


# Exit codes.


@pytest.mark.parametrize("step", ["research", "validation", "citations"])
def test_a_step_that_gives_up_is_named_everywhere_and_the_exit_code_is_3(
    step: str, draft: Draft, here: Path
) -> None:
    outcome = draft(NDA, "--json", rig=f"no-{step}", env=ONE_ATTEMPT)

    report = outcome.json()
    assert outcome.code == 3
    assert (report["status"], report["degraded"]) == ("degraded", True)
    told = report["degraded_steps"][0]
    assert told["step"] == step
    assert told["instead"] in (here / "out/document.md").read_text(encoding="utf-8")
    assert told["instead"] in read_docx((here / "out/document.docx").read_bytes())
    assert f"status        degraded\n{'':14}{told['instead']}" in outcome.err


def test_a_draft_that_fails_says_why_in_one_sentence_and_writes_nothing(draft: Draft, here: Path) -> None:
    outcome = draft(NDA, rig="no-draft", env=ONE_ATTEMPT)

    assert outcome.code == 1
    assert outcome.err.splitlines()[-1].startswith("lexray: draft: gave up after 1 attempt:")
    assert "Traceback" not in outcome.err
    assert names(here) == []


def test_a_failed_draft_still_gives_its_report_where_json_is_asked_for(draft: Draft) -> None:
    report = draft(NDA, "--json", rig="no-draft", env=ONE_ATTEMPT).json()
    assert report["status"] == "failed"
    assert report["error"]["step"] == "draft"


def test_a_spent_budget_fails_the_draft(draft: Draft, here: Path) -> None:
    outcome = draft(NDA, "--budget", "0.3", rig="slow")
    assert outcome.code == 1
    assert "the budget of 0.3 s is spent" in outcome.err.splitlines()[-1]
    assert names(here) == []


# Interruptions.


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_an_interrupted_draft_leaves_nothing_behind(number: int, code: int, here: Path) -> None:
    process = start("draft", NDA, "--inline", cwd=here, rig="slow")
    assert process.stdout
    assert process.stdout.readline().startswith("# Mutual")
    process.send_signal(number)
    _, err = process.communicate(timeout=30)

    assert process.returncode == code
    assert names(here) == []
    if number == signal.SIGINT:
        assert err.splitlines()[-1] == "lexray: interrupted; no unfinished file was left"
        assert "Traceback" not in err


def test_a_full_disk_is_one_sentence_and_the_old_files_stay(here: Path) -> None:
    (here / "out").mkdir()
    for name in FILES:
        (here / "out" / name).write_text("old", encoding="utf-8")

    def no_large_files() -> None:
        # The Markdown and the Word file fit, the report does not.
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    process = start(*("draft", NDA, "--inline", "--no-stream"), cwd=here, preexec_fn=no_large_files)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert err.splitlines()[-1] == (
        "lexray: the document could not be written to out (File too large); make room there, or name another "
        "folder with --out"
    )
    assert names(here / "out") == FILES
    assert {(here / "out" / name).read_text(encoding="utf-8") for name in FILES} == {"old"}


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_reader_that_closes_the_pipe_does_not_break_the_draft(options: list[str], here: Path) -> None:
    process = start("draft", NDA, "--inline", *options, cwd=here)
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read() if process.stderr else ""

    assert process.wait(timeout=30) == 0
    assert names(here / "out") == FILES
    assert "Traceback" not in err
    assert "Exception" not in err
