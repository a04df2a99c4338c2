"""Cells that do as they are told, for the bulk run's tests."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence

from cluster.bulk.crew import CellDiedError
from cluster.bulk.work import Outcome, WorkRow

Act = Callable[[WorkRow], Outcome]


def drafted(work: WorkRow, kind: str = "finished", cost: float = 0.0) -> Outcome:
    """Return what a cell says that drafted a row, and carries its document."""
    note = json.dumps({"status": kind})
    content = f"{work.row.id} by {work.claim.attempt}".encode()
    return Outcome(
        work.row.id, "degraded" if kind == "degraded" else "finished", note, (("md", content),), cost
    )


class ScriptedCell:
    """Drafts a row in a second, or does what `act` says; `deadly` rows kill it."""

    def __init__(
        self, name: str, act: Act = drafted, deadly: Sequence[str] = (), blameless: bool = False
    ) -> None:
        self.name = name
        self._act, self._deadly, self._blameless = act, set(deadly), blameless
        self.blocks: list[list[str]] = []
        self.most_rows = 0
        self._rows = 0
        self._killed = asyncio.Event()

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        ids = [work.row.id for work in block]
        self.blocks.append(ids)
        self._rows += len(block)
        self.most_rows = max(self.most_rows, self._rows)
        killed = self._killed
        try:
            if self._deadly & set(ids):
                await asyncio.sleep(0.1)
                self._killed, self._rows = asyncio.Event(), 0
                killed.set()
            await asyncio.wait(
                [asyncio.create_task(asyncio.sleep(len(block))), asyncio.create_task(killed.wait())],
                return_when=asyncio.FIRST_COMPLETED,
            )
            if killed.is_set():
                raise CellDiedError(self.name, "killed", self._blameless)
        finally:
            self._rows = max(0, self._rows - len(block))
        return [self._act(work) for work in block]

    async def back(self) -> bool:
        return not self._blameless


class ScriptedCrew:
    """Cells that are there at once, or later."""

    def __init__(self, *cells: ScriptedCell, later: Sequence[tuple[float, ScriptedCell]] = ()) -> None:
        self._cells, self._later = cells, later

    async def joining(self) -> AsyncGenerator[ScriptedCell, None]:
        for cell in self._cells:
            yield cell
        for wait_s, cell in self._later:
            await asyncio.sleep(wait_s)
            yield cell

    async def dismiss(self) -> None:
        """They end by themselves."""
