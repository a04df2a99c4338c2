"""A cell: all agents of the pipeline in one process, which drafts rows one after the other, or several at once."""

import asyncio
import hashlib
import importlib
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from actors.config import Settings
from actors.document_files import document_bytes
from actors.draft_alone import draft_alone
from actors.errors import ResourceMissingError
from actors.events import AnyEvent
from actors.messages import LAYERS, DraftRequest
from actors.ports import AgentPort
from actors.progress import DraftProgress
from actors.report import report_of
from cluster.bulk.folder import RunFolder, file_name
from cluster.bulk.outage import ProviderOutError, outage_in, outage_of
from cluster.bulk.plan import BulkPlan
from cluster.bulk.result import as_note, result_of
from cluster.bulk.work import Outcome, WorkRow
from cluster.inline import InlineFleet
from cluster.versions import versions

logger = logging.getLogger(__name__)

_OF_MODELS = ("openai", "actors.model_step", "actors.consulting", "actors.section_writing")


class Cell:
    """Drafts rows. Between the agents nothing is serialised and no process is crossed.

    A restart loses the rows under way: they are drafted again. Agents, policies and documents are those of a single
    draft; there is no coordinator, since nobody reads along, and no journal, since the ledger remembers.

    Args:
        settings: Policies and models.
        plan: The run.
        folder: Where its documents go; a cell that does not see it hands them over.
        cache: The cache of research that all cells share; `None`: one of its own.
        at_once: Rows under way at a time. One where code writes: a second would only wait for the same core.
    """

    def __init__(
        self, settings: Settings, plan: BulkPlan, folder: Path, cache: AgentPort | None, at_once: int
    ) -> None:
        self._plan, self._folder = plan, RunFolder(folder)
        self._sees_folder = self._folder.is_of(plan.run_id)
        fleet = InlineFleet(settings, neighbours={} if cache is None else {"cache": cache})
        self._agents: dict[str, AgentPort] = {layer: fleet.agent(layer) for layer in LAYERS}
        self._permits = asyncio.Semaphore(at_once)
        if plan.engine == "model":
            # A cell counts as ready when it is: its first row need not wait for prompts and the SDK.
            for module in _OF_MODELS:
                importlib.import_module(module)
        self._under_way = 0

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        """Draft rows, and return what became of each, in their order.

        Raises:
            ResourceMissingError: The run's folder is full or went away.
        """
        return await asyncio.gather(*(self._permitted(work) for work in block))

    async def _permitted(self, work: WorkRow) -> Outcome:
        async with self._permits:
            self._under_way += 1
            begun_s = time.process_time()
            try:
                outcome = await self._drafted(work)
            finally:
                share = self._under_way
                self._under_way -= 1
            outcome = _with_cpu(outcome, (time.process_time() - begun_s) / share)
        # Another row is drafted while the disk takes its time to say that all is there.
        return await self._staged(work, outcome) if outcome.files and self._sees_folder else outcome

    async def _drafted(self, work: WorkRow) -> Outcome:
        try:
            progress = await draft_alone(
                request_of(work, self._plan),
                self._agents,
                versions(self._plan.engine),
                # A probe goes to its end: given up, it would take back the call that closes the breaker.
                _refuse_outage if work.patient and not work.probe else None,
            )
        except Exception as error:
            # A defect meets one row; the others go on.
            logger.exception("a row failed on a defect of lexray")
            return Outcome(work.row.id, "failed", f"lexray has a defect here ({type(error).__name__})")
        if work.patient and (reason := outage_of(progress)):
            return Outcome(work.row.id, "outage", reason)
        if progress.end is None or progress.end.type != "draft.finished":
            return Outcome(work.row.id, "failed", _reason(progress))
        return self._finished(work, progress)

    def _finished(self, work: WorkRow, progress: DraftProgress) -> Outcome:
        row_id, formats = work.row.id, self._plan.formats
        report = report_of(progress)
        result = result_of(report, [file_name(row_id, form) for form in formats])
        return Outcome(
            id=row_id,
            kind="degraded" if progress.degraded else "finished",
            told=as_note(result),
            files=tuple((form, document_bytes(form, progress, report)) for form in formats),
            cost=float(result.get("cost", 0.0)),
            cached=_cached(report),
        )

    async def _staged(self, work: WorkRow, outcome: Outcome) -> Outcome:
        """Write the files of a row under fresh names; return its outcome without their contents."""
        contents = {form: content for form, content in outcome.files if content is not None}
        try:
            await asyncio.to_thread(self._folder.stage, work.row.id, work.claim.fence, contents)
        except OSError as error:
            what = f"a document could not be written to {self._folder.path} ({error.strerror})"
            raise ResourceMissingError(what, "make room there, and go on with --resume") from error
        return replace(outcome, files=tuple((form, None) for form, _ in outcome.files))


def request_of(work: WorkRow, plan: BulkPlan) -> DraftRequest:
    """Return a row's request."""
    named = f"{plan.run_id}/{work.row.id}/{work.claim.fence}"
    return DraftRequest(
        draft_id=hashlib.sha256(named.encode()).hexdigest()[:32],
        session_id="bulk",
        message=work.row.message,
        task_type=work.row.task_type,
        jurisdiction=work.row.jurisdiction,
        facts_json=work.row.facts_json,
        as_of=plan.as_of,
        engine=plan.engine,
        # Side by side is for models that are waited for; code on one core is faster in turn.
        use_parallel=plan.engine == "model" and not work.probe,
        budget_s=plan.budget_s,
    )


def _refuse_outage(event: AnyEvent) -> None:
    if reason := outage_in(event):
        raise ProviderOutError(reason)


def _reason(progress: DraftProgress) -> str:
    end = progress.end
    if end is None or end.type == "draft.finished":
        return "it was stopped"
    return end.reason if end.type == "draft.cancelled" else end.message


def _cached(report: dict[str, Any]) -> bool | None:
    outcome = report["cache"]["research"]
    return None if outcome is None else outcome != "miss"


def _with_cpu(outcome: Outcome, cpu_s: float) -> Outcome:
    return replace(outcome, cpu_s=cpu_s)
