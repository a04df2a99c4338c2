"""`lexray bulk`, without Ray: what it writes, refuses, and does when it is stopped."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.integration.bulk_files import MESSAGE, bulk, documents, lines, write_rows
from tests.integration.lexray_command import run, start

BAD = {"r2": {"message": "bake a cake"}}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three rows, one of which cannot be drafted; in Markdown and DOCX."""
    folder = tmp_path_factory.mktemp("bulk")
    write_rows(folder / "rows.jsonl", 3, **BAD)
    assert bulk("rows.jsonl", cwd=folder).code == 3
    return folder


def test_each_good_row_has_its_documents(done: Path) -> None:
    made = documents(done / "out")
    assert list(made) == ["r1.docx", "r1.md", "r3.docx", "r3.md"]
    assert b"Acme 3 Robotics, Inc." in made["r3.md"]


def test_results_have_the_fields_of_the_readme(done: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    told = readme.partition("A line of `results.jsonl` has")[2].partition("\n\n")[0]
    results = lines(done / "out/results.jsonl")
    assert [result["id"] for result in results] == ["r1", "r3"]
    for name in results[0]:
        assert f"`{name}`" in told, name
    assert results[0]["files"] == ["documents/r1.md", "documents/r1.docx"]
    assert results[0]["status"] == "finished"


def test_failures_have_the_reason_and_the_row(done: Path) -> None:
    (failure,) = lines(done / "out/failures.jsonl")
    assert failure["id"] == "r2"
    assert "asks for no document" in failure["reason"]
    assert failure["row"] == {"id": "r2", "message": "bake a cake"}


def test_the_manifest_says_what_came_in_and_what_became_of_it(done: Path) -> None:
    manifest = json.loads((done / "out/manifest.json").read_text())
    assert manifest["counts"] == {"finished": 2, "degraded": 0, "failed": 1, "unfinished": 0}
    assert manifest["input"]["rows"] == 3
    assert manifest["research"] == {"asked": 2, "from_cache": 1}
    assert set(manifest["versions"]) == {"lexray", "library", "corpus", "ray"}
    assert [begun["status"] for begun in manifest["starts"]] == ["finished"]


def test_a_failed_row_that_was_mended_is_drafted_and_the_others_are_not(done: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    os.system(f"cp -r {done / 'out'} {out}")  # noqa: S605 (paths of ours)
    before = documents(out)
    write_rows(tmp_path / "mended.jsonl", 3)

    outcome = bulk("mended.jsonl", "--resume", "out", cwd=tmp_path)

    assert outcome.code == 0
    assert {**documents(out), **before} == documents(out)
    assert {"r2.md", "r2.docx"} <= set(documents(out))
    assert (out / "failures.jsonl").read_text() == ""


def test_failed_rows_are_drafted_again_when_that_is_asked(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", 2, **BAD)
    assert bulk("rows.jsonl", "--format", "md", cwd=tmp_path).code == 3
    assert bulk("--resume", "out", "--retry-failed", cwd=tmp_path).code == 3
    (failure,) = lines(tmp_path / "out/failures.jsonl")
    assert failure["attempts"] == 2


def test_rows_on_stdin_are_kept_for_a_resume(tmp_path: Path) -> None:
    row = json.dumps({"id": "a", "message": MESSAGE.format(1)}).encode()
    assert bulk("-", "--format", "md", cwd=tmp_path, stdin=row).code == 0
    assert bulk("--resume", "out", cwd=tmp_path).code == 0
    assert list(documents(tmp_path / "out")) == ["a.md"]


def test_too_many_failures_stop_the_run(tmp_path: Path) -> None:
    cakes = {f"r{n}": {"message": "bake a cake"} for n in range(1, 41)}
    write_rows(tmp_path / "rows.jsonl", 40, **cakes)
    outcome = bulk("rows.jsonl", "--max-failures", "2", cwd=tmp_path)
    assert outcome.code == 4
    assert "stopped by --max-failures; go on with `lexray bulk --resume out`" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("rows.jsonl",), "holds a run; go on with `--resume"),
        (("--resume", "out", "--type", "saas"), "type: a run that goes on keeps what it was started with"),
        (("--resume", "nowhere"), "holds no bulk run"),
        ((), "file: name a file of rows, or a folder to --resume"),
        (("rows.jsonl", "--out", "new", "--retry-failed"), "retry-failed: it goes with --resume"),
        (("rows.jsonl", "--out", "new", "--max-cost", "5"), "max-cost: without LEXRAY_LLM_INPUT_PRICE"),
        (("nothing.jsonl", "--out", "new"), "nothing.jsonl cannot be read"),
        (("rows.jsonl", "--out", "new", "--engine", "model"), "LEXRAY_LLM_BASE_URL: it is not set"),
    ],
)
def test_what_cannot_be_run_is_refused_and_nothing_is_written(
    done: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    outcome = bulk(*arguments, cwd=done)
    assert outcome.code == 2
    assert sentence in outcome.err
    assert not (done / "new").exists()


def test_after_a_kill_the_run_goes_on_to_the_same_documents(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", 24)
    quiet = tmp_path / "quiet"
    assert bulk("rows.jsonl", "--format", "md", "--out", "quiet", cwd=tmp_path).code == 0

    process = start("bulk", "rows.jsonl", "--format", "md", "--inline", cwd=tmp_path)
    drafted = tmp_path / "out/documents"
    wait_for(lambda: drafted.is_dir() and len(list(drafted.iterdir())) >= 8)
    process.kill()
    process.communicate()
    at_kill = documents(tmp_path / "out")
    assert len(at_kill) < 24

    assert bulk("--resume", "out", cwd=tmp_path).code == 0
    assert documents(tmp_path / "out") == documents(quiet)
    ids = [result["id"] for result in lines(tmp_path / "out/results.jsonl")]
    assert ids == [f"r{n}" for n in range(1, 25)]
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert manifest["starts"][-1]["settled"] <= 24 - len(at_kill) + 1


def test_ctrl_c_drains_and_tells_how_to_go_on(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", 40)
    process = start("bulk", "rows.jsonl", "--format", "md", "--inline", cwd=tmp_path)
    drafted = tmp_path / "out/documents"
    wait_for(lambda: drafted.is_dir() and len(list(drafted.iterdir())) >= 4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "stopped; go on with `lexray bulk --resume out`" in err
    results = lines(tmp_path / "out/results.jsonl")
    assert {f"{result['id']}.md" for result in results} == set(documents(tmp_path / "out"))
    assert run("bulk", "--resume", "out", "--inline", cwd=tmp_path).code == 0


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", 40)
    process = start("bulk", "rows.jsonl", "--format", "md", "--inline", cwd=tmp_path)
    drafted = tmp_path / "out/documents"
    wait_for(lambda: drafted.is_dir() and any(drafted.iterdir()))
    outcome = bulk("--resume", "out", cwd=tmp_path)
    process.kill()
    process.communicate()
    assert outcome.code == 2
    assert "a run is under way" in outcome.err


def wait_for(condition: object, within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)
