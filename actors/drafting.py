"""One draft under way: its events so far, those who read them, and the journal that keeps them."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import reduce

from actors.errors import DraftConflictError
from actors.events import TERMINAL, AnyEvent, event_from_json
from actors.journal import Journal
from actors.messages import DraftRequest
from actors.progress import DraftProgress


class Drafting:
    """One draft under way: its events so far, and those who read them."""

    def __init__(self, draft_id: str, journal: Journal) -> None:
        self.readers = 0
        """0: it is lingering, or being stopped."""
        self.lingering: asyncio.Task[None] | None = None
        """Waits for the last reader to come back; `None` once it has given that up."""
        self.opened = asyncio.Event()
        """Its history is read, or could not be: then it has ended too."""
        self.ended = asyncio.Event()
        self.cancelled_by = ""
        """Who wanted it stopped; empty while nobody does."""
        self.task: asyncio.Task[None] | None = None
        self.progress = DraftProgress()
        self.order: DraftRequest | None = None
        """What is drafted, as soon as it is known."""
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
        self.order = self.progress.started.request if self.progress.started else None
        await self._wake()

    def refuse_other(self, request: DraftRequest) -> None:
        """See that this draft, if it has begun, is what is asked for.

        Raises:
            DraftConflictError: It is another order.
        """
        # A request without a day means today's law: the same request tomorrow still means the draft of its key.
        if self.order and self.order != request.model_copy(update={"as_of": self.order.as_of}):
            raise DraftConflictError(request.draft_id)

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
