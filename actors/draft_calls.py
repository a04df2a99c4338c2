"""How the path of one draft talks to the agents, and what it says of each layer on the way."""

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from actors.domain.findings import Finding
from actors.draft_layers import INSTEAD, RESTART_RETRY, Work
from actors.errors import LexrayError, ModelEndpointError, RequestError
from actors.events import (
    AnyEvent,
    FindingReported,
    LayerCompleted,
    LayerStarted,
    StepDegraded,
    StepRetried,
)
from actors.messages import (
    USER_REQUEST_CHARS,
    DraftRequest,
    EssentialData,
    Hop,
    IntakeReply,
    Layer,
    StepReport,
)
from actors.ports import AgentPort, Parcel
from actors.resilience.deadline import Deadline
from actors.resilience.retry import RetryDetails

T = TypeVar("T")


class DraftCalls:
    """The calls of one draft: each within the budget, repeated when an agent's process died, told as events."""

    def __init__(
        self,
        request: DraftRequest,
        agents: Mapping[str, AgentPort],
        emit: Callable[[AnyEvent], None],
        *,
        degraded: bool = False,
    ) -> None:
        self.request, self.agents, self.emit = request, agents, emit
        self.deadline = Deadline.after(request.budget_s)
        self.degraded = degraded
        self._state = EssentialData(
            user_request=request.message[:USER_REQUEST_CHARS],
            task_type=request.task_type,
            jurisdiction=request.jurisdiction,
        )
        self._work: dict[Layer, Work] = {}

    def understood(self, reply: IntakeReply) -> None:
        """Take what intake found into the state that travels."""
        self._state = self._state.model_copy(
            update={"task_type": reply.task_type, "jurisdiction": reply.jurisdiction}
        )

    def begin(self, layer: Layer) -> Work:
        """Start a layer, if it has not started yet."""
        if layer not in self._work:
            self._state = self._state.model_copy(update={"current_layer": layer})
            self.emit(LayerStarted(layer=layer))
            self._work[layer] = Work(layer, time.monotonic())
        return self._work[layer]

    def end(self, work: Work) -> None:
        """Say that a layer is done, and what it gave."""
        models = [use.model_dump(mode="json") for use in work.models.values()]
        result = {**work.result, **({"models": models} if models else {})}
        seconds = time.monotonic() - work.started_s
        self.emit(LayerCompleted(layer=work.layer, seconds=seconds, attempts=work.attempts, result=result))

    async def ask(self, work: Work, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        """Call the layer's agent; a process that died is called again until it is back or time is up."""

        async def call() -> tuple[Parcel, ...]:
            return await self.agents[work.layer].ask(method, self.hop(self.deadline), *args, parts=parts)

        result = await self.persist(work.layer, call, self.deadline)
        self.note(work, await result[0].open())
        return result

    async def prepare(self, matter: Parcel) -> None:
        """Let the drafting agent plan while research runs."""
        with suppress(LexrayError):  # planning comes again with the writing, and its failure is told there
            await self.agents["draft"].call("prepare", self.hop(self.deadline), matter)

    async def persist(self, agent: str, call: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
        """Do a call, and once more when the agent's process died; within `deadline`."""

        def told(details: RetryDetails) -> None:
            self.emit(
                StepRetried(
                    agent=agent, attempt=details.attempt, wait_s=details.wait_s, reason=details.reason
                )
            )

        async with deadline.scope(agent):
            return await RESTART_RETRY(agent, call, deadline, told)

    def hop(self, deadline: Deadline) -> Hop:
        """Return the envelope of a call."""
        return Hop(
            draft_id=self.request.draft_id,
            tenant=self.request.tenant,
            budget_s=deadline.left_s(),
            engine=self.request.engine,
            essential_data=self._state,
        )

    def note(self, work: Work, report: StepReport) -> None:
        """Tell what an agent said of its own work."""
        work.attempts = max(work.attempts, report.attempts)
        for use in report.models:
            work.count(use)
        for note in report.retries:
            self.emit(
                StepRetried(agent=work.layer, attempt=note.attempt, wait_s=note.wait_s, reason=note.reason)
            )
        for stand_in in report.stand_ins:
            if stand_in.instead not in work.stand_ins:
                work.stand_ins.add(stand_in.instead)
                self.degrade(work.layer, stand_in.reason, stand_in.instead)

    def report(self, layer: Layer, findings: tuple[Finding, ...], section_index: int | None) -> None:
        """Tell what review or validation found."""
        for finding in findings:
            self.emit(
                FindingReported(
                    layer="validation" if layer == "validation" else "review",
                    finding=finding,
                    section_index=section_index,
                )
            )

    def replace(self, work: Work, error: LexrayError) -> None:
        """Go on without a step, and say so. What it had found before stays.

        Raises:
            LexrayError: The error itself, where nothing can stand in.
        """
        if isinstance(error, RequestError | ModelEndpointError):
            raise error
        self.degrade(work.layer, f"{type(error).__name__}: {error}", INSTEAD[work.layer])

    def degrade(self, step: str, reason: str, instead: str) -> None:
        """Say that something was done in another way than asked for."""
        self.degraded = True
        self.emit(StepDegraded(step=step, reason=reason, instead=instead))
