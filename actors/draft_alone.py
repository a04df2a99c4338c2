"""A draft without a coordinator: nobody reads along, nothing is journaled; path, agents and policies are the same."""

import logging
import time
from collections.abc import Callable, Mapping

from actors.draft_ending import ending_of
from actors.draft_run import DraftRun
from actors.errors import LexrayError
from actors.events import AnyEvent, DraftStarted
from actors.messages import DraftRequest
from actors.ports import AgentPort
from actors.progress import DraftProgress

logger = logging.getLogger(__name__)


async def draft_alone(
    request: DraftRequest,
    agents: Mapping[str, AgentPort],
    versions: Mapping[str, str],
    heed: Callable[[AnyEvent], None] | None = None,
) -> DraftProgress:
    """Return a draft's final state; an error of a layer is in it, as with a coordinator.

    Args:
        request: The draft.
        agents: By layer.
        versions: Of code and data, for the report.
        heed: Called with each event as it happens. What it raises ends the draft.

    Raises:
        Exception: A defect of lexray.
    """
    begun = time.monotonic()
    progress = DraftProgress()

    def emit(event: AnyEvent) -> None:
        nonlocal progress
        numbered = event.model_copy(update={"seq": progress.last_seq + 1, "at_s": time.monotonic() - begun})
        progress = progress.updated(numbered)
        if heed is not None:
            heed(numbered)

    emit(DraftStarted(request=request, engine=request.engine, versions=dict(versions)))
    try:
        await DraftRun(request, agents, emit, progress).run()
    except LexrayError as error:
        logger.info("draft=%s failed: %s", request.draft_id, type(error).__name__)
        emit(ending_of(error, progress.current_layer))
    return progress
