"""A bulk run grows and shrinks with its cluster."""

import json
from pathlib import Path

from tests.chaos.bulk_cluster import drafted, finished, running_cluster, wait_for, workers
from tests.integration.bulk_files import documents, lines, write_rows
from tests.integration.lexray_command import start

ROWS = 60


def test_a_node_that_joins_drafts_rows_and_its_leaving_costs_none(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", ROWS)
    out, seen = tmp_path / "out", set[str]()
    with running_cluster(nodes=1) as cluster:
        # A PDF keeps a core busy for longer: the work must outlast the start of a node.
        bulk = ("bulk", "rows.jsonl", "--format", "md,pdf", "--address", cluster.address)
        process = start(*bulk, cwd=tmp_path)
        wait_for(lambda: drafted(out) >= 4, process)
        joined = cluster.join()

        def second_cell_came_back_for_more() -> bool:
            seen.update(worker for worker in workers(out) if not worker.partition("/")[0].endswith("-1"))
            return len(seen) > 2  # two blocks are under way to a cell: a third says that the first is done

        wait_for(second_cell_came_back_for_more, process)
        cluster.kill(joined)
        code, err = finished(process)
    assert code == 0, err
    assert len({worker.partition("/")[0] for worker in seen}) == 1
    assert len(documents(out)) == 2 * ROWS
    assert [result["id"] for result in lines(out / "results.jsonl")] == [f"r{n}" for n in range(1, ROWS + 1)]
    assert json.loads((out / "manifest.json").read_text())["counts"]["finished"] == ROWS
