"""Sections by a model, several at once; the clause library writes what a model may not, or did not."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence

from actors.agent_model import REPLACEABLE
from actors.domain.authority import ResearchPacket
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan
from actors.domain.prompting.complaints import MOST_COMPLAINTS
from actors.domain.prompting.drafting import (
    parse_section,
    section_checks,
    section_findings,
    section_prompt,
    writes,
)
from actors.domain.prompting.skeleton import skeleton
from actors.domain.rendering import render_heading, render_section
from actors.domain.sections import Section
from actors.live_text import LiveText
from actors.messages import Hop, SectionNotes, StepReport
from actors.model_step import ModelStep
from actors.model_tally import ModelTally
from actors.resilience.verdict import reason_of


class SectionWriter:
    """Has a model write the sections of a plan."""

    def __init__(self, model: ModelStep) -> None:
        self._model = model
        self._judging = asyncio.Lock()
        """One section after the other, so that the first is on its way before the last is looked at."""

    @staticmethod
    def prepare(planned: DraftPlan) -> None:
        """Read from the library's own version what sections will be held against, before the first is asked for."""
        known = skeleton(planned)
        for what in ("usual_words", "stated", "values", "terms", "definitions", "citations"):
            getattr(known, what)

    async def sections(
        self,
        hop: Hop,
        planned: DraftPlan,
        matter: Matter,
        packet: ResearchPacket,
        missing: Sequence[int],
        live: LiveText,
        in_flight: int,
        run: str,
    ) -> AsyncGenerator[tuple[SectionNotes, Section], None]:
        """Yield each section when it is complete. Whoever closes the stream stops the model's work.

        Args:
            hop: The envelope.
            planned: The outline.
            matter: What to draft.
            packet: The law to draft by.
            missing: Indices of the sections to write.
            live: Where the text goes as it is written.
            in_flight: Sections at a time.
            run: Names this run in the attempts' ids.

        Raises:
            LexrayError: From the first section that nobody could write.
        """
        permits = asyncio.Semaphore(in_flight)

        async def written(index: int) -> tuple[SectionNotes, Section]:
            place = _Place(permits)
            voice = _Voice(live, index, _opening(planned, index), f"{run}.{index}", place)
            await place.take()
            try:
                notes, section = await self._section(hop, planned, matter, packet, index, voice)
            finally:
                place.leave()
            live.complete(index)
            attempt, said = live.attempt_of(index)
            return notes.model_copy(
                update={"attempt": attempt if section.markdown.startswith(said) else ""}
            ), section

        tasks = [asyncio.create_task(written(index)) for index in missing]
        try:
            for task in asyncio.as_completed(tasks):
                yield await task
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _section(
        self,
        hop: Hop,
        planned: DraftPlan,
        matter: Matter,
        packet: ResearchPacket,
        index: int,
        voice: "_Voice",
    ) -> tuple[SectionNotes, Section]:
        if not writes(planned, index):
            return self._from_library(
                planned, index, voice, StepReport(agent="draft", attempts=1, seconds=0.0)
            )

        parsed: dict[str, Section] = {}

        async def complaints(text: str) -> Sequence[str]:
            async with self._judging:
                await asyncio.sleep(0)
                parsed[text] = parse_section(text, planned, index)
                return await _read_in_parts(section_checks(parsed[text], planned, matter, packet))

        prompt, tally = section_prompt(planned, index, matter, packet), ModelTally("draft")
        try:
            report, text = await self._model.write(hop, prompt, voice, complaints, tally)
        except REPLACEABLE as error:
            tally.stood_in(reason_of(error), _instead(planned, index))
            return self._from_library(planned, index, voice, tally.report())
        section = parsed[text].model_copy(update={"writer": report.models[-1].model})
        async with self._judging:
            findings = section_findings(section, planned, matter, packet)
        return SectionNotes(index=index, report=report, findings=findings), section

    def _from_library(
        self, planned: DraftPlan, index: int, voice: "_Voice", report: StepReport
    ) -> tuple[SectionNotes, Section]:
        section = render_section(planned, index)
        reason = report.stand_ins[-1].instead if report.stand_ins else ""
        voice.say(section.markdown, reason)
        return SectionNotes(index=index, report=report), section


async def _read_in_parts(checks: Iterable[Iterator[str]]) -> Sequence[str]:
    """Read checks one by one, and let the models' words through in between."""
    found: list[str] = []
    for check in checks:
        await asyncio.sleep(0)
        found += check
        if len(found) >= MOST_COMPLAINTS:
            break
    return found[:MOST_COMPLAINTS]


class _Place:
    """One of the places for sections that a model writes at the same time."""

    def __init__(self, permits: asyncio.Semaphore) -> None:
        self._permits, self._taken = permits, False

    async def take(self) -> None:
        if not self._taken:
            await self._permits.acquire()
            self._taken = True

    def leave(self) -> None:
        if self._taken:
            self._taken = False
            self._permits.release()


class _Voice:
    """A section's place in the live text: where its attempts' words go."""

    def __init__(self, live: LiveText, index: int, opening: str, run: str, place: _Place) -> None:
        self._live, self._index, self._opening, self._run, self._place = live, index, opening, run, place
        self._attempts = 0

    async def begin(self, attempt: int, model: str, reason: str) -> None:  # noqa: ARG002 (the report names the model)
        """Start an attempt; what an earlier one said is void."""
        await self._place.take()
        self._attempts = attempt
        self._live.begin(self._index, f"{self._run}.{attempt}", reason)
        if self._opening:
            self._live.add(self._index, self._opening)

    async def piece(self, text: str) -> None:
        """Pass on what the model says."""
        self._live.add(self._index, text)

    async def end(self) -> None:
        """Let the next section's model begin, before this one's words are judged."""
        self._place.leave()

    def say(self, markdown: str, reason: str) -> None:
        """Put a whole section in the place of all attempts."""
        self._live.begin(self._index, f"{self._run}.{self._attempts + 1}", reason)
        self._live.add(self._index, markdown)


def _opening(planned: DraftPlan, index: int) -> str:
    """Return what stands before the model's words: the heading, which the outline fixes."""
    title = render_heading(planned, index).title
    return f"## {title}\n\n" if title else ""


def _instead(planned: DraftPlan, index: int) -> str:
    title = render_heading(planned, index).title or "A part without a heading"
    return f"“{title}” was written by the clause library: the model did not deliver it."
