"""The journal, in memory and in a file: the same behaviour."""
# ruff: noqa: ASYNC240 - a test may look at its small files itself

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actors.errors import AgentUnavailableError, InvalidInputError, ResourceMissingError
from actors.journal import Journal, MemoryJournal, SqliteJournal
from actors.journal_file import Append, JournalFile


@pytest.fixture
def anyio_backend() -> str:
    """Run on real time: the file's thread knows no other."""
    return "asyncio"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite"


@pytest.fixture(params=["memory", "file"])
async def journal(request: pytest.FixtureRequest, path: Path) -> AsyncIterator[Journal]:
    opened = SqliteJournal(path) if request.param == "file" else MemoryJournal()
    yield opened
    await opened.close()


@pytest.fixture
async def file_journal(path: Path) -> AsyncIterator[SqliteJournal]:
    opened = SqliteJournal(path)
    yield opened
    await opened.close()


# Both.


async def test_events_are_read_in_the_order_of_their_numbers(journal: Journal) -> None:
    for seq in (2, 0, 1):
        await journal.append("draft-1", seq, f'{{"seq":{seq}}}')

    assert await journal.read("draft-1") == [(0, '{"seq":0}'), (1, '{"seq":1}'), (2, '{"seq":2}')]


async def test_reading_goes_on_after_what_is_known(journal: Journal) -> None:
    await journal.append_many("draft-1", [(seq, str(seq)) for seq in range(5)])

    assert await journal.read("draft-1", 2) == [(3, "3"), (4, "4")]
    assert await journal.read("draft-1", 4) == []


async def test_drafts_do_not_mix(journal: Journal) -> None:
    await journal.append("draft-1", 0, "one")
    await journal.append("draft-2", 0, "two")

    assert await journal.read("draft-2") == [(0, "two")]
    assert await journal.read("draft-3") == []


async def test_the_same_event_again_changes_nothing(journal: Journal) -> None:
    await journal.append("draft-1", 0, "event")
    await journal.append("draft-1", 0, "event")

    assert await journal.read("draft-1") == [(0, "event")]


async def test_a_different_event_under_the_same_number_is_an_error(journal: Journal) -> None:
    await journal.append("draft-1", 0, "event")

    with pytest.raises(InvalidInputError, match="draft draft-1 already has another event 0"):
        await journal.append("draft-1", 0, "another")
    assert await journal.read("draft-1") == [(0, "event")]


@pytest.mark.parametrize("events", [[(1, "b"), (0, "other")], [(1, "b"), (1, "c")]])
async def test_of_several_events_all_are_written_or_none(
    journal: Journal, events: list[tuple[int, str]]
) -> None:
    await journal.append("draft-1", 0, "a")

    with pytest.raises(InvalidInputError):
        await journal.append_many("draft-1", events)
    assert await journal.read("draft-1") == [(0, "a")]


async def test_a_refused_append_does_not_start_a_draft(journal: Journal) -> None:
    with pytest.raises(InvalidInputError):
        await journal.append_many("draft-1", [(0, "a"), (0, "b")])
    await journal.append_many("draft-2", [])

    assert await journal.drafts(10) == []


