"""Bulk drafts by models: rows wait while their provider is out, and costs end a run."""

import datetime
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.config import Settings
from actors.model_settings import ModelSettings
from cluster.bulk.cell import Cell
from cluster.bulk.crew import Pace
from cluster.bulk.crew_inline import InlineCrew
from cluster.bulk.folder import RunFolder
from cluster.bulk.plan import BulkPlan
from cluster.bulk.run import Limits
from cluster.bulk.session import BulkSession
from tests.integration.bulk_files import documents, lines, write_rows
from tests.provider.process import Provider, running_provider
from tests.provider.turns import Turn

PACE = Pace(block_rows=1, blocks=4, at_once=4)
WORDING = r"<<<DATA \w+ approved wording[^\n]*\n(.*?)\nDATA \w+>>>"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        running.profile("m", says="marked", pattern=WORDING)
        yield running


def settings_for(provider: Provider, tmp_path: Path) -> Settings:
    models = ModelSettings(
        base_url=provider.base_url,
        model="m",
        agents=("draft",),
        input_price=1.0,
        output_price=1.0,
    )
    quick = {"attempts": 2, "wait_factor": 1.0, "breaker_open_s": 1.0}
    return Settings(home=tmp_path / "home", llm=models, step=quick)


def session_for(tmp_path: Path, settings: Settings, count: int) -> BulkSession:
    folder = RunFolder(tmp_path / "out")
    folder.create()
    folder.save(
        BulkPlan(
            run_id=uuid.uuid4().hex,
            file=str(write_rows(tmp_path / "rows.jsonl", count)),
            encoding="utf-8",
            columns=(),
            task_type=None,
            jurisdiction=None,
            as_of=datetime.date(2026, 11, 22),
            engine="model",
            formats=("md",),
            budget_s=600.0,
            ledger="sqlite",
        )
    )
    return BulkSession(folder, settings)


def crew_for(session: BulkSession, settings: Settings) -> InlineCrew:
    return InlineCrew(Cell(settings, session.plan, session.folder.path, None, PACE.at_once))


async def test_rows_wait_while_their_provider_is_out_and_none_is_degraded_by_it(
    tmp_path: Path, provider: Provider
) -> None:
    settings = settings_for(provider, tmp_path)
    session = session_for(tmp_path, settings, 8)
    provider.script(*[Turn(kind="status", status=503) for _ in range(10)])

    end = await session.run(lambda: crew_for(session, settings), PACE, Limits())

    assert end == "finished"
    assert session.figures.outages >= 1
    assert (session.figures.finished, session.figures.degraded, session.figures.failed) == (8, 0, 0)
    assert len(documents(session.folder.path)) == 8


async def test_a_run_ends_when_its_models_cost_more_than_it_may(tmp_path: Path, provider: Provider) -> None:
    settings = settings_for(provider, tmp_path)
    session = session_for(tmp_path, settings, 20)

    end = await session.run(lambda: crew_for(session, settings), PACE, Limits(cost=0.03))

    assert end == "max_cost"
    results = lines(session.folder.path / "results.jsonl")
    assert 0 < len(results) < 20
    assert sum(result["cost"] for result in results) > 0.03
