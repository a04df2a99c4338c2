"""`lexray draft`: one request, one document."""

import asyncio
import datetime
import json
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from actors.config import Settings
from actors.domain.intake.facts import read_facts
from actors.domain.intake.request_text import check_request_text
from actors.domain.intake.understand import understand
from actors.errors import InvalidInputError
from actors.messages import DraftRequest
from actors.ports import AgentPort
from actors.progress import DraftProgress
from actors.report import report_of
from cluster.client import follow
from cluster.output import Format, check_folder, write_document
from cluster.progress_view import ProgressView, write_text
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


def draft(message: str, options: DraftOptions, settings: Settings) -> int:
    """Draft one document and return the exit code.

    Raises:
        RequestError: The input is refused; nothing was started or written.
    """
    request = request_of(message, options)
    check_folder(options.out)
    return asyncio.run(_draft(request, options, settings))


def request_of(message: str, options: DraftOptions) -> DraftRequest:
    """Check the input the way intake will, so that wrong input is refused before anything is started."""
    facts = _read_facts_file(options.facts) if options.facts else None
    text = check_request_text(message)
    understand(
        text,
        task_type=options.task_type,
        jurisdiction=options.jurisdiction,
        facts=read_facts(facts) if facts else None,
        as_of=options.as_of,
    )
    return DraftRequest(
        draft_id=uuid.uuid4().hex,
        session_id="command-line",
        message=text,
        task_type=options.task_type,
        jurisdiction=options.jurisdiction,
        facts_json=facts,
        as_of=options.as_of,
        use_parallel=not options.sequential,
        budget_s=options.budget_s,
    )


async def _draft(request: DraftRequest, options: DraftOptions, settings: Settings) -> int:
    progress = DraftProgress()
    with ProgressView(stream_text=options.stream and not options.as_json) as view:
        async with coordinator(options, settings, view) as port:
            async for event in follow(port, request):
                progress = progress.updated(event)
                view.show(event, progress)
    report = report_of(progress)
    code = EXIT[progress.status or "failed"]
    if code in {0, 3}:
        files = write_document(options.out, progress, report, options.formats)
        _summary(report, files)
    else:
        print(f"lexray: {report['error']['message'] if report['error'] else 'cancelled'}", file=sys.stderr)  # noqa: T201
    if options.as_json:
        write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return code


@asynccontextmanager
async def coordinator(
    options: DraftOptions, settings: Settings, view: ProgressView
) -> AsyncIterator[AgentPort]:
    """Find a coordinator: in this process, in the cluster of `lexray up`, or in a Ray started for this draft."""
    if options.inline:
        from cluster.inline import InlineFleet

        yield InlineFleet(settings).port("coordinator")
        return
    state = read_state(settings.folder)
    from cluster import ray_session  # imports Ray: a second that `--inline` need not wait

    if state is not None:
        view.say(f"joining the cluster at {state.address}")
        ray_session.join_ray(settings, state.address)
        yield ray_session.find_agent("coordinator")
        return
    view.say("starting Ray (a few seconds; `lexray up` keeps one running)")
    from cluster.launch import start_fleet

    with ray_session.own_ray(settings):
        running = start_fleet(settings, settings.folder / "journal.sqlite")
        yield running.port("coordinator")
        running.handles.clear()  # until here they kept the actors alive


def _read_facts_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidInputError("facts", f"{path} cannot be read ({reason})") from error


def _summary(report: dict, files: list[Path]) -> None:  # type: ignore[type-arg]
    """Tell what was made and what a person must look at."""
    console = Console(stderr=True, highlight=False)
    found = [*report["review"]["findings"], *report["validation"]["findings"]]
    states = [citation["state"] for citation in report["citations"]]
    table = Table.grid(padding=(0, 2))
    table.add_row("document", report["document"]["title"])
    table.add_row("status", report["status"])
    table.add_row("open points", str(len(report["open_points"])))
    table.add_row(
        "findings",
        ", ".join(f"{sum(f['severity'] == s for f in found)} {s}" for s in ("error", "warning", "info")),
    )
    table.add_row(
        "citations",
        ", ".join(f"{states.count(s)} {s.replace('_', ' ')}" for s in dict.fromkeys(states)) or "none",
    )
    table.add_row("for a lawyer", f"{len(report['validation']['for_lawyer'])} rules that code cannot decide")
    table.add_row("files", "\n".join(str(file) for file in files))
    console.print(table)