async def test_a_refused_append_does_not_harm_those_written_beside_it(journal: Journal) -> None:
    await journal.append("draft-0", 0, "event")

    outcomes = await asyncio.gather(
        *(journal.append(f"draft-{n}", 0, "another") for n in range(10)), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [InvalidInputError] + [type(None)] * 9
    assert len(await journal.drafts(100)) == 10


async def test_drafts_are_listed_from_the_latest_to_begin(journal: Journal) -> None:
    for draft_id in ("first", "second", "third"):
        await journal.append(draft_id, 0, "event")
    await journal.append("first", 1, "event")

    assert await journal.drafts(2) == ["third", "second"]
    assert await journal.drafts(10) == ["third", "second", "first"]


@pytest.mark.parametrize("text", ["", "é § “quoted” 漢字 🙂", "nul \x00 inside", "x" * 1_000_000, "a\r\nb"])
async def test_any_text_comes_back_as_it_was(journal: Journal, text: str) -> None:
    await journal.append("draft-1", 0, text)

    assert await journal.read("draft-1") == [(0, text)]


@pytest.mark.parametrize(
    ("draft_id", "seq", "text"),
    [("draft-1", -1, "x"), ("draft-1", 2**63, "x"), ("draft-1", 0, "\ud800"), ("\ud800", 0, "x")],
)
async def test_what_no_file_can_hold_is_refused_by_both(
    journal: Journal, draft_id: str, seq: int, text: str
) -> None:
    with pytest.raises(InvalidInputError):
        await journal.append(draft_id, seq, text)


async def test_a_closed_journal_refuses_and_closing_again_is_harmless(journal: Journal) -> None:
    await journal.close()
    await journal.close()

    with pytest.raises(AgentUnavailableError, match="closed"):
        await journal.append("draft-1", 0, "event")
    with pytest.raises(AgentUnavailableError, match="closed"):
        await journal.read("draft-1")


# The file alone.


async def test_what_was_written_survives_the_journal(path: Path) -> None:
    first = SqliteJournal(path)
    await first.append("draft-1", 0, "event")
    await first.close()
    second = SqliteJournal(path)

    assert await second.read("draft-1") == [(0, "event")]
    await second.close()


async def test_what_was_written_survives_a_process_that_dies(path: Path) -> None:
    program = (
        "import asyncio, os, sys, pathlib\n"
        "from actors.journal import SqliteJournal\n"
        "async def main():\n"
        "    journal = SqliteJournal(pathlib.Path(sys.argv[1]))\n"
        "    await journal.append('draft-1', 0, 'event')\n"
        "    os._exit(9)\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[2]
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program, str(path)], cwd=root, check=False
    )
    journal = SqliteJournal(path)

    assert ended.returncode == 9
    assert await journal.read("draft-1") == [(0, "event")]
    await journal.close()


async def test_closing_waits_for_what_is_under_way(path: Path) -> None:
    journal = SqliteJournal(path)
    writes = [asyncio.create_task(journal.append("draft-1", seq, "event")) for seq in range(10)]
    for _ in range(3):
        await asyncio.sleep(0)  # the first ten are on their way to the thread, the others wait for their turn
    writes += [asyncio.create_task(journal.append("draft-1", seq, "event")) for seq in range(10, 20)]
    await asyncio.sleep(0)
    await journal.close()
    await asyncio.gather(*writes)

    assert journal._file._open is None, "a write after the close would have opened the file again"
    again = SqliteJournal(path)
    assert len(await again.read("draft-1")) == 20
    await again.close()


async def test_a_writer_that_was_cancelled_does_not_take_others_with_it(file_journal: SqliteJournal) -> None:
    writes = [asyncio.create_task(file_journal.append("draft-1", seq, "event")) for seq in range(3)]
    await asyncio.sleep(0)
    writes[1].cancel()
    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [type(None), asyncio.CancelledError, type(None)]


