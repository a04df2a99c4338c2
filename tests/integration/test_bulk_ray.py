"""A bulk run on Ray: every core drafts, and rows survive their cells."""

import datetime
import os
import signal
import threading
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from actors.config import Settings
from actors.document_files import Format
from cluster.bulk.cell import Cell
from cluster.bulk.crew import LIBRARY
from cluster.bulk.crew_inline import InlineCrew
from cluster.bulk.figures import Figures
from cluster.bulk.folder import RunFolder
from cluster.bulk.plan import BulkPlan
from cluster.bulk.run import End, Limits
from cluster.bulk.session import BulkSession
from cluster.commands.bulk_where import joined_crew
from tests.integration.bulk_files import documents, lines, write_rows

pytestmark = pytest.mark.usefixtures("local_ray")


def begun(tmp_path: Path, rows: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "out")
    folder.create()
    folder.save(
        BulkPlan(
            run_id=uuid.uuid4().hex,
            file=str(rows),
            encoding="utf-8",
            columns=(),
            task_type=None,
            jurisdiction=None,
            as_of=datetime.date(2026, 11, 22),
            engine="library",
            formats=("md",),
            budget_s=120.0,
            ledger="sqlite",
        )
    )
    return folder


async def drafted(
    folder: RunFolder, settings: Settings, told: Callable[[Figures], None] = lambda _: None
) -> tuple[End, Figures]:
    session = BulkSession(folder, settings, told=told)
    async with joined_crew(session.plan, folder, LIBRARY, settings) as make_crew:
        return await session.run(make_crew, LIBRARY, Limits()), session.figures


async def test_every_core_has_a_cell_and_research_is_done_once(
    tmp_path: Path, ray_settings: Settings
) -> None:
    folder = begun(tmp_path, write_rows(tmp_path / "rows.jsonl", 16))
    most_cells = 0

    def told(figures: Figures) -> None:
        nonlocal most_cells
        most_cells = max(most_cells, figures.cells)

    end, figures = await drafted(folder, ray_settings, told)
    assert end == "finished"
    assert most_cells == os.cpu_count()
    assert (figures.research, figures.cached) == (16, 15)
    assert len(documents(folder.path)) == 16


async def test_killed_cells_cost_no_row(tmp_path: Path, ray_settings: Settings) -> None:
    folder = begun(tmp_path, write_rows(tmp_path / "rows.jsonl", 40))
    killed: list[int] = []

    def told(figures: Figures) -> None:
        if figures.settled >= 8 * (len(killed) + 1) and len(killed) < 2:
            killed.append(kill_a_cell())

    end, figures = await drafted(folder, ray_settings, told)
    assert end == "finished"
    assert len(killed) == 2
    assert figures.died >= 2
    assert figures.failed == 0
    assert len(documents(folder.path)) == 40
    ids = [result["id"] for result in lines(folder.path / "results.jsonl")]
    assert ids == [f"r{n}" for n in range(1, 41)]


def kill_a_cell() -> int:
    """Kill the process of one cell; its title names its class."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                title = (entry / "cmdline").read_bytes()
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if title.startswith(b"ray::BulkCell") and is_below_us(int(parent)):
                os.kill(int(entry.name), signal.SIGKILL)
                return int(entry.name)
    raise AssertionError("there is no cell")


def is_below_us(pid: int) -> bool:
    """Tell whether a process is this test's own Ray's: others may run on the machine."""
    while pid > 1:
        if pid == os.getpid():
            return True
        try:
            pid = int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


async def test_a_cell_that_does_not_see_the_folder_hands_its_documents_over(
    tmp_path: Path, ray_settings: Settings
) -> None:
    folder = begun(tmp_path, write_rows(tmp_path / "rows.jsonl", 4))
    plan = folder.plan()
    session = BulkSession(folder, ray_settings)
    cell = Cell(ray_settings, plan, tmp_path / "elsewhere", None, 1)
    assert await session.run(lambda: InlineCrew(cell), LIBRARY, Limits()) == "finished"
    assert len(documents(folder.path)) == 4


async def test_a_row_is_drafted_while_another_ones_document_goes_to_disk(
    tmp_path: Path, ray_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begun(tmp_path, write_rows(tmp_path / "rows.jsonl", 2))
    cell = Cell(ray_settings, folder.plan(), folder.path, None, at_once=1)
    second, stage = threading.Event(), RunFolder.stage

    def slow_for_the_first(of: RunFolder, row_id: str, fence: int, contents: Mapping[Format, bytes]) -> None:
        if row_id == "r2":
            second.set()
        assert second.wait(20)
        stage(of, row_id, fence, contents)

    monkeypatch.setattr(RunFolder, "stage", slow_for_the_first)
    session = BulkSession(folder, ray_settings)
    assert await session.run(lambda: InlineCrew(cell), LIBRARY, Limits()) == "finished"
    assert len(documents(folder.path)) == 2
