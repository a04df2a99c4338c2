"""A bulk run settles each row once, whatever becomes of its cells, its provider or its ledger."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.errors import AgentUnavailableError
from cluster.bulk.checks import Defaults
from cluster.bulk.columns import ColumnMap
from cluster.bulk.crew import Pace
from cluster.bulk.feed import Feed
from cluster.bulk.figures import Figures
from cluster.bulk.folder import RunFolder
from cluster.bulk.ledger import DEADLY, Claim
from cluster.bulk.ledger_sqlite import SqliteLedger
from cluster.bulk.rows import Reading, Record
from cluster.bulk.run import BulkRun, Limits
from cluster.bulk.work import Outcome, WorkRow
from tests.unit.bulk_cells import Act, ScriptedCell, ScriptedCrew, drafted

PACE = Pace(block_rows=2, blocks=2, at_once=1)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path)
    folder.create()
    return folder


@pytest.fixture
def ledger(folder: RunFolder) -> Iterator[SqliteLedger]:
    ledger = SqliteLedger(folder.ledger)
    yield ledger
    ledger.close()


def feed_of(ledger: SqliteLedger, count: int, first: int = 1) -> Feed:
    records = (
        Record(number, f"line {number}", {"id": f"r{number}", "message": f"Mutual NDA {number}"})
        for number in range(first, first + count)
    )
    return Feed(Reading(None, records), ColumnMap(), Defaults(), ledger, lambda: None)


def run_of(
    ledger: SqliteLedger,
    folder: RunFolder,
    crew: ScriptedCrew,
    count: int = 10,
    limits: Limits | None = None,
) -> BulkRun:
    return BulkRun(feed_of(ledger, count), ledger, folder, crew, PACE, limits or Limits(), Figures())


def documents(folder: RunFolder) -> set[str]:
    return {path.stem for path in (folder.path / "documents").iterdir()}


def rows(count: int) -> set[str]:
    return {f"r{number}" for number in range(1, count + 1)}


async def test_every_row_has_its_document_under_its_own_name(ledger: SqliteLedger, folder: RunFolder) -> None:
    run = run_of(ledger, folder, ScriptedCrew(ScriptedCell("a"), ScriptedCell("b")))
    assert await run.run() == "finished"
    assert documents(folder) == rows(10)
    assert ledger.counts()["done"] == run.figures.finished == 10


async def test_a_cell_never_has_more_than_its_blocks_in_hand(ledger: SqliteLedger, folder: RunFolder) -> None:
    cell = ScriptedCell("a")
    await run_of(ledger, folder, ScriptedCrew(cell), 20).run()
    assert cell.most_rows == PACE.block_rows * PACE.blocks


async def test_a_cell_that_joins_later_gets_rows(ledger: SqliteLedger, folder: RunFolder) -> None:
    late = ScriptedCell("late")
    await run_of(ledger, folder, ScriptedCrew(ScriptedCell("a"), later=[(2.0, late)]), 20).run()
    assert late.blocks
    assert documents(folder) == rows(20)


async def test_a_row_that_kills_its_cell_three_times_fails_and_no_other_does(
    ledger: SqliteLedger, folder: RunFolder
) -> None:
    crew = ScriptedCrew(*(ScriptedCell(name, deadly=["r4"]) for name in "ab"))
    run = run_of(ledger, folder, crew)
    assert await run.run() == "finished"
    assert documents(folder) == rows(10) - {"r4"}
    assert [(kept.entry.id, kept.note) for kept in ledger.rows("failed")] == [("r4", DEADLY)]
    assert run.figures.failed == 1


async def test_a_suspect_is_drafted_with_nothing_beside_it(ledger: SqliteLedger, folder: RunFolder) -> None:
    cell = ScriptedCell("a", deadly=["r4"])
    await run_of(ledger, folder, ScriptedCrew(cell)).run()
    blocks_with_it = [block for block in cell.blocks if "r4" in block]
    assert blocks_with_it[1:] == [["r4"], ["r4"]]


async def test_rows_of_a_lost_machine_bear_no_blame_and_are_drafted_elsewhere(
    ledger: SqliteLedger, folder: RunFolder
) -> None:
    lost = ScriptedCell("lost", deadly=["r1"], blameless=True)
    run = run_of(ledger, folder, ScriptedCrew(lost, later=[(5.0, ScriptedCell("b"))]))
    assert await run.run() == "finished"
    assert documents(folder) == rows(10)
    assert {kept.deaths for kept in ledger.rows("done")} == {0}
    assert run.figures.cells == 1


class Outage:
    """A provider that is out until a moment."""

    def __init__(self, until_s: float) -> None:
        self._until_s = until_s
        self.asked = 0

    def __call__(self, work: WorkRow) -> Outcome:
        if asyncio.get_running_loop().time() < self._until_s:
            self.asked += 1
            return Outcome(work.row.id, "outage", "the provider is out")
        return drafted(work)


async def test_an_outage_parks_rows_and_fails_none(ledger: SqliteLedger, folder: RunFolder) -> None:
    outage = Outage(asyncio.get_running_loop().time() + 300.0)
    run = run_of(ledger, folder, ScriptedCrew(ScriptedCell("a", outage)), 40)
    assert await run.run() == "finished"
    assert documents(folder) == rows(40)
    assert run.figures.failed == 0
    assert outage.asked < 20  # of 40 rows: single ones probed, ever less often


async def test_a_row_that_alone_is_sent_back_again_and_again_gets_a_stand_in(
    ledger: SqliteLedger, folder: RunFolder
) -> None:
    def act(work: WorkRow) -> Outcome:
        if work.row.id == "r1" and work.patient:
            return Outcome("r1", "outage", "the provider is out")
        return drafted(work, "finished" if work.patient else "degraded")

    run = run_of(ledger, folder, ScriptedCrew(ScriptedCell("a", act)), 30)
    assert await run.run() == "finished"
    assert run.figures.degraded == 1
    assert documents(folder) == rows(30)


async def test_a_run_that_is_stopped_finishes_what_is_under_way_and_another_does_the_rest(
    ledger: SqliteLedger, folder: RunFolder
) -> None:
    cell = ScriptedCell("a")
    run = run_of(ledger, folder, ScriptedCrew(cell), 20)
    task = asyncio.create_task(run.run())
    await asyncio.sleep(3.0)
    run.stop()
    assert await task == "stopped"
    handed_out = {row for block in cell.blocks for row in block}
    assert documents(folder) == handed_out
    assert ledger.counts()["claimed"] == 0

    assert await run_of(ledger, folder, ScriptedCrew(ScriptedCell("b")), 20).run() == "finished"
    assert documents(folder) == rows(20)
    assert {kept.attempt for kept in ledger.rows("done")} == {1}


async def test_a_run_that_is_broken_off_leaves_its_rows_to_the_next(
    ledger: SqliteLedger, folder: RunFolder
) -> None:
    task = asyncio.create_task(run_of(ledger, folder, ScriptedCrew(ScriptedCell("a")), 20).run())
    await asyncio.sleep(3.0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ledger.release_claims() == 4
    assert await run_of(ledger, folder, ScriptedCrew(ScriptedCell("b")), 20).run() == "finished"
    assert documents(folder) == rows(20)


@pytest.mark.parametrize(
    ("act", "limits", "end"),
    [
        (lambda work: Outcome(work.row.id, "failed", "no"), Limits(failures=3), "max_failures"),
        (lambda work: drafted(work, cost=1.0), Limits(cost=3.0), "max_cost"),
    ],
)
async def test_a_limit_ends_the_run_soon_after_it_is_passed(
    ledger: SqliteLedger, folder: RunFolder, act: Act, limits: Limits, end: str
) -> None:
    run = run_of(ledger, folder, ScriptedCrew(ScriptedCell("a", act)), 40, limits)
    assert await run.run() == end
    assert 3 < run.figures.settled <= 3 + PACE.block_rows * (PACE.blocks + 1)


async def test_a_claim_that_was_ended_meanwhile_gets_no_document(
    ledger: SqliteLedger, folder: RunFolder
) -> None:
    def act(work: WorkRow) -> Outcome:
        if work.claim.attempt == 1:
            ledger.worker_died(work.claim.worker)
        return drafted(work)

    run = run_of(ledger, folder, ScriptedCrew(ScriptedCell("a", act)), 4)
    await run.run()
    assert documents(folder) == set()
    assert ledger.counts()["waiting"] == 4

    await run_of(ledger, folder, ScriptedCrew(ScriptedCell("a")), 4).run()
    assert (folder.path / "documents/r1.md").read_text() == "r1 by 2"


async def test_a_ledger_that_is_away_for_a_while_costs_no_row(
    ledger: SqliteLedger, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter([True] * 5)
    commit = ledger.commit

    def sometimes(claim: Claim, result: str) -> bool:
        if next(away, False):
            raise AgentUnavailableError("ledger", "away")
        return commit(claim, result)

    monkeypatch.setattr(ledger, "commit", sometimes)
    assert await run_of(ledger, folder, ScriptedCrew(ScriptedCell("a"))).run() == "finished"
    assert documents(folder) == rows(10)


async def test_an_error_of_the_machine_ends_the_run(ledger: SqliteLedger, folder: RunFolder) -> None:
    (folder.path / "documents/r3.md").mkdir()
    with pytest.raises(Exception, match="make room there"):
        await run_of(ledger, folder, ScriptedCrew(ScriptedCell("a"))).run()
    assert ledger.find("r3").state != "done"  # type: ignore[union-attr]
