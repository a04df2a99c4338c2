"""The drafting layer of one draft: sections taken as they are complete, and kept when time runs out."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from actors.domain.sections import Section
from actors.draft_calls import DraftCalls
from actors.draft_layers import Work
from actors.errors import DeadlineExceededError
from actors.events import SectionDrafted
from actors.messages import Outline, SectionNotes
from actors.ports import Opened, Parcel
from actors.resilience.deadline import Deadline

RESERVE_SHARE, RESERVE_S = 0.1, 10.0
"""What of the budget is kept for checking what was written: a share of it, and no more than so many seconds."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the drafting layer leaves."""

    title: str
    document: Parcel
    """All sections that there are, as one."""


class Writing:
    """Has a document written, and hands each section on when it is complete."""

    def __init__(self, calls: DraftCalls, take: Callable[[int, Parcel], None]) -> None:
        self._calls, self._take = calls, take
        self._outline: Outline | None = None
        self._sections: dict[int, Parcel] = {}
        self._document: Parcel = Opened(())

    async def run(self, matter: Parcel, packet: Parcel, resumed: dict[int, Section]) -> Written:
        """Write what is missing.

        Raises:
            LexrayError: There is no text: the agent gave up, or the budget is spent before the first section.
        """
        work = self._calls.begin("draft")
        for index, section in resumed.items():
            self._keep(index, Opened(section))
        budget_s = self._calls.request.budget_s
        reserve_s = min(RESERVE_S, RESERVE_SHARE * budget_s)
        deadline = self._calls.deadline.child(max(0.0, self._calls.deadline.left_s() - reserve_s))

        async def write() -> None:
            await self._write(work, deadline, matter, packet)

        try:
            await self._calls.persist("draft", write, deadline)
        except DeadlineExceededError as error:
            await self._cut_short(error)
        outline = self._outline
        if outline is None:
            raise AssertionError("the first item of a draft's stream is its outline")
        work.result = {"engine": outline.engine, "sections": len(self._sections)}
        self._calls.end(work)
        return Written(outline.title, self._document)

    async def _write(self, work: Work, deadline: Deadline, matter: Parcel, packet: Parcel) -> None:
        """Read the agent's stream: once, or once more when its process died."""
        calls = self._calls
        done = tuple([await self._sections[index].open() for index in sorted(self._sections)])
        items = calls.agents["draft"].stream(
            "write", calls.hop(deadline), matter, packet, done, calls.request.use_parallel
        )
        async with aclosing(items) as stream:
            outline: Outline = await (await anext(stream)).open()
            self._outline, notes = outline, None
            while len(self._sections) < len(outline.sections):
                parcel = await anext(stream)
                item: SectionNotes | Section = await parcel.open()
                if isinstance(item, SectionNotes):
                    notes = item
                    calls.note(work, item.report)
                    continue
                calls.emit(SectionDrafted(section=item, attempt=notes.attempt if notes else ""))
                if notes is not None:
                    calls.report("review", notes.findings, item.index)
                self._keep(item.index, parcel)
                await asyncio.sleep(0)  # readers come first: an agent in this process would not let go
            self._document = await anext(stream)  # not opened: it goes straight to those who check it
            calls.note(work, await (await anext(stream)).open())

    def _keep(self, index: int, section: Parcel) -> None:
        self._sections[index] = section
        self._take(index, section)

    async def _cut_short(self, error: DeadlineExceededError) -> None:
        """Go on with the sections that there are; the reader is told which are not."""
        # The reader knows the draft's budget, not the part of it that drafting may use.
        spent = DeadlineExceededError(error.step, self._calls.request.budget_s)
        if self._outline is None or not self._sections:
            raise spent from error
        missing = [
            title or f"part {index + 1}"
            for index, title in enumerate(self._outline.sections)
            if index not in self._sections
        ]
        self._document = Opened(
            tuple([await self._sections[index].open() for index in sorted(self._sections)])
        )
        told = ", ".join(f"“{title}”" for title in missing)
        self._calls.degrade("draft", str(spent), f"Time ran out before these parts were written: {told}.")
