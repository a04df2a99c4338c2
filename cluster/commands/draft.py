"""`lexray draft`: one request, one document."""

import asyncio
import datetime
import importlib
import json
import sys
import threading
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from actors.config import Settings
from actors.document_files import Format
from actors.domain.intake.facts import read_facts
from actors.domain.intake.json_text import LIMIT_BYTES
from actors.draft_reader import follow
from actors.live_reader import LiveReader
from actors.messages import DraftRequest, Engine
from actors.ordering import checked
from actors.ports import Neighbours
from actors.progress import DraftProgress
from actors.report import report_of
from actors.resilience.parallel import ParallelExecutor
from cluster.commands.arguments import read_bounded
from cluster.commands.summary import show_summary
from cluster.output import check_folder, write_document
from cluster.progress_view import ProgressView
from cluster.standard_output import write_text
from cluster.state_file import read_state

EXIT = {"finished": 0, "degraded": 3, "refused": 2, "failed": 1, "cancelled": 130}
"""Exit code by how the draft ended."""


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """What the command line says besides the message."""

    task_type: str | None
    jurisdiction: str | None
    facts: Path | None
    as_of: datetime.date
    out: Path
    formats: tuple[Format, ...]
    as_json: bool
    sequential: bool
    stream: bool
    budget_s: float
    inline: bool
    engine: Engine


def draft(message: str, options: DraftOptions, settings: Settings) -> int:
    """Draft one document and return the exit code.

    Raises:
        RequestError: The input is refused; nothing was started or written.
    """
    request = request_of(message, options)
    check_folder(options.out)
    if options.engine == "model":
        asyncio.run(check_models(settings))
    return _result(asyncio.run(_draft(request, options, settings)), options)


def request_of(message: str, options: DraftOptions) -> DraftRequest:
    """Check the input the way intake will, so that wrong input is refused before anything is started."""
    facts = None if options.facts is None else read_bounded(options.facts, "facts", LIMIT_BYTES)
    if facts is not None:
        read_facts(facts)  # names a byte that is no UTF-8
    return checked(
        DraftRequest(
            draft_id=uuid.uuid4().hex,
            session_id="command-line",
            message=message,
            task_type=options.task_type,
            jurisdiction=options.jurisdiction,
            facts_json=None if facts is None else facts.decode("utf-8-sig"),
            as_of=options.as_of,
            engine=options.engine,
            use_parallel=not options.sequential,
            budget_s=options.budget_s,
        )
    )


async def check_models(settings: Settings) -> None:
    """See that the configured models are there, before anything is started.

    Raises:
        InvalidInputError: None is configured.
        ModelEndpointError: One is not there.
    """
    from cluster.model_preflight import check_endpoint

    await ParallelExecutor.run_parallel(check_endpoint(endpoint) for endpoint in settings.llm.endpoints())


async def _draft(request: DraftRequest, options: DraftOptions, settings: Settings) -> DraftProgress:
    progress = DraftProgress()
    with ProgressView(stream_text=options.stream and not options.as_json) as view:
        async with fleet_of(options, settings, view) as fleet:
            # A screen shows words as they are written; a file or a pipe gets whole sections, which nobody takes back.
            live = LiveReader(fleet.port("draft")) if sys.stdout.isatty() else None
            async for event in follow(fleet.port("coordinator"), request, live):
                progress = progress.updated(event)
                view.show(event, progress)
    return progress


def _result(progress: DraftProgress, options: DraftOptions) -> int:
    """Write the files and say what became of the draft; return the exit code."""
    report = report_of(progress)
    code = EXIT[progress.status or "failed"]
    if code in {0, 3}:
        show_summary(report, write_document(options.out, progress, report, options.formats))
    elif report["error"]:
        print(f"lexray: {report['error']['message']}; no document was written", file=sys.stderr)  # noqa: T201
    if options.as_json:
        write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return code


@asynccontextmanager
async def fleet_of(
    options: DraftOptions, settings: Settings, view: ProgressView
) -> AsyncIterator[Neighbours]:
    """Find the agents: in this process, in the cluster of `lexray up`, or started for this draft.

    They are started on the cluster that `RAY_ADDRESS` names, as it does in a job; without one, on a Ray of their own.
    """
    if options.inline:
        from cluster.inline import InlineFleet

        yield InlineFleet(settings)
        return
    state = read_state(settings.folder)
    from cluster import ray_session  # imports Ray: a second that `--inline` need not wait

    if state is not None:
        view.say(f"joining the cluster at {state.address}")
        ray_session.join_ray(settings, state.address)
        yield ray_session.Joined()
        return
    address = ray_session.address_given()
    if address is not None:
        view.say(f"starting the agents on the cluster at {address}")
        ray_session.join_ray(settings, address)
        from cluster.launch import start_fleet

        # In memory: the coordinator may run on a node that has no folder of ours.
        running = start_fleet(settings, None, ray_session.namespace_of_job())
        yield running
        running.handles.clear()
        return
    view.say("starting Ray (a few seconds; `lexray up` keeps one running)")
    # Ray's servers take seconds to come up, most of which this process only waits.
    loading = threading.Thread(target=importlib.import_module, args=("cluster.launch",))
    loading.start()
    with ray_session.own_ray(settings):
        loading.join()
        from cluster.launch import start_fleet

        running = start_fleet(settings, settings.folder / "journal.sqlite")
        yield running
        running.handles.clear()  # until here they kept the actors alive
