"""The coordinator: the drafts under way, their histories, and their readers."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextvars import Context
from functools import reduce
from typing import Any, Protocol

from actors.draft_ending import ending_of
from actors.draft_holding import Holding
from actors.draft_record import DraftRecord, record_of
from actors.draft_run import DraftRun
from actors.drafting import Drafting
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
        self._open: dict[str, Drafting] = {}
        self._held = Holding(self.draft, self._announce)

    async def draft(self, request: DraftRequest, after_seq: int = 0) -> AsyncGenerator[list[AnyEvent], None]:
        """Yield the draft's events after `after_seq` in batches, from the first to the terminal one.

        Asking again with the same `draft_id` joins the running draft, resumes a broken one, or replays a finished one.

        Raises:
            DraftConflictError: The draft of this id is another order.
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
            DraftConflictError: The draft of this id is another order.
            OverloadedError: As many wait as may.
        """
        await self._held.hold(request)
        drafting = self._open.get(request.key)
        if drafting is None:
            drafting = Drafting(request.key, self._journal)
            await drafting.resume()
        drafting.refuse_other(request)

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
            drafting = Drafting(key, self._journal)
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
        drafting = self._open[request.key] = Drafting(request.key, self._journal)
        try:
            await drafting.resume()
            drafting.refuse_other(request)
            self._start(request, drafting)
            await drafting.flush()
        finally:
            self._close(request, drafting)

    def _start(self, request: DraftRequest, drafting: Drafting) -> None:
        if drafting.progress.started is None:
            drafting.emit(
                DraftStarted(request=request, engine=request.engine, versions=self._versions(request.engine))
            )

    async def _joined(self, request: DraftRequest) -> Drafting:
        """Return the draft with one reader more; begin it, or go on with it, where it is not under way."""
        while (drafting := await self._under_way(request.key)) is not None and not drafting.opened.is_set():
            await drafting.opened.wait()
        if drafting is None:
            return await self._begun(request)
        drafting.refuse_other(request)
        if drafting.lingering is not None:
            drafting.lingering.cancel()
            drafting.lingering = None
        drafting.readers += 1
        return drafting

    async def _under_way(self, key: str) -> Drafting | None:
        """Return the draft if it can be joined; one whose last reader has left has its last word first."""
        while (drafting := self._open.get(key)) is not None and drafting.readers == 0:
            if drafting.lingering is not None:
                break
            await drafting.ended.wait()
        return drafting

    async def _begun(self, request: DraftRequest) -> Drafting:
        drafting = self._open[request.key] = Drafting(request.key, self._journal)
        drafting.readers = 1
        try:
            await drafting.resume()
            drafting.refuse_other(request)
        except BaseException:
            self._close(request, drafting)
            raise
        # One that was broken off goes on with the law of its own day.
        order = drafting.order = drafting.order or request
        if drafting.progress.end is None:
            # In no reader's context: Ray cancels with a reader's call all that was called in its context, and so would
            # take the agents from a draft that others still read.
            drafting.task = asyncio.create_task(self._drive(order, drafting), context=Context())
        drafting.opened.set()
        return drafting

    def _close(self, request: DraftRequest, drafting: Drafting) -> None:
        del self._open[request.key]
        drafting.opened.set()
        drafting.ended.set()

    async def _drive(self, request: DraftRequest, drafting: Drafting) -> None:
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

    async def _left(self, request: DraftRequest, drafting: Drafting) -> None:
        """Stop a draft whose last reader has left; a resumable one waits a moment for whoever was only cut off."""
        if request.resumable and drafting.progress.end is None:
            drafting.lingering = asyncio.create_task(self._linger(request, drafting))
        else:
            await self._leave(request, drafting)

    async def _linger(self, request: DraftRequest, drafting: Drafting) -> None:
        await asyncio.sleep(LINGER_S)
        drafting.lingering = None
        await self._leave(request, drafting)

    async def _leave(self, request: DraftRequest, drafting: Drafting) -> None:
        try:
            if drafting.task is not None:
                if drafting.progress.end is None:
                    drafting.task.cancel()
                await asyncio.gather(drafting.task, return_exceptions=True)
        finally:
            self._close(request, drafting)
