"""Sections by a model: how many at a time, and what waits for what."""

import asyncio
import datetime
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from actors.domain.authority import ResearchPacket
from actors.domain.intake.understand import understand
from actors.domain.library import load_shared, load_type
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan, plan
from actors.domain.prompting import complaints as judging
from actors.domain.sections import Section
from actors.intake import query_for
from actors.live_text import LiveText
from actors.llm.call import ModelCall, Usage
from actors.model_step import ModelStep
from actors.section_writing import SectionWriter
from actors.step import NoVault
from tests.unit.scripted_model import ENDPOINT, HOP, POLICY, USAGE

DAY = datetime.date(2026, 11, 22)
WORDING = re.compile(r"<<<DATA \w+ approved wording[^\n]*\n(.*?)\nDATA \w+>>>", re.DOTALL)
REQUEST = (
    "Create an employment agreement between Acme Robotics, Inc. and Jane Rivera as senior engineer in California, "
    "salary $180,000 a year, starting January 5, 2027"
)


class Copyist:
    """A model that says the approved wording a second after it was asked; an answer may be spoilt."""

    def __init__(self, told: list[str], spoilt: int = 0) -> None:
        self.told, self.spoilt = told, spoilt
        self.speaking = self.most = 0

    async def stream(self, call: ModelCall) -> AsyncGenerator[str | Usage, None]:
        self.speaking += 1
        self.most = max(self.most, self.speaking)
        self.told.append("asked")
        try:
            await asyncio.sleep(1)
            found = WORDING.search(call.user)
            assert found is not None
            if self.spoilt > 0:
                self.spoilt -= 1
                yield "Sure, here is the clause that you asked for: [INSERT CLAUSE]"
            else:
                yield found[1]
            yield USAGE
        finally:
            self.speaking -= 1

    async def aclose(self) -> None:
        """Nothing to let go."""


def planned() -> tuple[Matter, DraftPlan]:
    matter = understand(REQUEST, task_type=None, jurisdiction=None, facts=None, as_of=DAY).matter
    return matter, plan(load_type(matter.task_type), load_shared(), matter)


async def written(model: Copyist, in_flight: int) -> list[Section]:
    matter, outline = planned()
    query = query_for(load_type(matter.task_type), matter.jurisdiction, DAY)
    packet = ResearchPacket(query=query, hits=(), corpus_version="")
    step = ModelStep("draft", [ENDPOINT], POLICY, NoVault(), lambda _: model)  # type: ignore[arg-type,return-value]
    live = LiveText(told=lambda: None)
    live.open(len(outline.sections), set())
    missing = range(len(outline.sections))
    items = SectionWriter(step).sections(HOP, outline, matter, packet, missing, live, in_flight, "run")
    async with aclosing(items) as sections:
        return [section async for _, section in sections]


async def test_no_more_sections_are_in_a_model_than_agreed_repairs_included() -> None:
    model = Copyist([], spoilt=5)
    sections = await written(model, in_flight=3)
    assert model.most == 3
    assert sum(section.writer == "large" for section in sections) >= 9


async def test_the_next_section_is_asked_for_before_the_last_one_is_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    judge = judging.checks

    def judged(*args: object) -> object:
        told.append("judged")
        return judge(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("actors.domain.prompting.drafting.checks", judged)
    await written(Copyist(told), in_flight=1)
    assert told[:3] == ["asked", "asked", "judged"]
