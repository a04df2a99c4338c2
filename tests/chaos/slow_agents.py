"""The real agents, slowed down, so that a kill meets them in the middle of their work."""

import asyncio
from typing import Any

from actors.citations import CitationAgent
from actors.draft import DraftAgent
from actors.intake import IntakeAgent
from actors.research import ResearchAgent
from actors.review import ReviewAgent
from actors.validation import ValidationAgent

PAUSE_S = 0.4


class SlowIntake(IntakeAgent):
    async def read(self, *args: Any) -> Any:
        await asyncio.sleep(5 * PAUSE_S)
        return await super().read(*args)


class SlowResearch(ResearchAgent):
    async def search(self, *args: Any) -> Any:
        await asyncio.sleep(5 * PAUSE_S)
        return await super().search(*args)


class SlowDraft(DraftAgent):
    async def section(self, *args: Any) -> Any:
        await asyncio.sleep(PAUSE_S)
        return await super().section(*args)


class SlowReview(ReviewAgent):
    async def section(self, *args: Any) -> Any:
        await asyncio.sleep(PAUSE_S)
        return await super().section(*args)

    async def document(self, *args: Any) -> Any:
        await asyncio.sleep(5 * PAUSE_S)
        return await super().document(*args)


class SlowValidation(ValidationAgent):
    async def document(self, *args: Any) -> Any:
        await asyncio.sleep(5 * PAUSE_S)
        return await super().document(*args)


class SlowCitations(CitationAgent):
    async def text(self, *args: Any) -> Any:
        await asyncio.sleep(5 * PAUSE_S)
        return await super().text(*args)


SLOW = {
    "actors.intake:IntakeAgent": "tests.chaos.slow_agents:SlowIntake",
    "actors.research:ResearchAgent": "tests.chaos.slow_agents:SlowResearch",
    "actors.draft:DraftAgent": "tests.chaos.slow_agents:SlowDraft",
    "actors.review:ReviewAgent": "tests.chaos.slow_agents:SlowReview",
    "actors.validation:ValidationAgent": "tests.chaos.slow_agents:SlowValidation",
    "actors.citations:CitationAgent": "tests.chaos.slow_agents:SlowCitations",
}
"""Where the slow twin of an agent is."""
