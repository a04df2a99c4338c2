"""Where rows are drafted: cells, in this process or on all nodes of a cluster."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from actors.errors import LexrayError
from cluster.bulk.work import Outcome, WorkRow


@dataclass(frozen=True, slots=True)
class Pace:
    """How rows are handed to a cell."""

    block_rows: int
    """Rows in one message: so many that its price is small beside their work."""
    blocks: int
    """Messages under way to one cell: with two it never waits for the next."""
    at_once: int
    """Rows under way within a cell."""


LIBRARY = Pace(block_rows=4, blocks=2, at_once=1)


def model_pace(in_flight: int, sections_in_flight: int) -> Pace:
    """Return the pace where models are waited for: as many drafts as keep a cell's calls busy, each on its own.

    Args:
        in_flight: Calls to a server at a time, in one agent's process.
        sections_in_flight: Of one draft.
    """
    # Twice: while some drafts write, others are still understood, researched or looked over.
    at_once = max(2, 2 * in_flight // sections_in_flight)
    return Pace(block_rows=1, blocks=at_once, at_once=at_once)


class CellDiedError(LexrayError):
    """A cell's process died with rows in hand."""

    def __init__(self, cell: str, reason: str, blameless: bool = False) -> None:
        super().__init__(cell, reason, blameless)
        self.cell, self.reason, self.blameless = cell, reason, blameless

    def __str__(self) -> str:
        return f"{self.cell}: {self.reason}"


class CellPort(Protocol):
    """One cell, seen from the run."""

    @property
    def name(self) -> str:
        """Names it within the run."""

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        """Have rows drafted.

        Raises:
            CellDiedError: Its process is gone; what it did with the rows is not known. `blameless` where its whole
                machine went: no row is the reason.
            ResourceMissingError: The folder cannot be written to.
        """

    async def back(self) -> bool:
        """Wait until the cell can draft; False where it never will again."""


class Crew(Protocol):
    """All cells of a run."""

    def joining(self) -> AsyncGenerator[CellPort, None]:
        """Yield each cell when it can draft: first those of the start, then those on nodes that join later.

        Raises:
            ResourceMissingError: None can be started.
        """

    async def dismiss(self) -> None:
        """End all cells."""
