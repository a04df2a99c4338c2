"""One batch between its coming and its end, for those who ask and for the thread that drafts it."""

import datetime
import logging
import threading
from typing import Any

from actors.batches import OVER, BatchCounts, BatchState, Status
from cluster.bulk.batch_folder import BatchFolder, BatchRecord
from cluster.bulk.figures import Figures

logger = logging.getLogger(__name__)


class Batch:
    """A batch. Two threads change it: the one that answers and the one that drafts.

    Args:
        folder: Where it lies.
        record: What stands there.
    """

    def __init__(self, folder: BatchFolder, record: BatchRecord) -> None:
        self.folder = folder
        self._record = record
        self._lock = threading.Lock()
        self._figures: Figures | None = None

    @property
    def record(self) -> BatchRecord:
        """What is on disk."""
        return self._record

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self._record.state.status

    def state(self) -> BatchState:
        """Return how far it is."""
        state, figures = self._record.state, self._figures
        if figures is None:
            return state
        counts = _counts(figures, state.counts.total)
        if counts.settled < state.counts.settled:  # a turn begins by reading what earlier ones did
            return state
        return state.model_copy(
            update={
                "counts": counts,
                "rate_per_s": _rounded(figures.rate()),
                "left_s": _rounded(figures.left_s()),
                "cost": round(figures.cost, 6),
            }
        )

    def cancel(self) -> bool:
        """Have nothing more handed out; return whether it is over by that already."""
        with self._lock:
            match self.status:
                case "waiting":
                    self._change(status="cancelled", ended=_now())
                case "running":
                    self._change(status="cancelling")
            return self.status in OVER

    def begin(self, figures: Figures) -> bool:
        """Begin a turn; False where there is nothing to do any more."""
        with self._lock:
            if self.status in OVER:
                return False
            if self.status == "waiting":
                self._change(status="running", reason=None)
            self._figures = figures
            return True

    def pause(self, reason: str | None = None) -> None:
        """End a turn; the rest waits for the next one."""
        with self._lock:
            self._end_turn("cancelled" if self.status == "cancelling" else "waiting", reason)

    def end(self, status: Status, reason: str | None = None) -> None:
        """End the batch."""
        with self._lock:
            self._end_turn(status, reason)

    def _end_turn(self, status: Status, reason: str | None) -> None:
        state, self._figures = self.state(), None
        ended = _now() if status in OVER else None
        told = {"counts": state.counts.model_copy(update={"in_flight": 0}), "cost": state.cost}
        self._change(status=status, reason=reason, ended=ended, **told)

    def _change(self, **fields: Any) -> None:  # noqa: ANN401 (those of the state)
        state = self._record.state.model_copy(update=fields)
        self._record = self._record.model_copy(update={"state": state})
        try:
            self.folder.save(self._record)
        except OSError as error:
            # It counts here all the same; after a restart the earlier one would come back.
            logger.error("batch=%s: its state is not on disk (%s)", state.batch_id, error.strerror)  # noqa: TRY400


def _counts(figures: Figures, total: int) -> BatchCounts:
    return BatchCounts(
        total=total if figures.total is None else figures.total,
        finished=figures.finished,
        degraded=figures.degraded,
        failed=figures.failed,
        in_flight=figures.in_flight,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
