"""The retrieval benchmark as its reader runs it, on a small judged set."""

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "scripts" / "benchmarks" / "retrieval.py"
CLAUSES = {
    "cap": "In no event shall the total liability of seller exceed the price paid.",
    "uncapped": "Seller is liable for all damages without limit.",
    "rent": "Tenant shall pay the rent in advance.",
    "law": "The laws of the State of New York govern this agreement.",
}


def write_set(folder: Path) -> list[str]:
    """A judged set in BEIR's form, with an id that holds quotes as a CSV writer quotes them."""
    query, other = 'liability "cap"', "governing law"
    rows = [{"_id": id_, "text": text} for id_, text in CLAUSES.items()]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    queries = [
        {"_id": id_, "text": id_, "metadata": {"category": "any"}} for id_ in (query, other, "not judged")
    ]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    grades = [
        (query, "cap", 4),
        (query, "uncapped", 1),
        (query, "rent", 0),
        (other, "law", 3),
        (other, "rent", 0),
    ]
    write_table(folder / "qrels.tsv", [("query-id", "corpus-id", "score"), *grades])
    forms = [
        ("Query", "Medium Format", "Long Format"),
        (query, "limits of liability", ""),
        (other, "", "which law governs"),
    ]
    write_table(folder / "forms.tsv", forms)
    given = [
        "--corpus",
        "corpus.jsonl",
        "--queries",
        "queries.jsonl",
        "--qrels",
        "qrels.tsv",
        "--forms",
        "forms.tsv",
    ]
    return [str(folder / word) if word[0] != "-" else word for word in given]


def write_table(file: Path, rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t").writerows(rows)


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(BENCH), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )


@pytest.fixture
def result(tmp_path: Path) -> dict[str, Any]:
    run = bench(*write_set(tmp_path), "--json", "--no-vectors")
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def test_the_json_alone_stands_on_stdout_with_our_figures_at_the_top(result: dict[str, Any]) -> None:
    assert result["ndcg@5"] == 100.0
    assert result["ndcg@10"] == 100.0
    assert result["precision@5"] == 20.0


def test_every_form_is_measured_on_the_queries_that_have_it(result: dict[str, Any]) -> None:
    assert result["queries"] == {"short": 2, "medium": 1, "long": 1}
    assert result["short"] == result["forms"]["short"]
    assert result["long"]["ndcg@5"] == 100.0


def test_baselines_stand_beside_our_figures(result: dict[str, Any]) -> None:
    assert set(result["baselines"]) == {"bm25", "bm25 stemmed"}
    assert set(result["baselines"]["bm25"]) == {"short", "medium", "long"}


def test_a_run_without_vectors_says_so(result: dict[str, Any]) -> None:
    assert result["mode"].startswith("lexical only")


def test_latency_is_measured_on_a_made_corpus() -> None:
    run = bench("--latency", "--sizes", "300", "--json", "--no-vectors")
    assert run.returncode == 0, run.stderr
    measured = json.loads(run.stdout)["latency"]["lexical 300"]
    assert set(measured) == {"p50_ms", "p99_ms", "cpu_p50_ms", "memory_mib", "build_s"}


def test_half_a_judged_set_is_refused(tmp_path: Path) -> None:
    run = bench(*write_set(tmp_path)[:2])
    assert run.returncode == 2
    assert "go together" in run.stderr


def test_lawyers_judgements_put_us_above_bm25_without_vectors_too(shared_data: Path) -> None:
    acord = shared_data / "acord"
    qrels = [
        word for split in ("train", "valid") for word in ("--qrels", str(acord / "qrels" / f"{split}.tsv"))
    ]
    run = bench(
        "--corpus",
        str(acord / "corpus.jsonl"),
        "--queries",
        str(acord / "queries.jsonl"),
        *qrels,
        "--forms",
        str(acord / "query_forms.tsv"),
        "--json",
        "--no-vectors",
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert answer["queries"] == {"short": 57, "medium": 55, "long": 55}
    for form in answer["queries"]:
        assert answer[form]["ndcg@5"] > answer["baselines"]["bm25 stemmed"][form]["ndcg@5"] + 5
