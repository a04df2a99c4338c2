"""One cell in this process, without Ray."""

from collections.abc import AsyncGenerator, Sequence

from cluster.bulk.cell import Cell
from cluster.bulk.work import Outcome, WorkRow


class InlineCell:
    """A cell that lives and dies with its run."""

    name = "inline"

    def __init__(self, cell: Cell) -> None:
        self._cell = cell

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        """Have rows drafted."""
        return await self._cell.draft(block)

    async def back(self) -> bool:
        """It never was away."""
        return True


class InlineCrew:
    """A crew of one."""

    def __init__(self, cell: Cell) -> None:
        self._cell = InlineCell(cell)

    async def joining(self) -> AsyncGenerator[InlineCell, None]:
        """Yield the one cell."""
        yield self._cell

    async def dismiss(self) -> None:
        """Nothing to end."""
