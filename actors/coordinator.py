"""The coordinator: the drafts under way, their histories, and their readers."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from functools import reduce
from typing import Any, Protocol

from actors.draft_record import DraftRecord, record_of
from actors.draft_run import DraftRun
from actors.errors import LexrayError, RequestError
from actors.events import (
    TERMINAL,
    AnyEvent,
    DraftCancelled,
    DraftFailed,
    DraftStarted,
    event_from_json,
)
from actors.journal import Journal
from actors.messages import DraftRequest
from actors.ports import AgentPort
from actors.progress import DraftProgress

logger = logging.getLogger(__name__)


class MonitorPort(Protocol):
    """Where the coordinator reports a draft when it is over."""

    async def record_draft(self, record: DraftRecord) -> None:
        """Count one draft."""


class Coordinator:
    """Owns the path of each draft: starts it, numbers its events, writes its journal, feeds its readers.

    A restart loses the runs under way; the journal has their events, and asking for the same draft again goes on from
    there. A draft whose last reader leaves is cancelled, down to the agents.
    """

    def __init__(
        self,
        agents: Mapping[str, AgentPort],
        open_journal: Callable[[], Journal],
        monitor: MonitorPort,
        versions: Callable[[], dict[str, str]],
    ) -> None:
        self._agents, self._journal, self._monitor = agents, open_journal(), monitor
        self._versions = versions
        self._open: dict[str, _Drafting] = {}

    async def draft(self, request: DraftRequest, after_seq: int = 0) -> AsyncGenerator[list[AnyEvent], None]:
        """Yield the draft's events after `after_seq` in batches, from the first to the terminal one.

        Asking again with the same `draft_id` joins the running draft, resumes a broken one, or replays a finished one.
        """
        drafting = self._open.get(request.draft_id)
        if drafting is None:
            drafting = await self._start(request)
        drafting.readers += 1
        try:
            async for batch in drafting.follow(after_seq):
                yield batch
        finally:
            drafting.readers -= 1
            if drafting.readers == 0:
                await self._leave(request.draft_id, drafting)

    async def history(self, draft_id: str, after_seq: int = 0) -> list[AnyEvent]:
        """Return what the journal holds of a draft; empty for an unknown one."""
        return [event_from_json(text) for _, text in await self._journal.read(draft_id, after_seq)]

    async def health(self) -> dict[str, Any]:
        """Return the number of drafts under way."""
        return {"drafts_in_flight": len(self._open)}

    async def _start(self, request: DraftRequest) -> "_Drafting":
        drafting = _Drafting(request.draft_id, self._journal)
        self._open[request.draft_id] = drafting
        drafting.resume(await self.history(request.draft_id))
        if drafting.progress.end is None:
            drafting.task = asyncio.create_task(self._drive(request, drafting))
        return drafting

    async def _drive(self, request: DraftRequest, drafting: "_Drafting") -> None:
        begun = time.monotonic()
        if drafting.progress.started is None:
            drafting.emit(DraftStarted(request=request, engine=request.engine, versions=self._versions()))
        run = DraftRun(request, self._agents, drafting.emit, drafting.progress)
        try:
            await run.run()
        except asyncio.CancelledError:
            drafting.emit(DraftCancelled(reason="the reader left"))
            raise
        except RequestError as error:
            drafting.emit(_failed(error, drafting, "refused"))
        except LexrayError as error:
            logger.warning("draft=%s failed: %s", request.draft_id, type(error).__name__)
            drafting.emit(_failed(error, drafting, "failed"))
        except BaseException as error:
            logger.exception("draft=%s failed on a defect of lexray", request.draft_id)
            drafting.emit(_failed(error, drafting, "failed"))
            raise
        finally:
            await asyncio.shield(drafting.flush())
            await self._monitor.record_draft(record_of(drafting.progress, request, time.monotonic() - begun))

    async def _leave(self, draft_id: str, drafting: "_Drafting") -> None:
        if self._open.get(draft_id) is drafting:
            del self._open[draft_id]
        if drafting.task is not None:
            if drafting.progress.end is None:
                drafting.task.cancel()
            await asyncio.gather(drafting.task, return_exceptions=True)


class _Drafting:
    """One draft under way: its events so far, and those who read them."""

    def __init__(self, draft_id: str, journal: Journal) -> None:
        self.readers = 0
        self.task: asyncio.Task[None] | None = None
        self.progress = DraftProgress()
        self._draft_id, self._journal = draft_id, journal
        self._events: list[AnyEvent] = []
        self._written = 0
        self._begun = time.monotonic()
        self._news = asyncio.Condition()
        self._pending: set[asyncio.Task[None]] = set()

    def resume(self, history: list[AnyEvent]) -> None:
        """Take over what an earlier process had journaled."""
        self._events = list(history)
        self._written = len(history)
        self.progress = reduce(DraftProgress.updated, history, DraftProgress())

    def emit(self, event: AnyEvent) -> None:
        """Number an event, fold it into the state, wake the readers."""
        numbered = event.model_copy(
            update={"seq": self.progress.last_seq + 1, "at_s": time.monotonic() - self._begun}
        )
        self._events.append(numbered)
        self.progress = self.progress.updated(numbered)
        task = asyncio.create_task(self._wake())
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def follow(self, after_seq: int) -> AsyncIterator[list[AnyEvent]]:
        """Yield batches: whatever has come since the last one."""
        at = next((n for n, event in enumerate(self._events) if event.seq > after_seq), len(self._events))
        while True:
            await self._news_after(at)
            batch, at = self._events[at:], len(self._events)
            await self.flush()
            if batch:
                yield batch
            if not batch or isinstance(batch[-1], TERMINAL):
                return

    async def _news_after(self, count: int) -> None:
        """Wait until there are more than `count` events, or there will be no more."""
        async with self._news:
            await self._news.wait_for(lambda: len(self._events) > count or self.progress.end is not None)

    async def flush(self) -> None:
        """Write what is new to the journal: before a reader sees it, so that nobody sees what is not kept."""
        new = self._events[self._written :]
        self._written = len(self._events)
        if new:
            await self._journal.append_many(
                self._draft_id, [(event.seq, event.model_dump_json()) for event in new]
            )

    async def _wake(self) -> None:
        async with self._news:
            self._news.notify_all()


def _failed(error: BaseException, drafting: _Drafting, status: str) -> DraftFailed:
    ours = isinstance(error, LexrayError)
    return DraftFailed(
        status="refused" if status == "refused" else "failed",
        step=drafting.progress.current_layer,
        error=type(error).__name__,
        message=str(error) if ours else "lexray has a defect here; its log has the details",
    )
