"""A batch that came over HTTP, on disk: a bulk run's folder, and beside it what the server says of it."""

from pathlib import Path

from pydantic import ValidationError

from actors.batches import BatchState
from actors.errors import ResourceMissingError
from actors.messages import Message
from cluster.bulk.folder import RunFolder
from cluster.output import replace_files

_RECORD = "batch.json"


class BatchRecord(Message):
    """All that a batch is, but for its rows and documents."""

    tenant: str
    sha256: str
    """Of its rows as they came: under one idempotency key there is one batch."""
    state: BatchState
    """When it last changed. While it is drafted its counts are those of the turn's begin; the ledger knows better."""


class BatchFolder:
    """One batch's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = RunFolder(path)

    def record(self) -> BatchRecord:
        """Return what stands there.

        Raises:
            ResourceMissingError: It cannot be read.
        """
        try:
            return BatchRecord.model_validate_json((self.path / _RECORD).read_bytes())
        except (OSError, ValidationError) as error:
            what = f"the record of the batch in {self.path.name} is damaged or of another version"
            raise ResourceMissingError(what, "the folder may be deleted") from error

    def save(self, record: BatchRecord) -> None:
        """Write the record, whole or not at all.

        Raises:
            OSError: It cannot be written.
        """
        replace_files(self.path, {_RECORD: record.model_dump_json(indent=2).encode() + b"\n"})
