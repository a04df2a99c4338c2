"""Bulk runs by models: a provider that goes away fails no row, and a run that is killed pays for little twice."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.bulk_cluster import drafted, drafted_again, finished, running_cluster, wait_for
from tests.integration.bulk_files import documents, write_rows
from tests.integration.lexray_command import start
from tests.integration.model_drafting import PARTS, WORDING
from tests.integration.redis_server import free_port
from tests.provider.process import Provider, running_provider

AWAY_S = 14.0
"""Longer than all attempts at one call together, waits included."""


@contextmanager
def provider_at(port: int) -> Iterator[Provider]:
    """Run the provider there; it writes each section as its prompt words it."""
    with running_provider(port=port, seed=3) as running:
        running.reset(profiles=True, task=PARTS, bodies=False)
        running.profile("writer", says="marked", pattern=WORDING, events=2)
        yield running


def environment(port: int) -> dict[str, str]:
    """Return the variables of a run whose sections this provider writes, with waits that a test can bear."""
    return {
        "LEXRAY_LLM_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "LEXRAY_LLM_MODEL": "writer",
        "LEXRAY_LLM_AGENTS": "draft",
        "LEXRAY_LLM_IN_FLIGHT": "4",
        "LEXRAY_LLM_FIRST_TOKEN_S": "2",
        "LEXRAY_STEP__BREAKER_OPEN_S": "3",
    }


BULK = ("bulk", "rows.jsonl", "--engine", "model", "--format", "md")


def manifest(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "manifest.json").read_text())
    return found


@pytest.mark.parametrize("how", ["gone", "stalled"])
def test_a_provider_that_is_away_for_some_seconds_fails_no_row(how: str, tmp_path: Path) -> None:
    rows = 40
    write_rows(tmp_path / "rows.jsonl", rows)
    out, port = tmp_path / "out", free_port()
    with running_cluster(nodes=1) as cluster:
        with provider_at(port) as provider:
            process = start(*BULK, "--address", cluster.address, cwd=tmp_path, env=environment(port))
            wait_for(lambda: drafted(out) >= 6, process)
            if how == "stalled":
                os.kill(provider.pid, signal.SIGSTOP)
                time.sleep(AWAY_S)
                os.kill(provider.pid, signal.SIGCONT)
                code, err = finished(process)
        if how == "gone":
            time.sleep(AWAY_S)
            at_return = drafted(out)
            with provider_at(port):
                code, err = finished(process)
            assert at_return < rows
    assert code == 0, err
    assert manifest(out)["counts"] == {"finished": rows, "degraded": 0, "failed": 0, "unfinished": 0}
    assert len(documents(out)) == rows
    assert drafted_again(out) > 0  # they were sent back, and not merely slow


def test_a_run_that_is_killed_half_way_asks_models_hardly_more_than_a_quiet_one(tmp_path: Path) -> None:
    # One cell has two rows in hand: of 120 these are less than two in a hundred.
    rows, port = 120, free_port()
    write_rows(tmp_path / "rows.jsonl", rows)
    using = environment(port) | {"LEXRAY_LLM_FIRST_TOKEN_S": "15"}  # a busy machine is no outage
    with provider_at(port) as provider, running_cluster(nodes=1) as cluster:
        there = ("--address", cluster.address)
        assert finished(start(*BULK, *there, "--out", "quiet", cwd=tmp_path, env=using))[0] == 0
        quiet_calls = len(provider.log())
        assert quiet_calls >= rows
        provider.reset()

        killed = start(*BULK, *there, cwd=tmp_path, env=using)
        wait_for(lambda: drafted(tmp_path / "out") >= rows // 2, killed)
        killed.kill()
        killed.communicate()
        assert finished(start("bulk", "--resume", "out", *there, cwd=tmp_path, env=using))[0] == 0
        calls = len(provider.log())
    assert calls <= 1.02 * quiet_calls, f"{calls} calls, {quiet_calls} in a quiet run"
    assert documents(tmp_path / "out") == documents(tmp_path / "quiet")
    assert [begun["status"] for begun in manifest(tmp_path / "out")["starts"]][-1] == "finished"
