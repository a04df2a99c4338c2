"""The pipeline's Python face, under the names that its user's document uses.

orchestrator = LayeredAgentOrchestrator()
result = await orchestrator.process(message="Create a service agreement", session_id="user-123")
"""

import datetime
import uuid
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from actors.config import Settings
from actors.draft_reader import drafted, failure
from actors.errors import InvalidInputError, StepFailedError
from actors.messages import DraftRequest
from actors.optimization import legal_cache, optimization_manager, performance_monitor
from actors.ordering import checked
from actors.ports import AgentPort
from actors.report import report_of

if TYPE_CHECKING:
    from actors.remote import Fleet  # imports Ray, which inline drafts need not

__all__ = ["LayeredAgentOrchestrator", "legal_cache", "optimization_manager", "performance_monitor"]


class LayeredAgentOrchestrator:
    """Drafts documents through all layers.

    The agents run as Ray actors: in the cluster of `lexray up` where there is one, else in a Ray that the first call
    starts and `close` stops (an `async with` does both). `inline=True` runs the same agents in this process, without
    Ray; they then share the module's `legal_cache` and `performance_monitor`, as the fleet's processes share the cache
    actor and the monitor actor.

    Args:
        use_parallel: Review beside validation, section by section; `False` runs the plain sequence.
        inline: Without Ray.
        settings: Read from the environment where not given.
    """

    def __init__(
        self, use_parallel: bool = True, *, inline: bool = False, settings: Settings | None = None
    ) -> None:
        self._use_parallel, self._inline = use_parallel, inline
        self._settings = settings or Settings()
        self._coordinator: AgentPort | None = None
        self._own_ray: Any = None
        self._fleet: Fleet | None = None
        """Its handles keep the actors alive."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def process(
        self,
        message: str,
        session_id: str = "",
        *,
        task_type: str | None = None,
        jurisdiction: str | None = None,
        facts_json: str | None = None,
        as_of: datetime.date | None = None,
    ) -> dict[str, Any]:
        """Draft one document and return its report (the shape of `report.json`).

        Raises:
            InvalidInputError: The request was refused.
            StepFailedError: A step without a stand-in gave up: there is no document, and no result.
        """
        asked = DraftRequest(
            draft_id=uuid.uuid4().hex,
            session_id=session_id,
            message=message,
            task_type=task_type,
            jurisdiction=jurisdiction,
            facts_json=facts_json,
            as_of=as_of or datetime.datetime.now().astimezone().date(),
            engine=self._settings.engine,
            use_parallel=self._use_parallel,
            budget_s=self._settings.budget_s,
        )
        progress = await drafted(self._port(), checked(asked))
        failed = failure(progress)
        if failed is not None and failed.status == "refused":
            raise InvalidInputError("message", failed.message)
        if failed is not None:
            raise StepFailedError(failed.step, 1, failed.message)
        return report_of(progress)

    def close(self) -> None:
        """Stop the actors and the Ray that this object started, if it did."""
        self._fleet = None
        if self._own_ray is not None:
            self._own_ray.__exit__(None, None, None)
            self._own_ray = None
        self._coordinator = None

    def _port(self) -> AgentPort:
        if self._coordinator is None:
            self._coordinator = self._inline_port() if self._inline else self._ray_port()
        return self._coordinator

    def _inline_port(self) -> AgentPort:
        from cluster.inline import InlineFleet

        return InlineFleet(self._settings).port("coordinator")

    def _ray_port(self) -> AgentPort:
        import ray

        from cluster import ray_session
        from cluster.launch import start_fleet
        from cluster.state_file import read_state

        journal: Path = self._settings.folder / "journal.sqlite"
        state = read_state(self._settings.folder)
        if state is not None and not ray.is_initialized():
            ray_session.join_ray(self._settings, state.address)
            return ray_session.find_agent("coordinator")
        if not ray.is_initialized():
            self._own_ray = ray_session.own_ray(self._settings)
            self._own_ray.__enter__()
        running = start_fleet(self._settings, journal)
        self._fleet = running
        return running.port("coordinator")
