"""A reader of drafts: follows one to its end, through restarts of the coordinator and of the drafting agent."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from actors.document_stream import Cursor, DocumentStream
from actors.errors import AgentUnavailableError
from actors.events import (
    TERMINAL,
    AnyEvent,
    DraftFailed,
    DraftFinished,
    LayerCompleted,
    LayerStarted,
    SectionDrafted,
    SectionRestarted,
    Token,
)
from actors.live_reader import LiveReader
from actors.messages import DraftRequest, Piece
from actors.ports import AgentPort
from actors.progress import DraftProgress

PAUSE_S = 0.5
"""Between two tries to reach an agent that is restarting."""
PATIENCE_S = 60.0
"""How long a coordinator may stay away: a restart takes 1 to 5 s, on a busy machine several times that."""
AHEAD = 64
"""Events and batches of text that may wait for a slow reader."""


async def follow(
    coordinator: AgentPort, request: DraftRequest, live: LiveReader | None = None
) -> AsyncGenerator[AnyEvent, None]:
    """Yield every event of a draft once, in order, up to its terminal one; between them the text, in document order.

    When the coordinator dies it is asked again from the last event seen.

    Args:
        coordinator: Tells the events.
        request: The draft; asking again joins it.
        live: Reads along with the drafting agent while a model writes. Without it each section's text comes when the
            section is complete.

    Raises:
        AgentUnavailableError: The coordinator did not come back in time.
    """
    async with aclosing(follow_from(coordinator, request, live, Cursor())) as told:
        async for _, event in told:
            yield event


async def follow_from(
    coordinator: AgentPort, request: DraftRequest, live: LiveReader | None, cursor: Cursor
) -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
    """Yield what comes after a cursor, each event with the cursor behind it; else as `follow`.

    Cut anywhere and taken up again with the last cursor, the events and the text go on without loss or repetition. A
    section that was written anew meanwhile says so, and comes again from its start.
    """
    history = await _history(coordinator, request) if cursor.seq else []
    known = [event for event in history if event.seq <= cursor.seq]
    text = DocumentStream.after(cursor, [event for event in known if isinstance(event, SectionDrafted)])
    seq = cursor.seq
    for words in text.advance():
        yield text.cursor(seq), words
    async with aclosing(_heard(coordinator, request, live, known)) as heard:
        async for item in heard:
            for words in _text_before(item, text):
                yield text.cursor(seq), words
            if not isinstance(item, Piece):
                seq = item.seq
                yield text.cursor(seq), item


def _text_before(item: AnyEvent | Piece, text: DocumentStream) -> Iterator[Token | SectionRestarted]:
    """Return the text that comes with a piece, or that an event completes."""
    match item:
        case Piece():
            yield from text.piece(item)
        case SectionDrafted():
            yield from text.drafted(item)
        case DraftFinished() | LayerCompleted(layer="draft"):
            yield from text.end()


async def _history(coordinator: AgentPort, request: DraftRequest) -> list[AnyEvent]:
    events: list[AnyEvent] = await coordinator.call("history", request.draft_id, 0, request.tenant)
    return events


async def _heard(
    coordinator: AgentPort, request: DraftRequest, live: LiveReader | None, known: list[AnyEvent]
) -> AsyncGenerator[AnyEvent | Piece, None]:
    """Listen to the coordinator, and beside it to the drafting agent while it writes."""
    seen = known[-1].seq if known else 0
    if live is None or request.engine == "library":
        async for event in _events(coordinator, request, seen):
            yield event
        return
    ears = _Ears()
    ears.listen(_events(coordinator, request, seen))
    if _is_writing(known):
        ears.listen(live.pieces(request.key))
    try:
        while True:
            item = await ears.next()
            match item:
                case LayerStarted(layer="draft"):
                    ears.listen(live.pieces(request.key))
                case LayerCompleted(layer="draft"):
                    ears.listen_to_the_first_only()
            yield item
            if isinstance(item, TERMINAL):
                return
    finally:
        await ears.close()


class _Ears:
    """Listens to several senders at once."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[AnyEvent | Piece | Exception] = asyncio.Queue(AHEAD)
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self, source: AsyncGenerator[AnyEvent, None] | AsyncGenerator[Piece, None]) -> None:
        self._tasks.append(asyncio.create_task(self._hear(source)))

    def listen_to_the_first_only(self) -> None:
        for task in self._tasks[1:]:
            task.cancel()

    async def next(self) -> AnyEvent | Piece:
        """Return what was said next; an error of a sender is raised here."""
        item = await self._queue.get()
        if isinstance(item, Exception):
            raise item
        return item

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hear(self, source: AsyncGenerator[AnyEvent, None] | AsyncGenerator[Piece, None]) -> None:
        try:
            async with aclosing(source) as items:
                async for item in items:
                    await self._queue.put(item)
        except Exception as error:  # noqa: BLE001 (raised where the queue is read)
            await self._queue.put(error)


def _is_writing(known: list[AnyEvent]) -> bool:
    told = [
        event.type
        for event in known
        if isinstance(event, LayerStarted | LayerCompleted) and event.layer == "draft"
    ]
    return told[-1:] == ["layer.started"]


async def _events(
    coordinator: AgentPort, request: DraftRequest, seen: int = 0
) -> AsyncGenerator[AnyEvent, None]:
    """Yield the coordinator's events; when it dies it is asked again from the last event seen."""
    gone_since_s = None
    while True:
        batches = coordinator.stream("draft", request, seen)
        try:
            async for parcel in batches:
                gone_since_s = None
                for event in await parcel.open():
                    if event.seq > seen:
                        seen = event.seq
                        yield event
        except AgentUnavailableError:
            now_s = time.monotonic()
            gone_since_s = gone_since_s or now_s
            if now_s - gone_since_s > PATIENCE_S:
                raise
            await asyncio.sleep(PAUSE_S)
        else:
            return  # the last event was terminal, or had been seen before
        finally:
            await batches.aclose()


async def drafted(coordinator: AgentPort, request: DraftRequest) -> DraftProgress:
    """Return a draft's final state."""
    progress = DraftProgress()
    async for event in _events(coordinator, request):
        progress = progress.updated(event)
    return progress


def failure(progress: DraftProgress) -> DraftFailed | None:
    """Return how a draft failed, if it did."""
    return progress.end if isinstance(progress.end, DraftFailed) else None
