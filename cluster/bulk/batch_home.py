"""The folder in which batches lie: one agent's at a time, each batch in it whole or not at all."""

import datetime
import fcntl
import hashlib
import logging
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from actors.batches import BatchCounts, BatchOrder, BatchState, RowProblem
from actors.errors import AgentUnavailableError, ResourceMissingError
from cluster.bulk.batch import Batch
from cluster.bulk.batch_folder import BatchFolder, BatchRecord
from cluster.bulk.batch_upload import Upload
from cluster.bulk.plan import BulkPlan

logger = logging.getLogger(__name__)

LONGEST_BUDGET_S = 3600.0
"""For one document: nobody waits for one of many, and it may wait long for a model's permit."""


class BatchHome:
    """`TENANT/BATCH/`, a hash for the tenant, and `.uploads/` for what is still coming in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether this process has it."""
        return self._lock is not None

    def take_up(self) -> list[Batch]:
        """Make the folder this process's own, until it closes it or ends; return the batches, the oldest first.

        Raises:
            AgentUnavailableError: Another agent has it.
            ResourceMissingError: It cannot be used.
        """
        with disk_told():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = _locked(self.folder / "lock")
            # Whoever sent them is told so with the next piece.
            shutil.rmtree(self._uploads, ignore_errors=True)
            self._uploads.mkdir(mode=0o700)
            return sorted(self._batches(), key=lambda batch: batch.record.state.created)

    def upload(self, tenant: str, most_rows: int) -> Upload:
        """Return a fresh upload.

        Raises:
            ResourceMissingError: The disk does not take it.
        """
        with disk_told():
            return Upload(self._uploads / uuid.uuid4().hex, tenant, most_rows)

    def create(self, order: BatchOrder, upload: Upload, problems: tuple[RowProblem, ...]) -> Batch:
        """Make a batch of an upload that is complete.

        Raises:
            OSError: The disk does not take it.
        """
        path = self.folder / hashlib.sha256(order.tenant.encode()).hexdigest()[:16] / order.batch_id
        state = BatchState(
            batch_id=order.batch_id,
            status="waiting",
            created=datetime.datetime.now(datetime.UTC),
            options=order.options,
            counts=BatchCounts(total=upload.rows),
            problems=problems,
        )
        record = BatchRecord(tenant=order.tenant, sha256=upload.sha256, state=state)
        upload.run.save(plan_of(order, path))
        BatchFolder(upload.folder).save(record)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        upload.folder.rename(path)  # from here on there is such a batch
        return Batch(BatchFolder(path), record)

    def close(self) -> None:
        """Leave the folder to another agent."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def _uploads(self) -> Path:
        return self.folder / ".uploads"

    def _batches(self) -> Iterator[Batch]:
        for path in self.folder.glob("[!.]*/*/"):
            folder = BatchFolder(path)
            try:
                yield Batch(folder, folder.record())
            except ResourceMissingError as error:
                logger.warning("%s", error)


def plan_of(order: BatchOrder, path: Path) -> BulkPlan:
    """Return the plan of a batch in this folder."""
    options = order.options
    return BulkPlan(
        run_id=uuid.uuid4().hex,
        file=str(BatchFolder(path).run.spool),
        encoding="utf-8",
        columns=(),
        task_type=options.type,
        jurisdiction=options.jurisdiction,
        as_of=options.as_of or order.today,
        engine=options.engine,
        formats=options.formats,
        budget_s=LONGEST_BUDGET_S,
        ledger="sqlite",  # beside the rows: where they are, it is too
    )


@contextmanager
def disk_told() -> Iterator[None]:
    """Make an error of ours of one of the disk."""
    try:
        yield
    except OSError as error:
        what = f"the folder of the batches cannot be used ({error.strerror})"
        raise ResourceMissingError(what, "make room in the home folder") from error


def _locked(path: Path) -> IO[str]:
    lock = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise AgentUnavailableError("batches", "another server has those of this home folder") from error
    return lock
