"""The thread that drafts batches: one at a time, tenants in turn."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from actors.config import Settings
from actors.errors import LexrayError, RequestError, ResourceMissingError
from actors.frames import frames_of
from cluster.bulk.batch import Batch
from cluster.bulk.crew import Crew, Pace
from cluster.bulk.figures import Figures
from cluster.bulk.folder import RunFolder
from cluster.bulk.plan import BulkPlan
from cluster.bulk.run import Limits
from cluster.bulk.session import BulkSession
from cluster.commands.bulk_where import pace_of

logger = logging.getLogger(__name__)

TURN_S = 120.0
"""How long a batch is drafted while another tenant's waits. The cells of a run take some seconds to start."""
WATCH_S = 0.2
AGAIN_S = 30.0
"""When a batch is tried again that found no room on disk, no ledger or no processes."""

MakeCrew = Callable[[BulkPlan, RunFolder, Pace], Crew]


class BatchRunner:
    """Drafts what waits, and rests when nothing does.

    In a thread of its own: a run reads and writes its ledger and files without pause, and whoever asks how far a batch
    is should not wait for that.

    Args:
        settings: For the runs.
        make_crew: Makes a run's cells.
    """

    def __init__(self, settings: Settings, make_crew: MakeCrew) -> None:
        self._settings, self._make_crew = settings, make_crew
        self._lock = threading.Lock()
        self._waiting: list[Batch] = []
        self._turns: dict[str, int] = {}
        """By tenant, the number of its last turn."""
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def add(self, batch: Batch) -> None:
        """Have a batch drafted when its turn comes: after the others of its tenant."""
        with self._lock:
            self._waiting.append(batch)
            if self._thread is None:
                # A daemon: a process that ends does not wait for a batch, which goes on with the next one.
                self._thread = threading.Thread(target=self._work, name="batches", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Drop what is under way; it is drafted again when somebody takes the batch up."""
        self._closing.set()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._all())

    async def _all(self) -> None:
        while (batch := self._next()) is not None:
            try:
                await self._turn(batch)
            except Exception as error:  # noqa: BLE001 (a defect meets one batch; the others go on)
                # Places in the code alone: a message may hold words of a row.
                logger.error("batch=%s failed on a defect of lexray: %s", _id(batch), frames_of(error))  # noqa: TRY400
                batch.end("failed", "lexray has a defect here; its log has the details")

    def _next(self) -> Batch | None:
        """Return the first batch of the tenant whose last turn is longest ago."""
        with self._lock:
            if self._closing.is_set() or not self._waiting:
                self._thread = None
                return None
            batch = min(self._waiting, key=lambda one: self._turns.get(one.record.tenant, 0))
            self._waiting.remove(batch)
            self._turns[batch.record.tenant] = max(self._turns.values(), default=0) + 1
            return batch

    async def _turn(self, batch: Batch) -> None:
        """Draft a batch, to its end or until others shall have their turn."""
        figures = Figures()
        if not batch.begin(figures):
            return
        try:
            if batch.status == "cancelling":
                batch.end("cancelled")
            else:
                await self._session(batch, figures)
        except RequestError as error:
            logger.warning("batch=%s cannot be drafted: %s", _id(batch), error)
            batch.end("failed", "its rows or its plan can no longer be read")
        except (LexrayError, OSError) as error:
            logger.warning("batch=%s waits: %s", _id(batch), error)
            batch.pause("the server lacks room or processes for it; it is tried again")
            self._put_back(batch)
            await self._rest()

    async def _session(self, batch: Batch, figures: Figures) -> None:
        session = BulkSession(batch.folder.run, self._settings)
        session.figures = figures
        plan, folder = session.plan, session.folder
        pace = pace_of(plan, self._settings)
        running = asyncio.create_task(
            session.run(lambda: self._make_crew(plan, folder, pace), pace, Limits())
        )
        watching = asyncio.create_task(self._watch(batch, session, running))
        try:
            end = await running
            was_asked = watching.done()
        finally:
            watching.cancel()
            await asyncio.gather(running, watching, return_exceptions=True)
        if end == "finished":
            batch.end("finished")
        elif was_asked:
            batch.pause()
            self._put_back(batch)
        else:
            raise ResourceMissingError("the ledger does not settle all rows", "look at its disk")

    async def _watch(self, batch: Batch, session: BulkSession, running: "asyncio.Task[object]") -> None:
        """Stop a turn that shall end."""
        ends_s = asyncio.get_running_loop().time() + TURN_S
        while not self._closing.is_set():
            # A turn that has drafted nothing is not over: where cells start slowly, nobody would ever come on.
            is_long = session.figures.drafted_now > 0 and asyncio.get_running_loop().time() > ends_s
            if batch.status == "cancelling" or (is_long and self._others_wait(batch.record.tenant)):
                session.stop()
                return
            await asyncio.sleep(WATCH_S)
        running.cancel()

    async def _rest(self) -> None:
        """Wait until what lacked may be there."""
        for _ in range(int(AGAIN_S / WATCH_S)):
            if self._closing.is_set():
                return
            await asyncio.sleep(WATCH_S)

    def _others_wait(self, tenant: str) -> bool:
        with self._lock:
            return any(one.record.tenant != tenant and one.status == "waiting" for one in self._waiting)

    def _put_back(self, batch: Batch) -> None:
        """Let a batch wait as the first of its tenant."""
        if not batch.state().is_over:
            with self._lock:
                self._waiting.insert(0, batch)


def _id(batch: Batch) -> str:
    return batch.record.state.batch_id
