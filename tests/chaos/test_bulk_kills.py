"""A bulk run over three nodes comes to what a quiet run comes to, whatever is killed in its middle.

Each test is one `lexray chaos`; what it prints holds the seed with which it can be repeated.
"""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from cluster.chaos.plan import VICTIMS
from tests.chaos.bulk_cluster import chaos


def test_node_cell_agent_driver_and_redis_are_killed_and_no_row_is_lost_or_doubled(
    tmp_path: Path, redis_binary: str
) -> None:
    verdict = chaos("--seed", "2", "--rows", "60", cwd=tmp_path)
    assert verdict["complaints"] == []
    assert {kill["victim"] for kill in verdict["killed"]} == set(VICTIMS)
    assert (verdict["tally"]["done"], verdict["tally"]["failed"]) == (57, 3)
    assert verdict["starts"] == 2


def test_with_a_ledger_in_a_file_the_driver_may_die_twice(tmp_path: Path) -> None:
    verdict = chaos("--seed", "5", "--rows", "60", "--kill", "driver,driver,cell,node", cwd=tmp_path)
    assert verdict["complaints"] == []
    assert Counter(kill["victim"] for kill in verdict["killed"]) == {"driver": 2, "cell": 1, "node": 1}
    assert verdict["starts"] == 3


@pytest.fixture(scope="session")
def redis_binary() -> str:
    """Something to kill; the test is skipped by name where there is none."""
    import os

    binary = os.environ.get("LEXRAY_TEST_REDIS_SERVER") or shutil.which("redis-server")
    if not binary:
        pytest.skip("no redis-server: LEXRAY_TEST_REDIS_SERVER is not set and none is on PATH")
    return binary