async def test_events_that_arrive_together_share_a_transaction(
    file_journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    write = JournalFile.write

    def counting(self: JournalFile, appends: list[Append]) -> object:
        sizes.append(len(appends))
        return write(self, appends)

    monkeypatch.setattr(JournalFile, "write", counting)
    await asyncio.gather(*(file_journal.append(f"draft-{n}", 0, "event") for n in range(100)))

    assert sum(sizes) == 100
    assert len(sizes) <= 2


async def test_the_file_is_for_its_owner_alone(file_journal: SqliteJournal, path: Path) -> None:
    await file_journal.append("draft-1", 0, "event")

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert "journal.sqlite-wal" in modes
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_journal_that_was_opened_to_others_is_closed_to_them_again(path: Path) -> None:
    first = SqliteJournal(path)
    await first.append("draft-1", 0, "event")
    await first.close()
    path.chmod(0o644)
    second = SqliteJournal(path)
    await second.read("draft-1")
    await second.close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    journal = SqliteJournal(folder / "journal.sqlite")
    await journal.append("draft-1", 0, "event")
    await journal.close()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


async def test_constructing_touches_no_disk(path: Path) -> None:
    await SqliteJournal(path).close()

    assert not path.parent.exists()


async def test_a_file_that_is_no_database_is_named_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("these are the minutes of a meeting, and long enough to look like something\n" * 20)
    path.chmod(0o644)
    before = path.read_bytes()
    journal = SqliteJournal(path)

    with pytest.raises(
        ResourceMissingError, match=r"journal\.sqlite is damaged, or is no journal; move it away"
    ):
        await journal.append("draft-1", 0, "event")
    await journal.close()
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


async def test_a_database_of_another_program_is_named_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE bookmarks (url TEXT)")
    foreign.close()
    before = path.read_bytes()
    journal = SqliteJournal(path)

    with pytest.raises(ResourceMissingError, match="a database of another program"):
        await journal.read("draft-1")
    await journal.close()
    assert path.read_bytes() == before


async def test_a_journal_of_a_later_format_is_refused(path: Path) -> None:
    first = SqliteJournal(path)
    await first.append("draft-1", 0, "event")
    await first.close()
    later = sqlite3.connect(path)
    later.execute("PRAGMA user_version = 99")
    later.close()
    journal = SqliteJournal(path)

    with pytest.raises(ResourceMissingError, match="has format 99"):
        await journal.read("draft-1")
    await journal.close()


async def test_a_page_that_rotted_is_an_error_and_not_an_empty_draft(path: Path) -> None:
    first = SqliteJournal(path)
    await first.append_many("draft-1", [(seq, "x" * 3000) for seq in range(50)])
    await first.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    journal = SqliteJournal(path)

    with pytest.raises(ResourceMissingError, match="damaged"):
        await journal.read("draft-1")
    await journal.close()


async def test_a_folder_in_place_of_the_file_is_a_clear_error(path: Path) -> None:
    path.mkdir(parents=True)
    journal = SqliteJournal(path)

    with pytest.raises(ResourceMissingError, match="cannot be used"):
        await journal.append("draft-1", 0, "event")
    await journal.close()


async def test_a_journal_works_once_what_was_in_the_way_is_gone(path: Path) -> None:
    path.mkdir(parents=True)
    journal = SqliteJournal(path)
    with pytest.raises(ResourceMissingError):
        await journal.append("draft-1", 0, "event")
    path.rmdir()
    await journal.append("draft-1", 0, "event")

    assert await journal.read("draft-1") == [(0, "event")]
    await journal.close()


async def test_a_full_disk_is_an_error_for_those_who_wrote_and_harms_nothing_before(path: Path) -> None:
    journal = SqliteJournal(path)
    await journal.append("draft-1", 0, "event")
    opened = journal._file._open
    assert opened is not None
    await journal._in_thread(lambda: opened.execute("PRAGMA max_page_count = 1").fetchone())

    with pytest.raises(ResourceMissingError, match="SQLITE_FULL"):
        await journal.append("draft-1", 1, "x" * 1_000_000)
    assert await journal.read("draft-1") == [(0, "event")]
    await journal.close()


async def test_a_file_locked_by_another_process_may_be_tried_again(path: Path) -> None:
    journal = SqliteJournal(path)
    await journal.append("draft-1", 0, "event")
    opened = journal._file._open
    assert opened is not None
    await journal._in_thread(lambda: opened.execute("PRAGMA busy_timeout = 0").fetchone())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(AgentUnavailableError, match="locked"):
        await journal.append("draft-1", 1, "event")
    other.execute("ROLLBACK")
    other.close()
    await journal.append("draft-1", 1, "event")
    assert len(await journal.read("draft-1")) == 2
    await journal.close()


async def test_several_journals_may_open_a_new_file_at_once_and_share_it(path: Path) -> None:
    journals = [SqliteJournal(path) for _ in range(8)]
    await asyncio.gather(
        *(journal.append(f"draft-{seq}", 0, "event") for seq in range(5) for journal in journals)
    )

    assert [len(await journal.drafts(100)) for journal in journals] == [5] * 8
    for journal in journals:
        await journal.close()
