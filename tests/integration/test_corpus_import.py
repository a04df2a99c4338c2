"""`lexray corpus import` and `versions`, as a user runs them."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actors.cache import LegalSearchCache
from actors.corpus_store import CorpusStore
from actors.messages import EssentialData, Hop
from actors.research import ResearchAgent
from actors.retrieval.embedder import Absent, minilm_or_absent
from actors.step import NoVault
from actors.step_policy import StepPolicy
from tests.integration.lexray_command import run, start
from tests.integration.test_terminal import read_all
from tests.unit.test_corpus_vectors import Synonyms, embed, question
from tests.unit.test_import_store import bring
from tests.unit.uslm_samples import GONE, SECTION, section, title

LEASE = "# Lease\n\n## 1. Bees\n\nThe lessee keeps no bumblebees in the garden.\n"
BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'


@pytest.fixture(autouse=True)
def no_vectors_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no encoder at work behind a test that is about something else."""
    monkeypatch.setenv("LEXRAY_IMPORT_VECTORS", "false")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder in which commands run, with a folder `law` to import."""
    folder = tmp_path / "here"
    (folder / "law").mkdir(parents=True)
    (folder / "law" / "usc90.xml").write_text(title(SECTION, section("102"), GONE))
    (folder / "law" / "lease.md").write_text(LEASE)
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Where imported law lies."""
    return tmp_path / "lexray-home" / "corpus"


def imported(here: Path, *options: str) -> Any:
    outcome = run("corpus", "import", "law", *options, "--json", cwd=here)
    assert outcome.code == 0, outcome.err
    return outcome.json()


def test_what_was_imported_is_told_counted_found_and_cited(here: Path) -> None:
    told = run("corpus", "import", "law", cwd=here)
    (here / "cited.txt").write_text("See 90 U.S.C. § 101(a)(1), 90 U.S.C. § 103 and 90 U.S.C. § 999.")
    stats = run("corpus", "stats", cwd=here).out
    hits = run("corpus", "search", "bumblebees in the garden", "--json", cwd=here).json()["hits"]
    cited = run("cite", "cited.txt", "--json", cwd=here).json()["citations"]

    assert told.code == 0
    assert "law: 3 sections, 1 clauses from 2 files, as of 2025-03-04 to " in told.out
    assert "imported  law: 3 sections" in stats
    assert hits[0]["id"] == "law:lease.md#1"
    assert [(one["normalized"], one["state"]) for one in cited] == [
        ("90 U.S.C. § 101(a)(1)", "verified"),
        ("90 U.S.C. § 103", "outdated"),
        ("90 U.S.C. § 999", "not_found"),
    ]


def test_a_second_import_changes_and_writes_nothing(here: Path, corpus: Path) -> None:
    def on_disk() -> set[tuple[str, int]]:
        return {(str(path), path.stat().st_mtime_ns) for path in (corpus / "versions").rglob("*")}

    first, before = imported(here), on_disk()
    second = imported(here)

    assert (second["version"], first["unchanged"], second["unchanged"]) == (first["version"], False, True)
    assert on_disk() == before


def test_bad_files_are_named_with_their_reasons_and_the_good_ones_imported(here: Path) -> None:
    (here / "law" / "bomb.xml").write_text(BOMB)
    (here / "law" / "lines.jsonl").write_text('{"text": "One good line of a clause."}\n{\n')
    (here / "law" / "notes.xls").write_text("x")
    (here / "law" / "gone").symlink_to("nowhere")
    (here / "law" / ".hidden").write_text("x")
    os.mkfifo(here / "law" / "pipe.md")

    outcome = run("corpus", "import", "law", cwd=here)

    assert outcome.code == 3
    assert "law: 3 sections, 2 clauses from 7 files" in outcome.out
    skipped = outcome.out.partition("skipped")[2].splitlines()
    assert skipped[0].strip() == "5"
    assert [line.strip().partition(":")[0] for line in skipped[1:]] == [
        "bomb.xml",
        "gone",
        "lines.jsonl line 2",
        "notes.xls",
        "pipe.md",
    ]
    assert "bomb.xml: it declares a document type; entities and DTDs are refused" in outcome.out
    assert run("corpus", "import", "law", cwd=here).code == 3


