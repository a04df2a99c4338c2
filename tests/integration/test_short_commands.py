"""The commands of `lexray` beside `draft`, without a cluster."""

import re
from pathlib import Path

import pytest

from tests.integration.lexray_command import NDA, run, start


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder in which commands run."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished draft."""
    folder = tmp_path_factory.mktemp("drafted")
    assert run("draft", NDA, "--inline", "--out", ".", cwd=folder).code == 0
    return folder


def test_types_tells_what_can_be_drafted_and_what_each_wants(here: Path) -> None:
    found = run("types", "--json", cwd=here).json()["types"]
    told = run("types", cwd=here).out

    assert len(found) >= 8
    for entry in found:
        assert f"{entry['id']}: {entry['title']}" in told
        assert entry["roles"]
        assert all(f"{fact['id']} (" in told for fact in entry["facts"])
    assert "effective_date (date)" in told
    assert "pricing (fixed | monthly | hourly)" in told


def test_the_corpus_tells_its_size_and_is_searched(here: Path) -> None:
    stats = run("corpus", "stats", "--json", cwd=here).json()
    place = ("--jurisdiction", "California")
    hits = run("corpus", "search", "non-compete", *place, "--json", cwd=here).json()["hits"]
    told = run("corpus", "search", "non-compete", *place, "--limit", "3", cwd=here).out

    assert stats["authorities"] == sum(stats["by_jurisdiction"].values())
    assert f"{stats['authorities']} authorities" in run("corpus", "stats", cwd=here).out
    assert "Cal. Bus. & Prof. Code § 16600" in {hit["citation"] for hit in hits}
    assert {hit["jurisdiction"] for hit in hits} <= {"US-CA", "US-FED", "US-UCC", "GENERAL"}
    assert len(told.splitlines()) == 6


@pytest.mark.parametrize("words", ["nothing-has-this-word", 'AND ( "x:', "§§ 16600 !!"])
def test_words_of_a_search_are_only_words(words: str, here: Path) -> None:
    assert run("corpus", "search", words, cwd=here).code == 0


def as_text(drafted: Path) -> Path:
    path = drafted / "contract.txt"
    path.write_bytes((drafted / "document.md").read_bytes().replace(b"\n", b"\r\n"))
    return path


@pytest.mark.parametrize("name", ["document.md", "document.docx", "contract.txt"])
def test_every_kind_of_file_is_reviewed_and_its_citations_checked(name: str, drafted: Path) -> None:
    as_text(drafted)
    cited = run("cite", name, "--json", cwd=drafted)
    reviewed = run("review", name, "--type", "nda_mutual", "--jurisdiction", "US-DE", "--json", cwd=drafted)

    assert list(cited.json()) == ["citations"]
    assert {c["normalized"] for c in cited.json()["citations"]} >= {"18 U.S.C. § 1833(b)"}
    assert {c["state"] for c in cited.json()["citations"]} == {"verified"}
    report = reviewed.json()
    assert set(report) == {"task_type", "jurisdiction", "as_of", "review", "validation"}
    assert {"findings", "for_lawyer", "passed"} <= set(report["validation"])
    assert (report["task_type"], report["jurisdiction"]) == ("nda_mutual", "US-DE")


def test_findings_and_citations_are_lines_with_their_place(here: Path) -> None:
    text = "# Agreement\n\n## 1. Law\n\n1.1 See 15 U.S.C. § 7001(a).\n\n1.2 See 999 F.3d 1. TODO: more.\n"
    (here / "a.md").write_text(text, encoding="utf-8")

    cited = run("cite", "a.md", cwd=here).out.splitlines()
    reviewed = run("review", "a.md", cwd=here).out

    assert cited[0] == "verified      line 5: 15 U.S.C. § 7001(a)"
    assert cited[1].startswith("not_found     line 7: 999 F.3d 1")
    assert re.search(r"^error +line 7: .* \(\w+\)$", reviewed, re.MULTILINE)


def test_a_text_with_nothing_to_say_about_gets_a_line_that_says_so(here: Path) -> None:
    (here / "a.txt").write_text("Hello.\n", encoding="utf-8")
    assert run("cite", "a.txt", cwd=here).out == "no citations\n"


@pytest.mark.parametrize(
    "command", [["status"], ["status", "--json"], ["cache", "stats"], ["cache", "clear"], ["down"]]
)
def test_without_a_cluster_its_commands_say_so_in_one_sentence(command: list[str], here: Path) -> None:
    outcome = run(*command, cwd=here)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "lexray: no cluster is up; start one with `lexray up`\n"


def test_bare_lexray_shows_what_it_can_do(here: Path) -> None:
    bare, asked = run(cwd=here), run("--help", cwd=here)
    assert bare == asked
    assert bare.out.startswith("Usage: lexray [OPTIONS] COMMAND")


def test_a_list_may_go_to_a_reader_that_has_gone(here: Path) -> None:
    process = start("types", cwd=here)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    err = process.stderr.read()
    process.wait(timeout=30)
    assert err == ""
