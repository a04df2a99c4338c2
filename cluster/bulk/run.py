"""One run: rows go from the feed to the cells, documents from the cells to their final names, the ledger between.

Ray places the cells, restarts those that die and carries the messages. Who drafts what next is decided here, since only
the ledger knows what is still to be done. Ray Data could hand out rows to the same cells (`map_batches` over a pool of
actors; `scripts/bench_bulk --parts ray-data` runs both). In one run of 600 documents of the library on two cores it
drafted 9.6 a second where this driver drafted 11.8, took 90 s where this took 54 s, starting included, and held 204 MiB
where this held 168 MiB. It knows a row as done or not, by what its own writer has written: it has no fence, no tries,
no blame for the row that killed a cell, and no row that waits for its provider; with a block goes every row in it, and
progress is told by blocks. Each of these would have to be built around it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal

from cluster.bulk.crew import CellDiedError, Crew, Pace
from cluster.bulk.feed import Feed
from cluster.bulk.figures import Figures
from cluster.bulk.folder import RunFolder, no_room
from cluster.bulk.ledger import Claim, Ledger
from cluster.bulk.patience import patiently
from cluster.bulk.station import Station, Task
from cluster.bulk.work import Outcome, WorkRow

logger = logging.getLogger(__name__)

End = Literal["finished", "stopped", "max_failures", "max_cost"]
MOST_PARKS = 3
"""A row that is sent back this often, while others pass, has a trouble of its own: something then stands in."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends a run early."""

    failures: int | None = None
    """Rows that may fail in this start; one more ends it."""
    cost: float | None = None
    """What all its models' calls may cost, earlier starts included."""


