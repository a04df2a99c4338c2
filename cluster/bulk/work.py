"""What goes to a cell, and what comes back."""

from dataclasses import dataclass
from typing import Literal

from actors.document_files import Format
from cluster.bulk.ledger import Claim
from cluster.bulk.rows import Row

Kind = Literal["finished", "degraded", "failed", "outage"]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A row with the right to draft it."""

    row: Row
    claim: Claim
    patient: bool = True
    """Whether a provider that is out sends the row back, rather than having something stand in for the model."""
    probe: bool = False
    """Whether its provider was out a moment ago: it is then asked one thing at a time, since a circuit breaker that
    tries again admits one call."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row in a cell. Nothing stands under its final name yet."""

    id: str
    kind: Kind
    told: str
    """Of a document its result as JSON, else the reason."""
    files: tuple[tuple[Format, bytes | None], ...] = ()
    """The document in each form; `None`: it lies in the run's folder, under its fresh name."""
    cost: float = 0.0
    """What its models' calls cost, in the currency of the configured prices."""
    cached: bool | None = None
    """Whether its research came from a cache; `None`: there was none."""
    cpu_s: float = 0.0
    """Processor time of the cell's process while the row was the only one under way; with several it is shared out."""
