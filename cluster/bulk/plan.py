"""What a bulk run was asked to do: written once beside its documents, so that it can go on without being told again."""

import datetime
from typing import Literal

from actors.document_files import Format
from actors.messages import Engine, Message
from cluster.bulk.checks import Defaults
from cluster.bulk.columns import ColumnMap
from cluster.bulk.rows_lines import Encoding

LedgerKind = Literal["sqlite", "redis"]


class BulkPlan(Message):
    """One run."""

    run_id: str
    """Random; names the run in a shared ledger, and tells a cell whether the folder that it sees is this run's."""
    file: str
    """Absolute path of the rows; for rows from stdin, their copy in the run's folder."""
    encoding: Encoding
    columns: tuple[str, ...]
    """As given: `FIELD=COLUMN`."""
    task_type: str | None
    jurisdiction: str | None
    as_of: datetime.date
    """Fixed by the first start: a run that goes on tomorrow drafts by the same day's law."""
    engine: Engine
    formats: tuple[Format, ...]
    budget_s: float
    """For one document, in seconds."""
    ledger: LedgerKind

    @property
    def column_map(self) -> ColumnMap:
        """What the file's columns mean."""
        return ColumnMap.parse(self.columns)

    @property
    def defaults(self) -> Defaults:
        """What rows get that do not say it themselves."""
        return Defaults(self.task_type, self.jurisdiction)
