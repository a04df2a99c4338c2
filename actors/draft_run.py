"""The path of one draft: the order of its steps, what runs beside what, and what stands in for a step that fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

from actors.domain.authority import ResearchPacket
from actors.domain.findings import Finding
from actors.domain.sections import Section
from actors.draft_layers import INSTEAD, RESTART_RETRY, CheckLayer, Work
from actors.errors import LexrayError, RequestError
from actors.events import (
    AnyEvent,
    CitationChecked,
    DraftFinished,
    FindingReported,
    LayerCompleted,
    LayerStarted,
    SectionDrafted,
    StepDegraded,
    StepRetried,
    Token,
)
from actors.messages import (
    USER_REQUEST_CHARS,
    DraftRequest,
    EssentialData,
    Hop,
    IntakeReply,
    Layer,
    Outline,
    ResearchView,
    StepReport,
)
from actors.ports import AgentPort, Opened, Parcel
from actors.progress import DraftProgress
from actors.resilience.deadline import Deadline
from actors.resilience.retry import RetryDetails


class DraftRun:
    """One draft on its way through the agents.

    Holds only parcels, the state that travels, and the sections as long as the reader needs them.
    """

    def __init__(
        self,
        request: DraftRequest,
        agents: Mapping[str, AgentPort],
        emit: Callable[[AnyEvent], None],
        resumed: DraftProgress,
    ) -> None:
        self._request, self._agents, self._emit = request, agents, emit
        self._resumed = resumed
        self._begun = time.monotonic()
        self._state = EssentialData(
            user_request=request.message[:USER_REQUEST_CHARS],
            task_type=request.task_type,
            jurisdiction=request.jurisdiction,
        )
        self._degraded = False
        self._sections: dict[int, Parcel] = {}
        self._document: Parcel = Opened(())
        """All sections as one parcel."""
        self._checks: dict[CheckLayer, list[asyncio.Task[None]]] = {"review": [], "validation": []}
        self._work: dict[Layer, Work] = {}

    async def run(self) -> None:
        """Draft the document, emitting what happens.

        Raises:
            LexrayError: There is no document: intake or drafting failed, or the budget is spent.
        """
        self._deadline = Deadline.after(self._request.budget_s)
        try:
            reply, matter = await self._intake()
            packet = await self._research(reply)
            title = await self._draft(matter, packet)
            await self._check(matter)
            await self._citations(matter)
        finally:
            await self._stop_checks()
        self._emit(
            DraftFinished(
                status="degraded" if self._degraded else "finished",
                title=title,
                seconds=time.monotonic() - self._begun,
            )
        )

    async def _intake(self) -> tuple[IntakeReply, Parcel]:
        work = self._begin("intake")
        parts = await self._ask(work, "understand", self._request, parts=3)
        reply: IntakeReply = await parts[1].open()
        self._state = self._state.model_copy(
            update={"task_type": reply.task_type, "jurisdiction": reply.jurisdiction}
        )
        matter = await parts[2].open()
        work.result = {
            "matter": matter.model_dump(mode="json"),
            "title": reply.title,
            "notices": list(reply.notices),
        }
        self._end(work)
        return reply, parts[2]

    async def _research(self, reply: IntakeReply) -> Parcel:
        work = self._begin("research")
        try:
            report, packet = await self._ask(work, "research", reply.query, parts=2)
        except LexrayError as error:
            self._replace(work, error)
            return Opened(ResearchPacket(query=reply.query, hits=(), corpus_version=""))
        told: StepReport = await report.open()
        view = ResearchView.of(await packet.open())
        work.result = {**view.model_dump(mode="json"), "cache": told.cache, "near": told.near}
        self._end(work)
        return packet

    async def _draft(self, matter: Parcel, packet: Parcel) -> str:
        work = self._begin("draft")
        for index, section in self._resumed.sections.items():
            self._take(index, Opened(section), matter)
        title, engine = "", ""

        async def write() -> None:
            nonlocal title, engine
            done = len(self._sections)
            items = self._agents["draft"].stream("write", self._hop(), matter, packet, done)
            async with aclosing(items) as stream:
                outline: Outline = await (await anext(stream)).open()
                title, engine = outline.title, outline.engine
                for _ in range(done, outline.section_count):
                    parcel = await anext(stream)
                    section: Section = await parcel.open()
                    self._emit(Token(content=section.markdown, section=section.index))
                    self._emit(SectionDrafted(section=section))
                    self._take(section.index, parcel, matter)
                    await asyncio.sleep(0)  # readers come first: an agent in this process would not let go
                self._document = await anext(stream)  # not opened: it goes straight to those who check it
                self._note(work, await (await anext(stream)).open())

        await self._persist("draft", write)
        work.result = {"engine": engine, "sections": len(self._sections)}
        self._end(work)
        return title

    def _take(self, index: int, section: Parcel, matter: Parcel) -> None:
        """Keep a section, and have it reviewed and validated while the next one is written."""
        self._sections[index] = section
        if self._request.use_parallel:
            for layer, tasks in self._checks.items():
                tasks.append(asyncio.create_task(self._check_section(layer, index, section, matter)))

    async def _check(self, matter: Parcel) -> None:
        """Review and validate the whole: side by side, or one after the other."""
        if self._request.use_parallel:
            await asyncio.gather(self._review(matter), self._validation(matter))
            return
        order: tuple[tuple[CheckLayer, Callable[[Parcel], Awaitable[None]]], ...]
        order = (("review", self._review), ("validation", self._validation))
        for layer, whole in order:
            for index in sorted(self._sections):
                task = asyncio.create_task(self._check_section(layer, index, self._sections[index], matter))
                self._checks[layer].append(task)
                await asyncio.wait([task])
            await whole(matter)

    async def _check_section(self, layer: CheckLayer, index: int, section: Parcel, matter: Parcel) -> None:
        work = self._work.get(layer) or self._begin(layer)
        method = "review_section" if layer == "review" else "validate_section"
        _, findings = await self._ask(work, method, matter, section, parts=2)
        self._report(layer, await findings.open(), index)

    async def _review(self, matter: Parcel) -> None:
        work = self._work.get("review") or self._begin("review")
        try:
            await self._finished(self._checks["review"])
            _, findings = await self._ask(work, "review_document", matter, self._document, parts=2)
        except LexrayError as error:
            self._replace(work, error)
            return
        self._report("review", await findings.open(), None)
        self._end(work)

    async def _validation(self, matter: Parcel) -> None:
        work = self._work.get("validation") or self._begin("validation")
        try:
            await self._finished(self._checks["validation"])
            _, parcel = await self._ask(work, "validate_document", matter, self._document, parts=2)
        except LexrayError as error:
            self._replace(work, error)
            return
        report = await parcel.open()
        self._report("validation", report.findings, None)
        told = report.model_dump(mode="json", include={"for_lawyer", "passed"})
        work.result = told
        self._end(work)

    async def _citations(self, matter: Parcel) -> None:
        work = self._begin("citations")
        try:
            _, parcel = await self._ask(work, "check_document", matter, self._document, parts=2)
        except LexrayError as error:
            self._replace(work, error)
            return
        for citation in await parcel.open():
            self._emit(CitationChecked(citation=citation))
        self._end(work)

    @staticmethod
    async def _finished(checks: list[asyncio.Task[None]]) -> None:
        """Wait for the section checks of one layer; the first error among them is the layer's."""
        for task in checks:
            await task

    async def _ask(self, work: Work, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        """Call the layer's agent; a process that died is called again until it is back or time is up."""

        async def call() -> tuple[Parcel, ...]:
            return await self._agents[work.layer].ask(method, self._hop(), *args, parts=parts)

        result: tuple[Parcel, ...] = await self._persist(work.layer, call)
        self._note(work, await result[0].open())
        return result

    async def _persist(self, agent: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401
        def told(details: RetryDetails) -> None:
            self._emit(
                StepRetried(
                    agent=agent, attempt=details.attempt, wait_s=details.wait_s, reason=details.reason
                )
            )

        async with self._deadline.scope(agent):
            return await RESTART_RETRY(agent, call, self._deadline, told)

    def _hop(self) -> Hop:
        return Hop(
            draft_id=self._request.draft_id,
            tenant=self._request.tenant,
            budget_s=self._deadline.left_s(),
            essential_data=self._state,
        )

    def _begin(self, layer: Layer) -> Work:
        self._state = self._state.model_copy(update={"current_layer": layer})
        self._emit(LayerStarted(layer=layer))
        self._work[layer] = Work(layer, time.monotonic())
        return self._work[layer]

    def _end(self, work: Work) -> None:
        seconds = time.monotonic() - work.started_s
        self._emit(
            LayerCompleted(layer=work.layer, seconds=seconds, attempts=work.attempts, result=work.result)
        )

    def _note(self, work: Work, report: StepReport) -> None:
        work.attempts = max(work.attempts, report.attempts)
        for note in report.retries:
            self._emit(
                StepRetried(agent=work.layer, attempt=note.attempt, wait_s=note.wait_s, reason=note.reason)
            )

    def _report(self, layer: CheckLayer, findings: tuple[Finding, ...], index: int | None) -> None:
        for finding in findings:
            self._emit(FindingReported(layer=layer, finding=finding, section_index=index))

    def _replace(self, work: Work, error: LexrayError) -> None:
        """Go on without this step, and say so. What it had found before stays."""
        if isinstance(error, RequestError):
            raise error
        self._degraded = True
        self._emit(
            StepDegraded(
                step=work.layer, reason=f"{type(error).__name__}: {error}", instead=INSTEAD[work.layer]
            )
        )

    async def _stop_checks(self) -> None:
        tasks = [task for tasks in self._checks.values() for task in tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
