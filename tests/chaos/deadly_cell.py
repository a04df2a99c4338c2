"""A cell that some rows kill: whoever drafts one of them is gone in the middle of it, without a word."""

import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from cluster.bulk.cell import Cell
from cluster.bulk.crew_ray import BulkCell
from cluster.bulk.work import Outcome, WorkRow

DEADLY = "deadly"
"""How the ids of these rows begin."""


class DeadlyCell(Cell):
    """Dies of rows as a worker does that runs out of memory over one."""

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        """Draft rows, up to the deadly one."""
        for at, work in enumerate(block):
            if work.row.id.startswith(DEADLY):
                await super().draft(block[:at])
                os.kill(os.getpid(), signal.SIGKILL)
        return await super().draft(block)


class DeadlyBulkCell(BulkCell):
    """The actor around such a cell."""

    def __init__(self, agent: str, arguments: Mapping[str, Any]) -> None:
        del agent
        super().__init__("tests.chaos.deadly_cell:DeadlyCell", arguments)