def test_where_nothing_can_be_imported_nothing_is_changed(here: Path, corpus: Path) -> None:
    version = imported(here)["version"]
    (here / "bad").mkdir()
    (here / "bad" / "bomb.xml").write_text(BOMB)
    (here / "bad" / "empty.md").write_text("")

    outcome = run("corpus", "import", "bad", cwd=here)

    assert (outcome.code, outcome.out) == (2, "")
    assert "nothing in it can be imported: bomb.xml: it declares a document type" in outcome.err
    assert (corpus / "current").read_text().strip() == version


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["nowhere"], "path: nowhere does not exist"),
        (["empty"], "path: empty holds no files"),
        (["law", "--jurisdiction", "Mars"], "jurisdiction: 'Mars' is not known"),
        (["law", "--as-of", "soon"], "as-of: 'soon' is not a day"),
        (["law", "--source", "a/b"], "source: 'a/b' is no name"),
        (["law", "--source", " "], "source: it is empty"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_written(
    options: list[str], reason: str, here: Path, corpus: Path
) -> None:
    (here / "empty").mkdir()
    outcome = run("corpus", "import", *options, cwd=here)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"lexray: {reason}")
    assert not corpus.exists()


def test_what_the_importer_says_counts(here: Path) -> None:
    said = imported(here, "--jurisdiction", "Illinois", "--as-of", "2020-01-02", "--source", "bees")["source"]
    assert (said["name"], said["by_jurisdiction"]) == ("bees", {"US-IL": 4})
    assert (said["as_of_first"], said["as_of_last"]) == ("2020-01-02", "2020-01-02")


def test_versions_are_listed_and_old_ones_go_when_nobody_holds_them(here: Path, corpus: Path) -> None:
    assert run("corpus", "versions", cwd=here).out == "nothing was imported\n"
    first = imported(here)["version"]
    (here / "law" / "lease.md").write_text(LEASE.replace("no", "ten"))

    second = imported(here)

    assert second["pruned"] == [first]
    listed = run("corpus", "versions", "--json", cwd=here).json()["versions"]
    assert [(one["version"], one["current"], one["sources"]) for one in listed] == [
        (second["version"], True, ["law"])
    ]
    (corpus / "staging" / "left").mkdir(parents=True)
    assert run("corpus", "versions", "--prune", cwd=here).code == 0
    assert not (corpus / "staging").exists()


def test_a_draft_says_which_law_it_stands_on(here: Path) -> None:
    version = imported(here)["version"]
    report = run("draft", "Mutual NDA under Delaware law", "--inline", "--json", cwd=here).json()
    assert report["research"]["corpus_version"].endswith(f"+{version[:16]}")


def test_a_file_that_takes_too_long_is_skipped(here: Path) -> None:
    outcome = run("corpus", "import", "law", cwd=here, env={"LEXRAY_IMPORT_FILE_S": "0.000001"})
    assert outcome.code == 2
    assert "reading it took longer than 1e-06 s" in outcome.err


def many_clauses(path: Path, count: int) -> None:
    """Write a file that takes some seconds to read."""
    lines = (
        json.dumps({"text": f"90 U.S.C. clause {n} of bees", "citation": f"90 U.S.C. § {n}"})
        for n in range(count)
    )
    path.write_text("\n".join(lines))


