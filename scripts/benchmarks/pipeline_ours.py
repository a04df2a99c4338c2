"""The product: a warm fleet on a local Ray of this process's own, and its usual reader."""

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from pipeline_stages import FIRST_WRITTEN, FirstText

from actors.config import Settings
from actors.draft_reader import follow
from actors.events import (
    AnyEvent,
    DraftFinished,
    LayerCompleted,
    LayerStarted,
    SectionDrafted,
    StepDegraded,
    StepRetried,
    Token,
)
from actors.live_reader import LiveReader
from actors.messages import DraftRequest
from cluster.launch import ready, start_fleet
from cluster.ray_session import own_ray


class Ours:
    """Drafts through the fleet, as `lexray draft` does on a running one."""

    def __init__(self, running: Any) -> None:
        self._coordinator, self._live = running.port("coordinator"), LiveReader(running.port("draft"))
        self.only_first = False
        """Whether to leave behind the first section that a model writes."""
        self.layers: dict[str, list[float]] = {}
        """Seconds from the start of a layer to its end, one entry a document."""
        self.begun: dict[str, list[float]] = {}
        """Seconds from the start of the draft to that of the layer."""

    async def draft(self, request: DraftRequest) -> FirstText:
        """Draft one document."""
        first, end = FirstText(), None
        async with aclosing(follow(self._coordinator, request, self._live)) as events:
            async for end in events:
                first.event_s = first.event_s or time.monotonic()
                self._note(end, first)
                if self.only_first and isinstance(end, SectionDrafted) and end.section.index == FIRST_WRITTEN:
                    return first
        if not isinstance(end, DraftFinished):
            raise RuntimeError(f"the draft ended with {end}")  # noqa: TRY004
        return first

    def _note(self, event: AnyEvent, first: FirstText) -> None:
        """Take note of what is measured.

        Raises:
            RuntimeError: Something went wrong with the draft.
        """
        match event:
            case Token():
                first.told(event.section, event.content)
            case LayerStarted():
                self.begun.setdefault(event.layer, []).append(event.at_s)
            case LayerCompleted():
                self.layers.setdefault(event.layer, []).append(event.seconds)
            case StepDegraded() | StepRetried():
                raise RuntimeError(f"not the undisturbed run that is measured: {event}")


@asynccontextmanager
async def running_fleet(settings: Settings) -> AsyncIterator[Any]:
    """Start Ray and the fleet, warm, and stop just them."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"home": Path(folder) / "home"})
        with own_ray(settings):
            running = start_fleet(settings, Path(folder) / "journal.sqlite")
            await ready(running)
            yield running