class BulkRun:
    """Drives cells over a feed until all rows are settled, a limit is passed, or it is told to stop.

    Whatever ends it, and `kill -9` too, another run over the same ledger goes on where it stood.

    Args:
        feed: The rows.
        ledger: What became of them.
        folder: Where documents go.
        crew: The cells.
        pace: How rows are handed out.
        limits: What ends it early.
        figures: Kept up to date while it runs.
        told: Called when something happened that a person may want to see.
    """

    def __init__(
        self,
        feed: Feed,
        ledger: Ledger,
        folder: RunFolder,
        crew: Crew,
        pace: Pace,
        limits: Limits,
        figures: Figures,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._feed, self._ledger, self._folder, self._crew = feed, ledger, folder, crew
        self._pace, self._limits, self.figures, self._told = pace, limits, figures, told
        self._again: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        """Rows whose worker died: each is drafted alone in its cell, so that no neighbour shares the blame."""
        self._stations: list[Station] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._blocks = 0
        self._ending: End | None = None

    def stop(self, reason: End = "stopped") -> None:
        """Hand out nothing more; rows under way are finished."""
        self._ending = self._ending or reason
        self._wake()

    async def run(self) -> End:
        """Draft; return how it ended.

        Raises:
            ResourceMissingError: No cell can be started, or there is no room for documents.
            AgentUnavailableError: The ledger stayed away.
        """
        welcoming = asyncio.create_task(self._welcome())
        try:
            await self._until_settled(welcoming)
        finally:
            for task in (welcoming, *self._serving):
                task.cancel()
            await asyncio.gather(welcoming, *self._serving, return_exceptions=True)
            for station in self._stations:
                for task in station.flying:
                    task.cancel()
                await asyncio.gather(*station.flying, return_exceptions=True)
            await self._crew.dismiss()
        return self._ending or "finished"

    async def _until_settled(self, welcoming: asyncio.Task[None]) -> None:
        while not self._is_over():
            for task in [welcoming, *self._serving]:
                if task.done():
                    task.result()  # raises what ended it
                    self._serving.discard(task)
            await self._pause(1.0)

    def _is_over(self) -> bool:
        if self.figures.in_flight:
            return False
        return self._ending is not None or (self._feed.is_empty and not self._again and not self._suspects)

    async def _welcome(self) -> None:
        async with aclosing(self._crew.joining()) as cells:
            async for cell in cells:
                station = Station(cell)
                self._stations.append(station)
                self.figures.cells = len(self._stations)
                self._serving.add(asyncio.create_task(self._serve(station)))

    async def _serve(self, station: Station) -> None:
        """Keep one cell busy until it is gone for good."""
        while not station.gone or station.flying:
            for task in [task for task in station.flying if task.done()]:
                station.flying.discard(task)
                task.result()
            if self._ending is None:
                await patiently(lambda: self._feed.fill(self._pace.block_rows))
            tasks = self._choose(station)
            if not tasks:
                await self._pause(0.5)
                continue
            self.figures.in_flight += len(tasks)
            station.flying.add(asyncio.create_task(self._drafted(station, tasks)))

    def _choose(self, station: Station) -> list[Task]:
        """Return what a cell gets next: nothing, a suspect alone, a probe, or a block."""
        if self._ending is not None or station.gone or station.alone:
            return []
        if len(station.flying) >= self._pace.blocks:
            return []
        if station.pause_s:
            is_time = not station.flying and _now_s() >= station.probe_at_s
            return self._next(1) if is_time else []
        if self._suspects and not station.flying:
            station.alone = True
            return [self._suspects.popleft()]
        if self._suspects and station is self._stations[0]:
            return []  # one cell is emptied for them, the others go on
        return self._next(self._pace.block_rows)

    def _next(self, count: int) -> list[Task]:
        found: list[Task] = []
        while len(found) < count:
            if self._again:
                found.append(self._again.popleft())
            elif (row := self._feed.take()) is not None:
                found.append(Task(row))
            else:
                break
        self.figures.parked = len(self._again)
        return found

    async def _drafted(self, station: Station, tasks: list[Task]) -> None:
        """Have some rows drafted, and settle them."""
        self._blocks += 1
        # A name of its own for each block: when the cell dies, its rows and no others are given back.
        worker = f"{station.cell.name}/{self._blocks}"
        try:
            held = [(task, work) for task in tasks if (work := await self._claimed(station, task, worker))]
            try:
                outcomes = await station.cell.draft([work for _, work in held]) if held else []
            except CellDiedError as error:
                await self._give_back(held, error)
                if not await station.cell.back():
                    self._dismiss(station)
                return
            for (task, work), outcome in zip(held, outcomes, strict=True):
                await self._settle(station, task, work, outcome)
        finally:
            station.alone = False
            self.figures.in_flight -= len(tasks)
            self._wake()

    async def _claimed(self, station: Station, task: Task, worker: str) -> WorkRow | None:
        row = task.row
        claim = await patiently(lambda: self._ledger.claim(row.id, row.fingerprint, worker))
        if claim is None:
            return None
        return WorkRow(row, claim, patient=task.parks < MOST_PARKS, probe=station.pause_s > 0)

    async def _settle(self, station: Station, task: Task, work: WorkRow, outcome: Outcome) -> None:
        figures, claim = self.figures, work.claim
        match outcome.kind:
            case "outage":
                await patiently(lambda: self._ledger.park(claim, outcome.told))
                self._send_back(station, task, probe=work.probe)
                return
            case "failed":
                if await patiently(lambda: self._ledger.fail(claim, outcome.told)):
                    self.count_failed()
            case _:
                if await self._published(claim, outcome):
                    figures.finished += outcome.kind == "finished"
                    figures.degraded += outcome.kind == "degraded"
        station.pause_s = 0.0
        figures.add(outcome)
        if self._limits.cost is not None and figures.cost > self._limits.cost:
            self.stop("max_cost")
        self._told()

    async def _published(self, claim: Claim, outcome: Outcome) -> bool:
        """Give a document its names, and commit; False where the row is another's by now."""
        if not await patiently(lambda: self._ledger.holds(claim)):
            return False
        try:
            carried = {form: content for form, content in outcome.files if content is not None}
            if carried:
                self._folder.stage(claim.id, claim.fence, carried)
            self._folder.publish(claim.id, claim.fence, tuple(form for form, _ in outcome.files))
        except OSError as error:
            raise no_room(self._folder, error) from error
        return await patiently(lambda: self._ledger.commit(claim, outcome.told))

    def count_failed(self) -> None:
        """Count a row that failed; too many end the run."""
        self.figures.failed += 1
        self.figures.failed_now += 1
        if self._limits.failures is not None and self.figures.failed_now > self._limits.failures:
            self.stop("max_failures")

    def _send_back(self, station: Station, task: Task, *, probe: bool) -> None:
        """Lay a row aside whose provider is out, and let the cell only probe until one passes."""
        passed = self.figures.settled
        if task.passed < passed:
            task.parks, task.passed = task.parks + 1, passed
        self._again.append(task)
        self.figures.outages += station.rest(_now_s(), probed=probe)
        self.figures.parked = len(self._again)
        self._told()

    async def _give_back(self, held: list[tuple[Task, WorkRow]], error: CellDiedError) -> None:
        """Take back the rows of a cell that died."""
        self.figures.died += 1
        logger.info("a cell died: %s", error)
        if error.blameless:
            for task, work in held:
                await patiently(partial(self._ledger.park, work.claim, error.reason))
                self._again.append(task)
            return
        by_id = {task.row.id: task for task, _ in held}
        worker = held[0][1].claim.worker
        lost = await patiently(lambda: self._ledger.worker_died(worker))
        self._suspects.extend(by_id[row_id] for row_id in lost.again)
        for _ in lost.failed:
            self.count_failed()

    def _dismiss(self, station: Station) -> None:
        """Give a cell nothing more: it is gone for good."""
        if not station.gone:
            station.gone = True
            self._stations.remove(station)
            self.figures.cells = len(self._stations)

    async def _pause(self, limit_s: float) -> None:
        """Wait for news, or for some moments."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._news.wait()

    def _wake(self) -> None:
        # Whoever waits is woken; whoever comes now waits for what comes next.
        self._news.set()
        self._news = asyncio.Event()


def _now_s() -> float:
    return asyncio.get_running_loop().time()
