"""Versions on disk: equal for equal input, switched by one pointer, kept as long as somebody holds them."""

import datetime
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from actors.corpus_publishing import current_manifest, publish
from actors.corpus_staging import Staging, importing, stage
from actors.corpus_store import CorpusStore
from actors.corpus_versions import (
    MANIFEST,
    VERSIONS,
    ImportedSource,
    list_versions,
    open_current,
    prune,
    read_pointer,
    write_pointer,
)
from actors.domain.authority import ResearchQuery
from actors.domain.importing.forms import parse_file
from actors.domain.importing.passage import Origin
from actors.errors import ResourceMissingError, SearchUnavailableError
from tests.unit.import_origin import TODAY

BEES = '{"id": "b", "text": "The lessee keeps no bees in the garden.", "heading": "Bees"}\n'
WAX = '{"id": "w", "text": "Wax belongs to the beekeeper alone.", "heading": "Wax"}\n'
LAW = '{"text": "(a) Copying of wax is allowed.", "citation": "90 U.S.C. § 7", "heading": "Waxen images"}\n'


def bring(corpus: Path, folder: Path, contents: Mapping[str, str], name: str = "bees", key: str = "") -> str:
    """Import files as one source, in the order given; return the version."""
    folder.mkdir(exist_ok=True)
    with importing(corpus):
        staging = Staging(corpus, key or name * 8)
        for position, (file, content) in enumerate(contents.items()):
            (folder / file).write_text(content)
            stage(staging.path(position), parse_file(folder / file, Origin(file, TODAY)))
        source = ImportedSource(
            name=name,
            input=key,
            files=len(contents),
            statutes=0,
            clauses=0,
            by_jurisdiction={},
            as_of_first="",
            as_of_last="",
        )
        return publish(corpus, staging, source).version()


