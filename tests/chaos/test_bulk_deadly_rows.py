"""A row that kills its worker three times fails with that reason, and takes no other row with it."""

from pathlib import Path

import pytest

from actors.config import Settings
from cluster.bulk import crew_ray
from cluster.bulk.ledger import DEADLY as REASON
from tests.chaos.deadly_cell import DEADLY, DeadlyBulkCell
from tests.integration.bulk_files import documents, lines, write_rows
from tests.integration.test_bulk_ray import begun, drafted

pytestmark = pytest.mark.usefixtures("local_ray")


async def test_only_the_deadly_rows_fail(
    tmp_path: Path, ray_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew_ray, "BulkCell", DeadlyBulkCell)
    deadly = {"r5": {"id": f"{DEADLY}-1"}, "r14": {"id": f"{DEADLY}-2"}}
    folder = begun(tmp_path, write_rows(tmp_path / "rows.jsonl", 24, **deadly))

    end, figures = await drafted(folder, ray_settings)

    assert end == "finished"
    failures = {failure["id"]: failure for failure in lines(folder.path / "failures.jsonl")}
    assert set(failures) == {f"{DEADLY}-1", f"{DEADLY}-2"}
    for failure in failures.values():
        assert failure["reason"] == REASON
        assert failure["attempts"] == 3
    assert figures.failed == 2
    assert figures.died >= 5  # once they may have died together
    assert len(documents(folder.path)) == 22
