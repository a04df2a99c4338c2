"""A reader of drafts: follows one to its end, through restarts of the coordinator and of the drafting agent."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from actors.document_stream import DocumentStream
from actors.errors import AgentUnavailableError
from actors.events import (
    TERMINAL,
    AnyEvent,
    DraftFailed,
    DraftFinished,
    LayerCompleted,
    LayerStarted,
    SectionDrafted,
)
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
    coordinator: AgentPort, request: DraftRequest, drafting: AgentPort | None = None
) -> AsyncGenerator[AnyEvent, None]:
    """Yield every event of a draft once, in order, up to its terminal one; between them the text, in document order.

    When the coordinator dies it is asked again from the last event seen.

    Args:
        coordinator: Tells the events.
        request: The draft; asking again joins it.
        drafting: The drafting agent, whose text comes straight from it while a model writes. Without it each section's
            text comes when the section is complete.

    Raises:
        AgentUnavailableError: The coordinator did not come back in time.
    """
    text = DocumentStream()
    async with aclosing(_heard(coordinator, request, drafting)) as heard:
        async for item in heard:
            if isinstance(item, Piece):
                for words in text.piece(item):
                    yield words
                continue
            for before in _text_before(item, text):
                yield before
            yield item


def _text_before(event: AnyEvent, text: DocumentStream) -> Iterator[AnyEvent]:
    """Return the text that an event completes."""
    if isinstance(event, SectionDrafted):
        yield from text.section(event.section)
    elif isinstance(event, DraftFinished) or (isinstance(event, LayerCompleted) and event.layer == "draft"):
        yield from text.end()


async def _heard(
    coordinator: AgentPort, request: DraftRequest, drafting: AgentPort | None
) -> AsyncGenerator[AnyEvent | Piece, None]:
    """Listen to the coordinator, and beside it to the drafting agent while it writes."""
    if drafting is None or request.engine == "library":
        async for event in _events(coordinator, request):
            yield event
        return
    queue: asyncio.Queue[AnyEvent | Piece | BaseException] = asyncio.Queue(AHEAD)
    listening = [asyncio.create_task(_listen(_events(coordinator, request), queue))]
    try:
        while True:
            item = await queue.get()
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, LayerStarted) and item.layer == "draft":
                listening.append(asyncio.create_task(_listen(_pieces(drafting, request.draft_id), queue)))
            elif isinstance(item, LayerCompleted) and item.layer == "draft":
                for task in listening[1:]:
                    task.cancel()
            yield item
            if isinstance(item, TERMINAL):
                return
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


async def _listen(
    source: AsyncGenerator[AnyEvent, None] | AsyncGenerator[Piece, None],
    queue: "asyncio.Queue[AnyEvent | Piece | BaseException]",
) -> None:
    try:
        async with aclosing(source) as items:
            async for item in items:
                await queue.put(item)
    except Exception as error:  # noqa: BLE001 (handed to the reader, who raises it)
        await queue.put(error)


async def _events(coordinator: AgentPort, request: DraftRequest) -> AsyncGenerator[AnyEvent, None]:
    """Yield the coordinator's events; when it dies it is asked again from the last event seen."""
    seen, gone_since_s = 0, None
    while True:
        batches = coordinator.stream("draft", request, seen)
        try:
            async for parcel in batches:
                gone_since_s = None
                for event in await parcel.open():
                    if event.seq > seen:
                        seen = event.seq
                        yield event
                    if isinstance(event, TERMINAL):
                        return
        except AgentUnavailableError:
            now_s = time.monotonic()
            gone_since_s = gone_since_s or now_s
            if now_s - gone_since_s > PATIENCE_S:
                raise
            await asyncio.sleep(PAUSE_S)
        finally:
            await batches.aclose()


async def _pieces(drafting: AgentPort, draft_id: str) -> AsyncGenerator[Piece, None]:
    """Yield the text under way for as long as somebody listens; the drafting agent may die and come back."""
    while True:
        batches = drafting.stream("read_along", draft_id)
        try:
            async for parcel in batches:
                for piece in await parcel.open():
                    yield piece
        except AgentUnavailableError:
            # The text is lost with the agent, and comes whole with its section: nothing to report here.
            await asyncio.sleep(PAUSE_S)
        finally:
            await batches.aclose()
        await asyncio.sleep(PAUSE_S)


async def drafted(coordinator: AgentPort, request: DraftRequest) -> DraftProgress:
    """Return a draft's final state."""
    progress = DraftProgress()
    async for event in _events(coordinator, request):
        progress = progress.updated(event)
    return progress


def failure(progress: DraftProgress) -> DraftFailed | None:
    """Return how a draft failed, if it did."""
    return progress.end if isinstance(progress.end, DraftFailed) else None