def until(done: Callable[[], Any], limit_s: float = 30) -> Any:
    """Wait for something to be true, and return it."""
    end = time.monotonic() + limit_s
    while not (found := done()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.fixture
def interrupted(here: Path, corpus: Path) -> Iterator[subprocess.Popen[str]]:
    """An import that has read some files and is busy with a large one."""
    (here / "law" / "lease.md").unlink()
    (here / "law" / "usc90.xml").unlink()
    (here / "law" / "a.md").write_text(LEASE)
    many_clauses(here / "law" / "b.jsonl", 3_000)
    (here / "law" / "c.md").write_text(LEASE.replace("Bees", "Wasps"))
    process = start("corpus", "import", "law", "--json", cwd=here, env={"LEXRAY_IMPORT_WORKERS": "1"})
    until(lambda: list(corpus.glob("staging/*/000000.jsonl")))
    yield process
    process.kill()
    process.communicate()


def test_an_import_that_was_killed_goes_on_where_it_stood(
    interrupted: subprocess.Popen[str], here: Path, corpus: Path
) -> None:
    readers = children(interrupted.pid)
    interrupted.send_signal(signal.SIGKILL)
    interrupted.wait()
    (staged,) = corpus.glob("staging/*/*.jsonl")
    staged.write_text(staged.read_text().replace("bumblebees", "hornets"))
    assert not (corpus / "current").exists()
    until(lambda: not any(Path(f"/proc/{reader}").exists() for reader in readers))

    told = imported(here)

    assert told["source"]["files"] == 3
    assert told["passages"] == 3_002
    # The first file's result was taken as it lay there: the file was not read again.
    hits = run("corpus", "search", "hornets", "--json", cwd=here).json()["hits"]
    assert [hit["id"] for hit in hits] == ["law:a.md#1"]
    assert not list(corpus.glob("staging/*"))


def test_a_reader_that_dies_is_replaced_and_its_file_read_again(
    interrupted: subprocess.Popen[str], here: Path
) -> None:
    (reader,) = children(interrupted.pid)
    os.kill(reader, signal.SIGKILL)

    out, err = interrupted.communicate(timeout=60)

    assert interrupted.returncode == 0, err
    assert json.loads(out)["passages"] == 3_002


def test_an_interrupted_import_ends_at_once_and_in_one_sentence(interrupted: subprocess.Popen[str]) -> None:
    for pid in (*children(interrupted.pid), interrupted.pid):
        os.kill(pid, signal.SIGINT)

    out, err = interrupted.communicate(timeout=20)

    assert (interrupted.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "lexray: interrupted; no unfinished file was left"


def test_on_a_terminal_a_bar_moves_and_leaves_nothing_behind(here: Path) -> None:
    ours, theirs = pty.openpty()
    process = start("corpus", "import", "law", cwd=here, stderr=theirs, env={"TERM": "xterm-256color"})
    os.close(theirs)
    screen = read_all(ours)
    out, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "2/2" in screen
    assert "read 1 of" not in screen
    assert out.startswith("source    law: 3 sections")


def test_vectors_are_a_step_of_their_own(here: Path) -> None:
    assert run("corpus", "embed", cwd=here).err.startswith("lexray: corpus: nothing was imported")
    imported(here)

    first, again = run("corpus", "embed", cwd=here), run("corpus", "embed", cwd=here)

    assert first.code == 0, first.err
    assert first.out == again.out == "3 windows of 4 passages have their vectors\n"
    assert "embedded 3 of 3 windows" in first.err
    assert again.err == ""


LEASE_CLAUSES = {
    "Heat": "The lessor maintains boilers and radiators in working order from October to April.",
    "Animals": "Cats and dogs are admitted only with prior written consent.",
    "Sublease": "The lessee shall not transfer possession of the premises to any third person.",
    "Deposit": "A sum equal to two months' rent secures the lessee's obligations.",
    "Noise": "Between ten in the evening and six in the morning quiet is observed.",
    "Insurance": "The lessee carries cover against fire and water.",
    "Alterations": "No wall is moved and no fixture added unless the lessor agrees.",
    "Inspection": "The lessor may enter on a day's notice to view the state of repair.",
    "Vehicles": "One automobile may stand in the yard.",
    "Refuse": "Garbage is carried to the bins behind the house.",
    "Default": "If rent is thirty days late the lessor may end the lease.",
    "Taxes": "Levies on the land are borne by the lessor.",
}
WARMTH = "who fixes a broken furnace in winter"


@pytest.fixture
def minilm() -> None:
    """The encoder's weights; tests that want them are skipped by name where they are absent."""
    found = minilm_or_absent()
    if isinstance(found, Absent):
        pytest.skip(found.reason)


@pytest.mark.usefixtures("minilm")
def test_an_import_has_vectors_computed_behind_it_that_find_what_words_miss(here: Path) -> None:
    sections = (
        f"## {n}. {name}\n\n{text}\n" for n, (name, text) in enumerate(LEASE_CLAUSES.items(), start=1)
    )
    (here / "law" / "lease.md").write_text("# Lease\n\n" + "\n".join(sections))
    left_out = imported(here)
    before = run("corpus", "search", WARMTH, "--json", cwd=here).json()

    told = run("corpus", "import", "law", cwd=here, env={"LEXRAY_IMPORT_VECTORS": "true"})

    assert left_out["vectors"] == {"state": "left out"}
    assert "vectors   being computed; search stands on words until" in told.out
    (version,) = until(
        lambda: [
            one for one in run("corpus", "versions", "--json", cwd=here).json()["versions"] if one["vectors"]
        ],
        limit_s=120,
    )
    after = run("corpus", "search", WARMTH, "--json", cwd=here).json()
    assert version["version"] == left_out["version"]
    assert "law:lease.md#1" not in {hit["id"] for hit in before["hits"]}
    assert before["retrieval"].startswith("lexical (the imported version has no vectors")
    assert "law:lease.md#1" in {hit["id"] for hit in after["hits"][:3]}
    assert after["retrieval"] == run("corpus", "stats", "--json", cwd=here).json()["retrieval"] == "hybrid"
    assert "with vectors: law" in run("corpus", "versions", cwd=here).out
    again = run("corpus", "import", "law", "--json", cwd=here, env={"LEXRAY_IMPORT_VECTORS": "true"}).json()
    assert again["vectors"] == {"state": "there"}


@pytest.mark.usefixtures("minilm")
def test_one_computation_at_a_time_and_a_killed_one_leaves_nothing_half(here: Path, corpus: Path) -> None:
    many_clauses(here / "law" / "b.jsonl", 400)
    imported(here)
    process = start("corpus", "embed", cwd=here)
    until(lambda: (corpus / "embedding" / "vectors.npy").exists())
    os.kill(process.pid, signal.SIGSTOP)
    second = run("corpus", "embed", cwd=here)
    listed = run("corpus", "versions", cwd=here).out
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()

    assert second.code == 1
    assert "vectors are being computed already" in second.err
    assert "vectors are being computed: law" in listed
    assert not list(corpus.glob("versions/*/vectors-*"))
    assert "no vectors: law" in run("corpus", "versions", cwd=here).out
    assert run("corpus", "embed", cwd=here).code == 0
    assert len(list(corpus.glob("versions/*/vectors-*/manifest.json"))) == 1
    assert not (corpus / "embedding").exists()


@pytest.mark.usefixtures("minilm")
def test_of_computations_behind_imports_one_works_and_one_waits(here: Path, corpus: Path) -> None:
    imported(here)
    with (corpus / "embedding.lock").open("ab") as ours:
        fcntl.flock(ours, fcntl.LOCK_EX)
        waiting = start("corpus", "embed", "--behind", cwd=here)
        until(lambda: is_taken(corpus / "embedding.turn"))
        third = run("corpus", "embed", "--behind", cwd=here)
        assert waiting.poll() is None
    _, err = waiting.communicate(timeout=120)

    assert (third.code, third.out, third.err) == (0, "", "")
    assert (waiting.returncode, err) == (0, "embedded 3 of 3 windows\n")
    assert len(list(corpus.glob("versions/*/vectors-*/manifest.json"))) == 1


def is_taken(file: Path) -> bool:
    """Tell whether a process has locked a file, without trying it: whoever wants the lock must not meet ours."""
    return file.exists() and f":{file.stat().st_ino} " in Path("/proc/locks").read_text()


async def test_an_answer_found_without_vectors_is_not_given_once_they_are_there(
    corpus: Path, tmp_path: Path
) -> None:
    bring(corpus, tmp_path / "in", {"moon.jsonl": json.dumps({"text": "Tides follow moonlight."})})
    agent = ResearchAgent(StepPolicy(), NoVault(), LegalSearchCache(), corpus=CorpusStore(corpus, Synonyms))
    hop = Hop(draft_id="q", tenant="public", budget_s=60, essential_data=EssentialData(user_request=""))
    asked = question("selenic tides")

    first, _ = await agent.research(hop, asked)
    cached, by_words = await agent.research(hop, asked)
    embed(corpus, Synonyms())
    anew, by_meaning = await agent.research(hop, asked)
    again, _ = await agent.research(hop, asked)

    assert [report.cache for report in (first, cached, anew, again)] == ["miss", "exact", "miss", "exact"]
    assert by_words.retrieval.startswith("lexical (")
    assert by_meaning.retrieval == (await agent.corpus_stats())["retrieval"] == "hybrid"
    assert [hit.score for hit in by_meaning.hits] == [1.0]
