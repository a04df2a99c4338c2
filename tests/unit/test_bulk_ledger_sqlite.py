"""The ledger in a SQLite file."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.errors import AgentUnavailableError, ResourceMissingError
from cluster.bulk.ledger import Ledger
from cluster.bulk.ledger_sqlite import SqliteLedger
from tests.unit.bulk_ledger_cases import LedgerCases, claimed, registered


class TestSqliteLedger(LedgerCases):
    @pytest.fixture
    def ledger(self, tmp_path: Path) -> Iterator[Ledger]:
        ledger = SqliteLedger(tmp_path / "ledger.sqlite")
        yield ledger
        ledger.close()


def test_what_was_noted_is_there_in_the_next_process(tmp_path: Path) -> None:
    first = SqliteLedger(tmp_path / "ledger.sqlite")
    registered(first, "a", "b")
    first.commit(claimed(first, "a"), "a/document.md")
    first.close()
    second = SqliteLedger(tmp_path / "ledger.sqlite")
    assert [kept.note for kept in second.rows("done")] == ["a/document.md"]
    assert [one.standing for one in registered(second, "a", "b", "c")] == ["known", "known", "new"]
    second.close()


def test_two_connections_never_claim_the_same_row(tmp_path: Path) -> None:
    first, second = (SqliteLedger(tmp_path / "ledger.sqlite") for _ in range(2))
    registered(first, "a")
    assert second.claim("a", "first a", "cell-2") is not None
    assert first.claim("a", "first a", "cell-1") is None
    first.close()
    second.close()


def test_a_locked_ledger_may_be_tried_again(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.sqlite")
    registered(ledger, "a")
    ledger._sql.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(AgentUnavailableError, match="locked"):
        claimed(ledger, "a")
    other.execute("ROLLBACK")
    other.close()
    assert claimed(ledger, "a").attempt == 1
    ledger.close()


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ResourceMissingError, match="no ledger of this version"):
        SqliteLedger(path)
    assert path.read_bytes() == before
    path.write_bytes(b"no database at all, but some bytes" * 100)
    with pytest.raises(ResourceMissingError, match="cannot be used"):
        SqliteLedger(path)


def test_a_ledger_without_a_file_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = SqliteLedger(None)
    registered(ledger, "a")
    ledger.close()
    assert list(tmp_path.iterdir()) == []
