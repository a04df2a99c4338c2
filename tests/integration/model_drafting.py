"""Drafts by models of the simulated provider, through all agents in this process."""

import asyncio
import datetime
import json
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from actors.config import Settings
from actors.draft_reader import follow
from actors.events import AnyEvent, SectionRestarted, Token
from actors.live_reader import LiveReader
from actors.messages import DraftRequest
from actors.model_settings import ModelSettings
from actors.progress import DraftProgress
from actors.report import report_of
from actors.step_policy import StepPolicy
from cluster.inline import InlineFleet
from tests.provider.process import Provider

KEY = "key-that-nobody-may-see-4711"
WORDING = r"<<<DATA \w+ approved wording[^\n]*\n(.*?)\nDATA \w+>>>"
"""The library's own words for a section, as its prompt gives them."""
PARTS = r"Write the body of this part of the outline: (\d*)"
"""Finds the section in a prompt: the task of a turn."""
MESSAGE = (
    "Create a mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term, "
    "effective January 5, 2027"
)
TODAY = datetime.date(2026, 11, 22)
EVERYBODY = ("intake", "research", "draft", "review", "validation", "citations")


def settings(provider: Provider, **changes: Any) -> Settings:
    """Return settings with every agent at the provider, and waits that a test can bear."""
    given = {"base_url": provider.base_url, "api_key": KEY, "model": "sim", "agents": EVERYBODY, **changes}
    given["draft_model"] = given.get("draft_model", "writer")
    return Settings(llm=ModelSettings(**given), step=StepPolicy(wait_factor=1.0, jitter=0.0))


def profiles(provider: Provider) -> None:
    """Have the provider repeat the approved wording as `writer`, and answer as briefly as a schema allows as `sim`."""
    provider.reset(profiles=True, task=PARTS)
    provider.profile("writer", says="marked", pattern=WORDING, events=6)
    provider.profile("second", says="marked", pattern=WORDING, events=6)
    for name in ("sim", "small"):
        provider.profile(name, says="schema")


def request(**changes: Any) -> DraftRequest:
    given = {"draft_id": "model-draft-1", "message": MESSAGE, "as_of": TODAY, "engine": "model", **changes}
    return DraftRequest.model_validate(given)


class Followed:
    """A draft as its reader saw it."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self.progress = DraftProgress()
        self.texts: dict[int, str] = {}
        self.restarted: list[SectionRestarted] = []

    def take(self, event: AnyEvent) -> None:
        self.events.append(event)
        self.progress = self.progress.updated(event)
        if isinstance(event, Token):
            assert event.offset == len(self.texts.get(event.section, ""))
            self.texts[event.section] = self.texts.get(event.section, "") + event.content
        elif isinstance(event, SectionRestarted):
            self.restarted.append(event)
            self.texts[event.section] = ""

    @property
    def report(self) -> dict[str, Any]:
        return report_of(self.progress)

    @property
    def told(self) -> str:
        """Everything that was said, as JSON."""
        return json.dumps([event.model_dump(mode="json") for event in self.events]) + json.dumps(self.report)


async def draft(using: Settings, fleet: InlineFleet | None = None, **changes: Any) -> Followed:
    """Draft to the end."""
    agents, seen = fleet or InlineFleet(using), Followed()
    stream = follow(agents.port("coordinator"), request(**changes), LiveReader(agents.port("draft")))
    async with aclosing(stream) as events:
        async for event in events:
            seen.take(event)
    return seen


def by_step(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the use of models by step."""
    return {use["step"]: use for use in report["models"]}


async def asked(provider: Provider, model: str, count: int) -> None:
    """Wait until a model was asked so often."""
    while sum(entry["model"] == model for entry in await asyncio.to_thread(provider.log)) < count:
        await asyncio.sleep(0.05)
