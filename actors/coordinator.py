"""The coordinator: the drafts under way, their histories, and their readers."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextvars import Context
from functools import reduce
from typing import Any, Protocol

from actors.draft_ending import ending_of
from actors.draft_holding import Holding
from actors.draft_record import DraftRecord, record_of
from actors.draft_run import DraftRun
from actors.errors import LexrayError, RequestError
from actors.events import (
    TERMINAL,
    AnyEvent,
    DraftCancelled,
    DraftStarted,
    event_from_json,
)
from actors.frames import frames_of
from actors.journal import Journal
from actors.messages import DraftRequest, Engine, draft_key
from actors.ports import AgentPort
from actors.progress import DraftProgress

logger = logging.getLogger(__name__)

LINGER_S = 0.15
"""How long a draft goes on without its last reader, who may have been cut off: it must stop within a second."""


class MonitorPort(Protocol):
    """Where the coordinator reports a draft when it is over."""

    async def record_draft(self, record: DraftRecord) -> None:
        """Count one draft."""


class Coordinator:
    """Owns the path of each draft: starts it, numbers its events, writes its journal, feeds its readers.

    A restart loses the runs under way; the journal has their events, and asking for the same draft again goes on from
    there. A draft whose last reader leaves stops, down to the agents: it is cancelled, or waits to be asked for again.
    """

    def __init__(
        self,
        agents: Mapping[str, AgentPort],
        open_journal: Callable[[], Journal],
        monitor: MonitorPort,
        versions: Callable[[Engine], dict[str, str]],
    ) -> None:
        self._agents, self._journal, self._monitor = agents, open_journal(), monitor
        self._versions = versions
        self._open: dict[str, _Drafting] = {}
        self._held = Holding(self.draft, self._announce)

    async def draft(self, request: DraftRequest, after_seq: int = 0) -> AsyncGenerator[list[AnyEvent], None]:
        """Yield the draft's events after `after_seq` in batches, from the first to the terminal one.

        Asking again with the same `draft_id` joins the running draft, resumes a broken one, or replays a finished one.
        """
        drafting = await self._joined(request)
        try:
            async for batch in drafting.follow(after_seq):
                yield batch
        finally:
            drafting.readers -= 1
            if drafting.readers == 0:
                await self._left(request, drafting)

    async def hold(self, request: DraftRequest) -> None:
        """Begin a draft that needs no reader, or go on with it. Returns when its first event is in the journal.

        It may have to wait for its turn; whoever follows it meanwhile does not.

        Raises:
            OverloadedError: As many wait as may.
        """
        await self._held.hold(request)

    async def cancel(self, tenant: str, draft_id: str) -> bool:
        """Stop a draft for good, down to the agents.

        Returns:
            False for a draft that is unknown or over.
        """
        key = draft_key(tenant, draft_id)
        drafting = self._open.get(key)
        if drafting is None:
            history = await self.history(draft_id, tenant=tenant)
            if not history or isinstance(history[-1], TERMINAL):
                return False
            drafting = _Drafting(key, self._journal)
            await drafting.resume()
        elif drafting.progress.end is not None:
            return False
        drafting.cancelled_by = "it was asked to stop"
        if drafting.task is None:
            drafting.emit(DraftCancelled(reason=drafting.cancelled_by))
            await drafting.flush()
        else:
            drafting.task.cancel()
            await asyncio.gather(drafting.task, return_exceptions=True)
        return True

    async def history(self, draft_id: str, after_seq: int = 0, tenant: str = "public") -> list[AnyEvent]:
        """Return what the journal holds of a draft; empty for one that this tenant does not have."""
        key = draft_key(tenant, draft_id)
        return [event_from_json(text) for _, text in await self._journal.read(key, after_seq)]

    async def drafts(self, tenant: str, limit: int) -> list[DraftProgress]:
        """Return the states of a tenant's drafts, those that began last first."""
        keys = await self._journal.drafts(limit, draft_key(tenant, ""))
        histories = [await self._journal.read(key) for key in keys]
        return [
            reduce(DraftProgress.updated, (event_from_json(text) for _, text in history), DraftProgress())
            for history in histories
        ]

    async def health(self) -> dict[str, Any]:
        """Return the number of drafts under way, those included that wait for their turn."""
        return {"drafts_in_flight": len(self._open.keys() | self._held.tasks.keys())}

    async def _announce(self, request: DraftRequest) -> None:
        """Write that a draft has begun, so that it can be found while it waits for its turn."""
        if request.key in self._open:
            return
        # It has no reader, so that whoever comes meanwhile waits for its end.
        drafting = self._open[request.key] = _Drafting(request.key, self._journal)
        try:
            await drafting.resume()
            self._start(request, drafting)
            await drafting.flush()
        finally:
            self._close(request, drafting)

    def _start(self, request: DraftRequest, drafting: "_Drafting") -> None:
        if drafting.progress.started is None:
            drafting.emit(
                DraftStarted(request=request, engine=request.engine, versions=self._versions(request.engine))
            )

    async def _joined(self, request: DraftRequest) -> "_Drafting":
        """Return the draft with one reader more; begin it, or go on with it, where it is not under way."""
        while (drafting := self._open.get(request.key)) is not None and drafting.readers == 0:
            if drafting.lingering is not None:
                drafting.lingering.cancel()
                drafting.lingering = None
                break
            await drafting.ended.wait()  # its last reader left: what it still says comes first
        if drafting is not None:
            drafting.readers += 1
            return drafting
        drafting = self._open[request.key] = _Drafting(request.key, self._journal)
        drafting.readers = 1
        try:
            await drafting.resume()
        except BaseException:
            self._close(request, drafting)
            raise
        if drafting.progress.end is None:
            # In no reader's context: Ray cancels with a reader's call all that was called in its context, and so would
            # take the agents from a draft that others still read.
            drafting.task = asyncio.create_task(self._drive(request, drafting), context=Context())
        return drafting

    def _close(self, request: DraftRequest, drafting: "_Drafting") -> None:
        del self._open[request.key]
        drafting.ended.set()

    async def _drive(self, request: DraftRequest, drafting: "_Drafting") -> None:
        begun = time.monotonic()
        self._start(request, drafting)
        run = DraftRun(request, self._agents, drafting.emit, drafting.progress)
        try:
            await run.run()
        except asyncio.CancelledError:
            if drafting.cancelled_by or not request.resumable:
                drafting.emit(DraftCancelled(reason=drafting.cancelled_by or "the reader left"))
            raise
        except RequestError as error:
            drafting.emit(ending_of(error, drafting.progress.current_layer))
        except LexrayError as error:
            logger.warning("draft=%s failed: %s", request.draft_id, type(error).__name__)
            drafting.emit(ending_of(error, drafting.progress.current_layer))
        except BaseException as error:
            # No traceback: its last line may be the draft's own words.
            logger.error("draft=%s failed on a defect of lexray: %s", request.draft_id, frames_of(error))  # noqa: TRY400
            drafting.emit(ending_of(error, drafting.progress.current_layer))
            raise
        finally:
            await asyncio.shield(drafting.flush())
            if drafting.progress.end is not None:
                await self._monitor.record_draft(
                    record_of(drafting.progress, request, time.monotonic() - begun)
                )

    async def _left(self, request: DraftRequest, drafting: "_Drafting") -> None:
        """Stop a draft whose last reader has left; a resumable one waits a moment for whoever was only cut off."""
        if request.resumable and drafting.progress.end is None:
            drafting.lingering = asyncio.create_task(self._linger(request, drafting))
        else:
            await self._leave(request, drafting)

    async def _linger(self, request: DraftRequest, drafting: "_Drafting") -> None:
        await asyncio.sleep(LINGER_S)
        drafting.lingering = None
        await self._leave(request, drafting)

    async def _leave(self, request: DraftRequest, drafting: "_Drafting") -> None:
        try:
            if drafting.task is not None:
                if drafting.progress.end is None:
                    drafting.task.cancel()
                await asyncio.gather(drafting.task, return_exceptions=True)
        finally:
            self._close(request, drafting)


class _Drafting:
    """One draft under way: its events so far, and those who read them."""

    def __init__(self, draft_id: str, journal: Journal) -> None:
        self.readers = 0
        """0: it is lingering, or being stopped."""
        self.lingering: asyncio.Task[None] | None = None
        """Waits for the last reader to come back; `None` once it has given that up."""
        self.ended = asyncio.Event()
        self.cancelled_by = ""
        """Who wanted it stopped; empty while nobody does."""
        self.task: asyncio.Task[None] | None = None
        self.progress = DraftProgress()
        self._draft_id, self._journal = draft_id, journal
        self._events: list[AnyEvent] = []
        self._written = 0
        self._begun = time.monotonic()
        self._news = asyncio.Condition()
        self._pending: set[asyncio.Task[None]] = set()

    async def resume(self) -> None:
        """Take over what an earlier run had journaled."""
        history = [event_from_json(text) for _, text in await self._journal.read(self._draft_id)]
        self._events = list(history)
        self._written = len(history)
        self.progress = reduce(DraftProgress.updated, history, DraftProgress())
        await self._wake()

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
