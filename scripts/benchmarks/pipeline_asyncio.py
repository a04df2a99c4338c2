"""The floor: plain asyncio, by section."""

import asyncio
from typing import Any

from pipeline_load import SECTIONS_AT_A_TIME
from pipeline_stages import LOOKS, FirstText, Reading, Stages

from actors.config import Settings
from actors.messages import DraftRequest


class PlainAsyncio:
    """Sections side by side, each checked as soon as it is written; research in a dictionary."""

    def __init__(self, settings: Settings) -> None:
        self._stages = Stages(settings)
        self._known: dict[str, Any] = {}

    async def draft(self, request: DraftRequest) -> FirstText:
        """Draft one document."""
        stages, reading = self._stages, Reading()
        reply, matter = await stages.understand(request)
        key = f"{request.tenant} {reply.query.model_dump_json()}"
        if key not in self._known:
            self._known[key] = await stages.research(request, reply)
        packet = self._known[key]
        reader = asyncio.create_task(reading.read())
        planned = await stages.outline(matter, reading)
        places = asyncio.Semaphore(SECTIONS_AT_A_TIME)

        async def section(index: int) -> tuple[Any, tuple[str, ...]]:
            async with places:
                written = await stages.section(request, planned, matter, packet, index, reading)
            looks = [stages.look(layer, request, matter, written) for layer in LOOKS]
            *_, spoken = await asyncio.gather(*looks)
            return written, spoken

        done = await asyncio.gather(*(section(index) for index in range(len(planned.sections))))
        sections, spoken = [written for written, _ in done], dict(enumerate(words for _, words in done))
        await asyncio.gather(*(stages.whole(layer, request, matter, sections, spoken) for layer in LOOKS))
        reader.cancel()
        return reading.first
