"""Batches: documents drafted from rows that came over a wire. What the server and the batches agent tell each other."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from actors.document_files import Format
from actors.messages import Engine, Message

Status = Literal["waiting", "running", "cancelling", "cancelled", "finished", "failed"]
OVER: frozenset[Status] = frozenset(("cancelled", "finished", "failed"))


class BatchOptions(Message):
    """What holds for all rows: the options of `lexray bulk`."""

    type: str | None = None
    """Document type of rows that do not say it themselves."""
    jurisdiction: str | None = None
    """Place whose law governs where a row does not say it."""
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = ("md", "docx")
    engine: Engine = "library"
    as_of: datetime.date | None = None
    """Day whose law counts; the day of the order where it is not given."""


class BatchOrder(Message):
    """A batch, but for its rows."""

    tenant: str
    batch_id: str
    """Chosen by the server: the same id with the same options and rows is the same batch."""
    options: BatchOptions
    today: datetime.date
    """What `as_of` is where it is not given."""


class RowProblem(Message):
    """A row that cannot be drafted."""

    number: int
    """From 1, blank lines included."""
    place: str
    """`line 7`."""
    reason: str
    """A sentence in which no value of the row stands."""


class BatchCounts(Message):
    """Rows by what became of them."""

    total: int = 0
    finished: int = 0
    degraded: int = 0
    failed: int = 0
    in_flight: int = 0

    @property
    def settled(self) -> int:
        """Rows that nothing more will be done for."""
        return self.finished + self.degraded + self.failed


class BatchState(Message):
    """How far a batch is."""

    batch_id: str
    status: Status
    created: datetime.datetime
    ended: datetime.datetime | None = None
    options: BatchOptions
    counts: BatchCounts
    rate_per_s: float | None = None
    """Rows a second over the last minute; `None` while there is too little to tell by."""
    left_s: float | None = None
    """Seconds that the rest takes at this rate."""
    cost: float = 0.0
    """What its models' calls have cost, in the currency of the configured prices."""
    reason: str | None = None
    """Why it failed, or why it waits although its turn had come."""
    problems: tuple[RowProblem, ...] = ()
    """The first bad rows among those that were looked at when they came. All are in the failures, when they are met."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in OVER

    @property
    def mark(self) -> str:
        """What tells this state from the others: the id of its event."""
        return f"{self.counts.settled}-{self.status}"


class BatchDocument(Message):
    """One row's document as a file."""

    content: bytes
    title: str
