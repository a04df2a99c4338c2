"""What lexray does over a wire, without the wire: drafts begun, followed, stopped and found again, by tenant."""

import datetime
import hashlib
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Annotated, Any

from pydantic import Field

from actors.config import Settings
from actors.document_stream import Cursor
from actors.draft_reader import follow_from
from actors.errors import DraftNotFoundError, InvalidInputError
from actors.events import AnyEvent
from actors.live_reader import LiveReader
from actors.messages import DraftRequest, EssentialData, Hop, Message
from actors.ordering import checked
from actors.ports import Neighbours
from actors.progress import DraftProgress

RECENT = 100
"""The most drafts that a list of them shows."""


class Order(Message):
    """One document to draft, as a caller asks for it: the options of `lexray draft`."""

    message: Annotated[str, Field(max_length=200_000)]
    """The request in plain words."""
    type: str | None = None
    """Document type; wins over what the message says."""
    jurisdiction: str | None = None
    """Place whose law governs, as an id (`US-DE`) or a name."""
    facts: dict[str, Any] | None = None
    """Typed facts, as in a facts file; they win over the message."""
    as_of: datetime.date | None = None
    """Day whose law counts; today where it is not given."""
    engine: str | None = None
    """`library` or `model`; the deployment's own where it is not given."""
    sequential: bool = False
    """One step after the other."""
    budget_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    """Time budget, in seconds; the deployment's own where it is not given."""
    session_id: Annotated[str, Field(max_length=200)] = ""


class DraftService:
    """The drafts of a running fleet. Keeps nothing: every answer comes from the fleet, so any copy can give it."""

    def __init__(
        self,
        agents: Neighbours,
        settings: Settings,
        today: Callable[[], datetime.date] = datetime.date.today,
        replicas: Mapping[str, int] | None = None,
    ) -> None:
        self.agents, self.settings, self.today = agents, settings, today
        self.live = LiveReader(agents.port("draft"))
        self.replicas: Mapping[str, int] = replicas or {}
        """Processes of an agent that has more than one."""

    def request(self, order: Order, facts_json: str | None, tenant: str, key: str | None) -> DraftRequest:
        """Return the checked request of an order.

        Args:
            order: What is asked for.
            facts_json: Its facts as the caller wrote them.
            tenant: Whose draft it will be.
            key: The caller's idempotency key: the same key is the same draft.

        Raises:
            RequestError: The order is wrong.
        """
        if order.engine not in {None, "library", "model"}:
            raise InvalidInputError("engine", "it is neither library nor model")
        engine = order.engine or self.settings.engine
        if engine == "model":
            self.settings.llm.endpoints()  # says what is missing
        return checked(
            DraftRequest(
                draft_id=uuid.uuid4().hex if key is None else keyed_id(tenant, key),
                session_id=order.session_id,
                message=order.message,
                task_type=order.type,
                jurisdiction=order.jurisdiction,
                facts_json=facts_json,
                as_of=order.as_of or self.today(),
                engine="model" if engine == "model" else "library",
                use_parallel=not order.sequential,
                budget_s=order.budget_s or self.settings.budget_s,
                tenant=tenant,
                resumable=True,
            )
        )

    async def begin(self, request: DraftRequest) -> DraftRequest:
        """Start a draft that goes on without a reader, or find the one that its key has started.

        Raises:
            DraftConflictError: The key belongs to another order.
        """
        await self.agents.port("coordinator").call("hold", request)
        return request

    async def follow(
        self, request: DraftRequest, cursor: Cursor, *, live: bool = True
    ) -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
        """Yield a draft's events and text behind a cursor, to its end. A draft whose last reader leaves stops.

        Args:
            request: The draft.
            cursor: Where an earlier connection ended.
            live: Whether text comes while a model writes it; else each section's comes when it is complete.

        Raises:
            AgentUnavailableError: The fleet is away for longer than a restart takes.
            DraftConflictError: Its idempotency key belongs to another order.
        """
        reader = self.live if live else None
        told = follow_from(self.agents.port("coordinator"), request, reader, cursor)
        async with aclosing(told) as events:
            async for told_event in events:
                yield told_event

    async def finish(self, request: DraftRequest) -> DraftProgress:
        """Read a draft to its end and return its state; else as `follow`."""
        progress = DraftProgress()
        async with aclosing(self.follow(request, Cursor(), live=False)) as events:
            async for _, event in events:
                progress = progress.updated(event)
        return progress

    async def find(self, tenant: str, draft_id: str) -> DraftProgress:
        """Return the state of a draft.

        Raises:
            DraftNotFoundError: This tenant has none of this id.
        """
        progress = _progress(await self._history(tenant, draft_id))
        if progress.started is None:
            raise DraftNotFoundError(draft_id)
        return progress

    async def cancel(self, tenant: str, draft_id: str) -> DraftProgress:
        """Stop a draft for good, down to the model's calls, and return its state. One that is over stays as it is.

        Raises:
            DraftNotFoundError: This tenant has none of this id.
        """
        await self.find(tenant, draft_id)
        await self.agents.port("coordinator").call("cancel", tenant, draft_id)
        return await self.find(tenant, draft_id)

    async def recent(self, tenant: str, limit: int = RECENT) -> list[DraftProgress]:
        """Return a tenant's drafts, those that began last first."""
        states: list[DraftProgress] = await self.agents.port("coordinator").call("drafts", tenant, limit)
        return states

    def hop(self, tenant: str) -> Hop:
        """Return the envelope of a single question to an agent."""
        return Hop(
            draft_id="question",
            tenant=tenant,
            budget_s=self.settings.budget_s,
            essential_data=EssentialData(user_request=""),
        )

    async def _history(self, tenant: str, draft_id: str) -> list[AnyEvent]:
        events: list[AnyEvent] = await self.agents.port("coordinator").call("history", draft_id, 0, tenant)
        return events


def keyed_id(tenant: str, key: str) -> str:
    """Return the draft id of an idempotency key: nobody can read the key from it, nor meet another tenant's."""
    return hashlib.sha256(f"{len(tenant)}:{tenant}{key}".encode()).hexdigest()[:40]


def _progress(events: list[AnyEvent]) -> DraftProgress:
    progress = DraftProgress()
    for event in events:
        progress = progress.updated(event)
    return progress