def search(store: CorpusStore, words: str) -> list[str]:
    query = ResearchQuery(
        task_type="", families=(), issues=(), jurisdiction=None, as_of=TODAY, words=words, limit=5
    )
    return [hit.authority.id for hit in store.current().search(query).hits if ":" in hit.authority.id]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with one source, `bees`."""
    bring(tmp_path / "corpus", tmp_path / "in", {"a.jsonl": BEES, "b.jsonl": LAW})
    return tmp_path / "corpus"


def test_equal_input_makes_an_equal_version_anywhere(tmp_path: Path) -> None:
    files = {"a.jsonl": BEES, "b.jsonl": LAW}
    first = bring(tmp_path / "one", tmp_path / "in", files)
    second = bring(tmp_path / "two", tmp_path / "in", files)
    other = bring(tmp_path / "three", tmp_path / "in", {**files, "a.jsonl": WAX})

    assert first == second != other


def test_the_order_of_files_does_not_change_the_version(tmp_path: Path) -> None:
    files = {"a.jsonl": BEES, "b.jsonl": LAW, "c.jsonl": WAX}
    turned = dict(reversed(files.items()))

    assert bring(tmp_path / "one", tmp_path / "in", files) == bring(tmp_path / "two", tmp_path / "in", turned)


def test_the_order_of_imports_does_not_change_the_version(tmp_path: Path) -> None:
    def both(corpus: str, *names: str) -> str:
        versions = [bring(tmp_path / corpus, tmp_path / "in", {f"{n}.jsonl": BEES}, n) for n in names]
        return versions[-1]

    assert both("one", "x", "y") == both("two", "y", "x")


def test_an_import_again_leaves_the_version_on_disk_as_it_is(corpus: Path, tmp_path: Path) -> None:
    version = read_pointer(corpus)
    before = (corpus / VERSIONS / str(version) / MANIFEST).stat()

    again = bring(corpus, tmp_path / "in", {"a.jsonl": BEES, "b.jsonl": LAW})

    after = (corpus / VERSIONS / again / MANIFEST).stat()
    assert (again, after.st_ino, after.st_mtime_ns) == (version, before.st_ino, before.st_mtime_ns)


def test_an_import_adds_to_what_is_there_and_replaces_its_own_source(corpus: Path, tmp_path: Path) -> None:
    store = CorpusStore(corpus)
    bring(corpus, tmp_path / "in", {"w.jsonl": WAX}, "wax")
    assert set(search(store, "wax bees garden")) == {"bees:us-fed/usc/90/7", "wax:w", "bees:b"}

    bring(corpus, tmp_path / "in", {"w.jsonl": WAX}, "bees")

    assert search(store, "wax bees garden") == ["bees:w"]
    manifest = current_manifest(corpus)
    assert manifest
    assert [(one.name, one.statutes, one.clauses) for one in manifest.sources] == [
        ("bees", 0, 1),
        ("wax", 0, 1),
    ]


def test_equal_passages_of_several_files_are_kept_once_and_told(tmp_path: Path) -> None:
    bring(
        tmp_path / "c",
        tmp_path / "in",
        {"a.jsonl": BEES, "b.jsonl": BEES, "c.jsonl": BEES.replace("no", "ten")},
    )
    opened = open_current(tmp_path / "c")

    assert opened
    assert [opened.row(n).passage.id for n in range(2)] == ["b", "b~~2"]
    assert opened.manifest.passages == 2
    assert opened.manifest.sources[0].remarks == ("1 passages stood in several files; each is kept once",)


def test_without_imports_the_law_is_the_project_s_own(tmp_path: Path) -> None:
    law = CorpusStore(tmp_path / "nothing").current()
    assert (law.version, law.sources) == (law.corpus.version, ())
    assert not (tmp_path / "nothing").exists()


def test_the_version_is_that_of_both_corpora(corpus: Path) -> None:
    law = CorpusStore(corpus).current()
    assert law.version == f"{law.corpus.version}+{str(read_pointer(corpus))[:16]}"
    assert law.search(query_of_a_draft()).corpus_version == law.version


def query_of_a_draft() -> ResearchQuery:
    return ResearchQuery(
        task_type="license",
        families=("license",),
        issues=("assignment_of_ip",),
        jurisdiction="US-CA",
        as_of=datetime.date(2026, 11, 22),
    )


def test_a_draft_keeps_its_authorities_and_gets_imported_ones_behind_them(
    corpus: Path, tmp_path: Path
) -> None:
    text = "The assignment of intellectual property in wax needs writing."
    own = CorpusStore(None).current().search(query_of_a_draft())
    bring(corpus, tmp_path / "in", {"i.jsonl": json.dumps({"text": text}), "w.jsonl": WAX}, "ip")

    packet = CorpusStore(corpus).current().search(query_of_a_draft())

    assert packet.hits[: len(own.hits)] == own.hits
    assert [hit.authority.statement for hit in packet.hits[len(own.hits) :]] == [text]


def test_a_switch_is_seen_between_calls_and_never_inside_one(corpus: Path, tmp_path: Path) -> None:
    store = CorpusStore(corpus)
    before = store.current()
    assert store.current() is before

    bring(corpus, tmp_path / "in", {"w.jsonl": WAX}, "bees")
    query = query_of_a_draft().model_copy(update={"words": "wax bees", "issues": (), "jurisdiction": None})

    def found(law: object) -> list[str]:
        return [hit.authority.id for hit in law.search(query).hits if ":" in hit.authority.id]  # type: ignore[attr-defined]

    assert found(before) == ["bees:us-fed/usc/90/7", "bees:b"]
    assert found(store.current()) == ["bees:w"]


def test_a_version_is_kept_until_its_last_holder_lets_go(corpus: Path, tmp_path: Path) -> None:
    store, old = CorpusStore(corpus), read_pointer(corpus)
    law = store.current()
    new = bring(corpus, tmp_path / "in", {"w.jsonl": WAX}, "bees")

    assert prune(corpus) == []
    assert [(one.version, one.current, one.held) for one in list_versions(corpus)] == [
        (new, True, False),
        (old, False, True),
    ]

    del law
    store.current()

    assert prune(corpus) == [old]
    assert [one.version for one in list_versions(corpus)] == [new]


def test_a_holder_in_another_process_keeps_a_version_and_its_death_frees_it(
    corpus: Path, tmp_path: Path
) -> None:
    program = (
        "import sys; from pathlib import Path; from actors.corpus_versions import open_current; "
        "held = open_current(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(corpus)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    old = read_pointer(corpus)
    bring(corpus, tmp_path / "in", {"w.jsonl": WAX}, "bees")
    assert prune(corpus) == []

    holder.kill()
    holder.communicate()

    assert prune(corpus) == [old]


def test_one_import_at_a_time(corpus: Path) -> None:
    with importing(corpus), pytest.raises(ResourceMissingError, match="another import"), importing(corpus):
        pass


def test_what_was_staged_before_a_crash_is_still_there_and_a_half_made_version_is_made_anew(
    tmp_path: Path,
) -> None:
    corpus = tmp_path / "corpus"
    whole = bring(tmp_path / "other", tmp_path / "in", {"a.jsonl": BEES})
    staging = Staging(corpus, "bees" * 8)
    stage(staging.path(0), parse_file(tmp_path / "in" / "a.jsonl", Origin("a.jsonl", TODAY)))
    (staging.folder / "version").mkdir()
    (staging.folder / "version" / "passages.jsonl").write_text("half a li")
    (corpus / VERSIONS / whole).mkdir(parents=True)  # another half: what a killed prune leaves

    head = Staging(corpus, "bees" * 8).head(0)
    assert head
    assert head.passages == 1
    assert bring(corpus, tmp_path / "in", {"a.jsonl": BEES}) == whole
    assert search(CorpusStore(corpus), "bees") == ["bees:b"]


@pytest.mark.parametrize("damage", ["gone", "no manifest", "no index", "other format", "cut"])
def test_a_damaged_version_says_so_and_never_finds_nothing(corpus: Path, damage: str) -> None:
    folder = corpus / VERSIONS / str(read_pointer(corpus))
    if damage == "gone":
        shutil.rmtree(folder)
    elif damage == "no manifest":
        (folder / MANIFEST).unlink()
    elif damage == "no index":
        shutil.rmtree(folder / "index")
    elif damage == "cut":
        (folder / "passages.jsonl").write_bytes((folder / "passages.jsonl").read_bytes()[:-9])
    else:
        told = json.loads((folder / MANIFEST).read_bytes())
        (folder / MANIFEST).write_text(json.dumps({**told, "format": 99}))

    with pytest.raises(SearchUnavailableError, match="import it again"):
        CorpusStore(corpus).current()


def test_a_pointer_can_go_back_to_a_version_that_is_still_there(corpus: Path, tmp_path: Path) -> None:
    store, old = CorpusStore(corpus), str(read_pointer(corpus))
    bring(corpus, tmp_path / "in", {"w.jsonl": WAX}, "bees")
    assert search(store, "wax") == ["bees:w"]

    write_pointer(corpus, old)

    assert search(store, "wax") == ["bees:us-fed/usc/90/7"]
