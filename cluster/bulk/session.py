"""One start of a bulk run, from the folder's plan to its lists: usable without the command line.

    session = BulkSession(RunFolder(Path("out")), settings)
    end = await session.run(crew, pace, Limits(), told=show)

`session.stop()` ends it after the rows under way; the next session over the same folder goes on.
"""

import asyncio
import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from actors.config import Settings
from actors.errors import InvalidInputError
from cluster.bulk.crew import Crew, Pace
from cluster.bulk.feed import Feed
from cluster.bulk.figures import Figures
from cluster.bulk.folder import RunFolder, no_room
from cluster.bulk.ledger import UNFINISHED, Ledger
from cluster.bulk.ledger_sqlite import SqliteLedger
from cluster.bulk.lists import write_lists
from cluster.bulk.manifest import Start, input_hash, manifest_of, read_manifest, write_manifest
from cluster.bulk.plan import BulkPlan
from cluster.bulk.rows_file import open_rows
from cluster.bulk.run import BulkRun, End, Limits
from cluster.versions import versions

MOST_READINGS = 5
"""A ledger that was away may have kept an answer to itself: the row is then found by reading once more."""
TICK_S = 0.5


class BulkSession:
    """One start of a run.

    Args:
        folder: It holds the plan.
        settings: For a ledger in Redis.
        retry_failed: Whether rows that failed before are drafted again.
        told: Called when something changed, and each half second.
    """

    def __init__(
        self,
        folder: RunFolder,
        settings: Settings,
        *,
        retry_failed: bool = False,
        told: Callable[[Figures], None] = lambda _: None,
    ) -> None:
        self.folder, self.plan = folder, folder.plan()
        self.figures = Figures()
        self.notices: list[str] = []
        """What was not read of the input, in sentences."""
        self._settings, self._retry_failed, self._tell = settings, retry_failed, told
        self._run: BulkRun | None = None
        self._stopped = self._ended = False
        self._begun_s = time.monotonic()

    def stop(self) -> None:
        """Hand out nothing more, and end when the rows under way are settled."""
        self._stopped = True
        if self._run is not None:
            self._run.stop()

    async def run(self, make_crew: Callable[[], Crew], pace: Pace, limits: Limits) -> End:
        """Draft what is still to be drafted, and write the lists; return how it ended.

        Raises:
            RequestError: The input is gone, or no row could be drafted from it.
            ResourceMissingError: No cell comes up, or there is no room for documents.
            AgentUnavailableError: The ledger stayed away.
        """
        with self.folder.locked(), self._ledger() as ledger:
            start = await asyncio.to_thread(_start_of, self.plan)
            before = read_manifest(self.folder).get("starts", [])
            self._take_up(ledger)
            self._save(start, "running", ledger, before)
            counting = asyncio.create_task(asyncio.to_thread(self._count))
            ticking = asyncio.create_task(self._tick())
            end: End | None = None
            try:
                end = await self._drafted(ledger, make_crew, pace, limits)
            finally:
                self._ended = True
                ticking.cancel()
                await asyncio.gather(ticking, counting, return_exceptions=True)
                self.folder.clear_staged()
                self._leave_lists(ledger)
                self._save(start, end or "interrupted", ledger, before)
        return end

    async def _drafted(
        self, ledger: Ledger, make_crew: Callable[[], Crew], pace: Pace, limits: Limits
    ) -> End:
        """Read the rows, and read them again while some are left that nobody has in hand."""
        for _ in range(MOST_READINGS):
            with open_rows(self.plan.file, self.plan.encoding) as reading:
                feed = Feed(reading, self.plan.column_map, self.plan.defaults, ledger, self._count_failed)
                self.notices = reading.notices
                self._run = run = BulkRun(
                    feed, ledger, self.folder, make_crew(), pace, limits, self.figures, self._told
                )
                if self._stopped:
                    run.stop()
                end = await run.run()
            counts = ledger.counts()
            if end != "finished" or not any(counts[state] for state in UNFINISHED):
                return end
            ledger.release_claims()
        return "stopped"

    def _count_failed(self) -> None:
        if self._run is not None:
            self._run.count_failed()

    def _told(self) -> None:
        self._tell(self.figures)

    async def _tick(self) -> None:
        while True:
            self.figures.mark(time.monotonic())
            self._tell(self.figures)
            await asyncio.sleep(TICK_S)

    def _take_up(self, ledger: Ledger) -> None:
        """Take over what earlier starts did."""
        ledger.release_claims()
        if self._retry_failed:
            ledger.retry_failed()
        self.folder.clear_staged()
        for kept in ledger.rows("done"):
            is_degraded = kept.note.startswith('{"status":"degraded"')
            self.figures.degraded += is_degraded
            self.figures.finished += not is_degraded
            self.figures.cost += _cost(kept.note)
        self.figures.failed = ledger.counts()["failed"]

    def _count(self) -> None:
        """Count the rows, for those who want to know when it ends."""
        total = 0
        with open_rows(self.plan.file, self.plan.encoding) as reading:
            for record in reading.records:
                total += bool(getattr(record, "values", True))
                if self._ended:
                    return
        self.figures.total = total

    def _leave_lists(self, ledger: Ledger) -> None:
        try:
            write_lists(self.folder, ledger, self.plan)
        except OSError as error:
            raise no_room(self.folder, error) from error

    def _save(self, start: Start, status: str, ledger: Ledger, before: list[dict[str, object]]) -> None:
        phases_s = {"total": time.monotonic() - self._begun_s}
        manifest = manifest_of(self.plan, start, status, ledger.counts(), self.figures, before, phases_s)
        try:
            write_manifest(self.folder, manifest)
        except OSError as error:
            raise no_room(self.folder, error) from error

    @contextmanager
    def _ledger(self) -> Iterator[Ledger]:
        ledger = open_ledger(self.plan, self.folder, self._settings)
        try:
            yield ledger
        finally:
            ledger.close()


def open_ledger(plan: BulkPlan, folder: RunFolder, settings: Settings) -> Ledger:
    """Return the run's ledger.

    Raises:
        InvalidInputError: It lies in a Redis whose address is not set.
    """
    if plan.ledger == "sqlite":
        return SqliteLedger(folder.ledger)
    if settings.bulk_redis_url is None:
        raise InvalidInputError(
            "LEXRAY_BULK_REDIS_URL", "it is not set, and the run's ledger lies in that Redis"
        )
    from cluster.bulk.ledger_redis import RedisLedger

    return RedisLedger(settings.bulk_redis_url.get_secret_value(), plan.run_id)


def _start_of(plan: BulkPlan) -> Start:
    try:
        digest, size = input_hash(Path(plan.file))
    except OSError as error:
        raise InvalidInputError("file", f"{plan.file} cannot be read ({error.strerror})") from error
    return Start(datetime.datetime.now(datetime.UTC), versions(plan.engine), digest, size)


def _cost(note: str) -> float:
    _, sign, cost = note.rpartition('"cost":')
    return float(cost.rstrip("}")) if sign else 0.0
