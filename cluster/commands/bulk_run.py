"""`lexray bulk FILE`: a run begun or taken up, watched, and stopped in good order."""

import asyncio
import json
import shutil
import signal
import sys
import uuid
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from actors.config import Settings
from actors.errors import InvalidInputError
from cluster.bulk.folder import RunFolder, no_room, refuse_full
from cluster.bulk.manifest import read_manifest
from cluster.bulk.plan import BulkPlan
from cluster.bulk.rows_file import STDIN, open_rows
from cluster.bulk.run import End, Limits
from cluster.bulk.session import BulkSession
from cluster.commands.arguments import LONGEST_BUDGET_S, check_budget, check_engine, parse_day
from cluster.commands.bulk_check import options_of
from cluster.commands.bulk_view import BulkView
from cluster.commands.bulk_where import Where, crew_maker, pace_of
from cluster.commands.draft import check_models
from cluster.output import check_folder, parse_formats
from cluster.standard_output import write_text

ALL_GOOD, SOME_BAD, LIMIT, INTERRUPTED = 0, 3, 4, 130
__all__ = ["Given", "Where", "answer", "begin", "limits_of", "run", "take_up"]


@dataclass(frozen=True, slots=True)
class Given:
    """The options that a run keeps from its first start on, as given."""

    type: str | None
    jurisdiction: str | None
    column: tuple[str, ...]
    encoding: str | None
    as_of: str | None
    format: str | None
    engine: str | None
    budget: float | None


def limits_of(failures: int | None, cost: float | None, settings: Settings) -> Limits:
    """Return what ends the run early.

    Raises:
        InvalidInputError: Costs are to be bounded, and no prices are set.
    """
    if cost is not None and settings.llm.input_price is None:
        raise InvalidInputError(
            "max-cost", "without LEXRAY_LLM_INPUT_PRICE and LEXRAY_LLM_OUTPUT_PRICE nobody knows the cost"
        )
    return Limits(failures, cost)


def begin(file: str, out: Path, given: Given, settings: Settings) -> RunFolder:
    """Check everything, then begin a run in a folder of its own.

    Raises:
        RequestError: Something is wrong with the options or the file; nothing was written.
    """
    options = options_of(
        given.type, given.jurisdiction, given.column, given.encoding or "utf-8", parse_day(given.as_of)
    )
    engine = check_engine(given.engine, settings)
    folder = RunFolder(out)
    plan = BulkPlan(
        run_id=uuid.uuid4().hex,
        file=str(folder.spool if file == STDIN else Path(file).absolute()),
        encoding=options.encoding,
        columns=given.column,
        task_type=options.defaults.task_type,
        jurisdiction=given.jurisdiction,
        as_of=options.as_of,
        engine=engine,
        formats=parse_formats(given.format or "md,docx"),
        # Nobody waits for one document of many: it may wait long for a provider's permit.
        budget_s=check_budget(LONGEST_BUDGET_S if given.budget is None else given.budget, settings),
        ledger="sqlite" if settings.bulk_redis_url is None else "redis",
    )
    check_folder(out)
    refuse_full(folder)
    if file != STDIN:
        _look_into(plan)
    if engine == "model":
        asyncio.run(check_models(settings))
    try:
        folder.create()
        if file == STDIN:
            _spool(folder)
            _look_into(plan)
        folder.save(plan)
    except OSError as error:
        raise no_room(folder, error) from error
    return folder


def take_up(file: str | None, path: Path, given: Given, settings: Settings) -> RunFolder:
    """Find a run that was begun; with a file, its rows are read from there from now on.

    Raises:
        RequestError: There is none, or an option would change it.
    """
    folder = RunFolder(path)
    plan = folder.plan()
    changed = [field.name for field, value in zip(fields(given), astuple(given), strict=True) if value]
    if changed:
        name = changed[0].replace("_", "-")
        raise InvalidInputError(name, "a run that goes on keeps what it was started with")
    if file == STDIN:
        raise InvalidInputError("file", "a run that goes on does not read stdin")
    if file is not None:
        plan = plan.model_copy(update={"file": str(Path(file).absolute())})
    _look_into(plan)
    if plan.engine == "model":
        asyncio.run(check_models(settings))
    try:
        folder.create()
        folder.save(plan)
    except OSError as error:
        raise no_room(folder, error) from error
    return folder


def run(
    folder: RunFolder,
    where: Where,
    limits: Limits,
    settings: Settings,
    retry_failed: bool,
    *,
    as_json: bool,
) -> int:
    """Draft until all rows are settled, a limit is passed, or somebody stops it; return the exit code."""
    folder.refuse_running()
    view = BulkView(folder.path)
    session = BulkSession(folder, settings, retry_failed=retry_failed, told=view.show)
    with view:
        end = asyncio.run(_watched(session, where, limits, settings, view))
    manifest = read_manifest(folder)
    view.close(manifest, end, session.notices)
    if as_json:
        write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    return _code(manifest, end)


async def _watched(
    session: BulkSession, where: Where, limits: Limits, settings: Settings, view: BulkView
) -> End:
    pace = pace_of(session.plan, settings)
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    asked = 0

    def stop() -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            view.say("stopping when the documents under way are finished; Ctrl-C again drops them")
            session.stop()
        elif task is not None:
            task.cancel()

    async with crew_maker(where, session.plan, session.folder, pace, settings, view.say) as make_crew:
        # Ray has put its own in place of Python's by now.
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        try:
            return await session.run(make_crew, pace, limits)
        except asyncio.CancelledError:
            return "stopped"


def _code(manifest: Mapping[str, Any], end: End) -> int:
    if end == "stopped":
        return INTERRUPTED
    if end != "finished":
        return LIMIT
    counts = manifest["counts"]
    return SOME_BAD if counts["failed"] or counts["degraded"] else ALL_GOOD


def _look_into(plan: BulkPlan) -> None:
    """See that the file can be read and that its columns make rows.

    Raises:
        RequestError: They do not.
    """
    with open_rows(plan.file, plan.encoding) as reading:
        if reading.columns is not None:
            plan.column_map.check_header(reading.columns)
        if next(iter(reading.records), None) is None:
            raise InvalidInputError("file", "it holds no rows")


def _spool(folder: RunFolder) -> None:
    """Keep what stdin says: a run that goes on cannot ask for it again."""
    if sys.stdin is None:
        raise InvalidInputError("file", "stdin is closed")
    with folder.spool.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)


def answer(value: object, lines: str, *, as_json: bool) -> None:
    """Write what a dry run found."""
    write_text((json.dumps(value, ensure_ascii=False, indent=2) if as_json else lines) + "\n")
