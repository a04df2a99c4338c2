"""A cell without a pipeline: what remains is the driver's own work, or the waiting for a model far away."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from cluster.bulk.work import Outcome, WorkRow

NOTE = json.dumps({"status": "finished", "files": [], "findings": [{"message": "." * 80}] * 12})
"""As long as that of a real document."""


class WaitingCell:
    """Drafts nothing, and takes its time for it. Its document is 20 KB, as a real one."""

    def __init__(self, row_s: float, at_once: int, **_: Any) -> None:
        self._row_s, self._permits = row_s, asyncio.Semaphore(at_once)

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        """Wait for each row."""
        return await asyncio.gather(*(self._one(work) for work in block))

    async def _one(self, work: WorkRow) -> Outcome:
        async with self._permits:
            await asyncio.sleep(self._row_s)
        return Outcome(work.row.id, "finished", NOTE, (("md", b"." * 20_000),))
