"""The path of one draft: the order of its steps, and what runs beside what."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from actors.domain.authority import ResearchPacket
from actors.draft_calls import DraftCalls
from actors.draft_layers import Work
from actors.draft_resuming import news_only, understood_before
from actors.draft_writing import Writing
from actors.errors import LexrayError
from actors.events import AnyEvent, CitationChecked, DraftFinished
from actors.intake import reply_of
from actors.messages import DraftRequest, IntakeReply, Layer, ResearchView, StepReport
from actors.ports import AgentPort, Opened, Parcel
from actors.progress import DraftProgress
from actors.resilience.parallel import ParallelExecutor, both

SectionLayer = Literal["review", "validation", "citations"]
"""The layers that look at a section as soon as it is complete."""


class DraftRun:
    """One draft on its way through the agents.

    Holds only parcels and the state that travels.
    """

    def __init__(
        self,
        request: DraftRequest,
        agents: Mapping[str, AgentPort],
        emit: Callable[[AnyEvent], None],
        resumed: DraftProgress,
    ) -> None:
        self._request, self._emit, self._resumed = request, news_only(emit, resumed), resumed
        self._begun = time.monotonic()
        self._calls = DraftCalls(request, agents, self._emit, degraded=bool(resumed.degraded))
        self._sections: dict[int, Parcel] = {}
        self._document: Parcel = Opened(())
        """All sections as one parcel."""
        self._checks: dict[SectionLayer, dict[int, asyncio.Task[None]]] = {"review": {}, "validation": {}}
        if request.engine == "model":
            self._checks["citations"] = {}
        self._preparing: asyncio.Task[None] | None = None
        self._spoken: dict[int, Any] = {}
        """By section: passages that refer to law in words, as a model found them."""

    async def run(self) -> None:
        """Draft the document, emitting what happens.

        Raises:
            LexrayError: There is no document: intake or drafting failed, or the budget is spent.
        """
        try:
            reply, matter = await self._intake()
            if self._request.engine == "model":
                self._preparing = asyncio.create_task(self._calls.prepare(matter))
            packet = await self._research(reply)

            def take(index: int, section: Parcel) -> None:
                self._take(index, section, matter)

            written = await Writing(self._calls, take).run(matter, packet, self._resumed.sections)
            self._document = written.document
            await self._check(matter)
        finally:
            await self._stop_checks()
        self._emit(
            DraftFinished(
                status="degraded" if self._calls.degraded else "finished",
                title=written.title,
                seconds=time.monotonic() - self._begun,
            )
        )

    async def _intake(self) -> tuple[IntakeReply, Parcel]:
        before = understood_before(self._resumed)
        if before is not None:
            reply = reply_of(before)
            self._calls.understood(reply)
            return reply, Opened(before.matter)
        return await self._ask_intake()

    async def _ask_intake(self) -> tuple[IntakeReply, Parcel]:
        work = self._calls.begin("intake")
        parts = await self._calls.ask(work, "understand", self._request, parts=3)
        reply: IntakeReply = await parts[1].open()
        self._calls.understood(reply)
        matter = await parts[2].open()
        work.result = {
            "matter": matter.model_dump(mode="json"),
            "title": reply.title,
            "notices": list(reply.notices),
        }
        self._calls.end(work)
        return reply, parts[2]

    async def _research(self, reply: IntakeReply) -> Parcel:
        work = self._calls.begin("research")
        try:
            report, packet = await self._calls.ask(work, "research", reply.query, parts=2)
        except LexrayError as error:
            self._calls.replace(work, error)
            return Opened(ResearchPacket(query=reply.query, hits=(), corpus_version=""))
        told: StepReport = await report.open()
        view = ResearchView.of(await packet.open())
        work.result = {**view.model_dump(mode="json"), "cache": told.cache, "near": told.near}
        self._calls.end(work)
        return packet

    def _take(self, index: int, section: Parcel, matter: Parcel) -> None:
        """Keep a section, and have it looked at while others are written."""
        self._sections[index] = section
        if self._request.use_parallel:
            for layer in self._checks:
                self._look(layer, index, matter)

    def _look(self, layer: SectionLayer, index: int, matter: Parcel) -> asyncio.Task[None]:
        task = asyncio.create_task(self._check_section(layer, index, matter))
        self._checks[layer][index] = task
        return task

    async def _check_section(self, layer: SectionLayer, index: int, matter: Parcel) -> None:
        work = self._calls.begin(layer)
        method = {"review": "review_section", "validation": "validate_section", "citations": "read_section"}
        _, found = await self._calls.ask(work, method[layer], matter, self._sections[index], parts=2)
        if layer == "citations":
            self._spoken[index] = await found.open()
        else:
            self._calls.report(layer, await found.open(), index)

    async def _check(self, matter: Parcel) -> None:
        """Check the whole: all at once, or one layer after the other."""
        layers: tuple[tuple[SectionLayer, Callable[[Parcel], Awaitable[None]]], ...]
        layers = (("review", self._review), ("validation", self._validation), ("citations", self._citations))
        if self._request.use_parallel:
            await ParallelExecutor.run_parallel(whole(matter) for _, whole in layers)
            return
        for layer, whole in layers:
            if layer in self._checks:
                for index in sorted(self._sections):
                    await asyncio.wait([self._look(layer, index, matter)])
            await whole(matter)

    async def _review(self, matter: Parcel) -> None:
        work = self._calls.begin("review")
        try:
            findings = await self._whole(work, "review_document", matter)
        except LexrayError as error:
            self._calls.replace(work, error)
            return
        self._calls.report("review", await findings.open(), None)
        self._calls.end(work)

    async def _validation(self, matter: Parcel) -> None:
        work = self._calls.begin("validation")
        try:
            parcel = await self._whole(work, "validate_document", matter)
        except LexrayError as error:
            self._calls.replace(work, error)
            return
        report = await parcel.open()
        self._calls.report("validation", report.findings, None)
        work.result = report.model_dump(mode="json", include={"for_lawyer", "passed"})
        self._calls.end(work)

    async def _citations(self, matter: Parcel) -> None:
        work = self._calls.begin("citations")
        try:
            await self._looked_at("citations")
            parcel = await self._whole(work, "check_document", matter, self._spoken)
        except LexrayError as error:
            self._calls.replace(work, error)
            return
        for citation in await parcel.open():
            self._emit(CitationChecked(citation=citation))
        self._calls.end(work)

    async def _whole(self, work: Work, method: str, matter: Parcel, *args: object) -> Parcel:
        """Have the whole document checked, and its sections to the end."""

        async def ask() -> Parcel:
            _, parcel = await self._calls.ask(work, method, matter, self._document, *args, parts=2)
            return parcel

        # The first error among them is the layer's.
        parcel, _ = await both(ask(), self._looked_at(work.layer))
        return parcel

    async def _looked_at(self, layer: Layer) -> None:
        """Wait for the section checks of one layer."""
        for name, tasks in self._checks.items():
            if name == layer:
                await asyncio.gather(*tasks.values())

    async def _stop_checks(self) -> None:
        tasks = [task for tasks in self._checks.values() for task in tasks.values()]
        if self._preparing is not None:
            tasks.append(self._preparing)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
