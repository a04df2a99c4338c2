"""What became of each row of a bulk run: who works on it, how often it was tried, where its documents are.

A row moves between five states:

    waiting ──claim──► claimed ──commit──► done
       ▲                 │ │ └───fail────► failed ──retry_failed──► waiting
       │                 │ └─────park────► parked ──claim──► claimed
       └──worker_died────┘   (the third time: failed)

Order of a worker's steps: claim; write the documents under names of its own; `holds`; rename them to their final names;
commit. Whoever dies on the way leaves a row that is drafted again, to the same files: at-least-once execution,
exactly-once output. Every claim has a *fence*, a number that only grows for a row; whatever ends a claim from outside
raises it, so that a worker that was taken for dead and wakes up commits nothing.

A ledger keeps no text of a row, only its id and its fingerprint: rows are read again from their file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["waiting", "claimed", "parked", "done", "failed"]
Standing = Literal["new", "known", "changed", "duplicate"]

STATES: tuple[State, ...] = ("waiting", "claimed", "parked", "done", "failed")
UNFINISHED: tuple[State, ...] = ("waiting", "claimed", "parked")
MOST_DEATHS = 3
"""A row whose worker died this often is taken to be the reason, and fails."""
DEADLY = f"its worker died {MOST_DEATHS} times while drafting it"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as the ledger knows it."""

    id: str
    number: int
    """From 1, its place in the file at the last reading."""
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Registered:
    """What the ledger says to a row that was read."""

    standing: Standing
    """`known`: same id, same content as in an earlier reading, wherever it stood. `changed`: same id, other content;
    what was done for it counts no more. `duplicate`: its id stood in this very reading before, or one that differs in
    case alone."""
    state: State
    """Of the entry; of a duplicate, that of the first."""
    first_number: int
    """Where the id stands in this reading."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to draft one row, until somebody ends it."""

    id: str
    fingerprint: str
    worker: str
    attempt: int
    """From 1."""
    fence: int
    deaths: int
    """How many workers died with this row in hand. Above 0 it is best drafted alone: its neighbours share the blame."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All that the ledger holds about a row."""

    entry: Entry
    state: State
    attempt: int
    fence: int
    deaths: int
    note: str
    """Of a row that is done the result's reference, of a failed or parked one the reason."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The ids of the rows that a dead worker had in hand."""

    again: tuple[str, ...]
    failed: tuple[str, ...]
    """Those that it was the last worker for."""


class Ledger(Protocol):
    """One run's ledger. Every method blocks, and is whole or not at all; ids are equal if they differ in case alone.

    Raises:
        AgentUnavailableError: From any method, where the store does not answer or is locked: it may be tried again, a
            commit, fail or park included.
        ResourceMissingError: The store is damaged, full or none of ours.
    """

    def begin(self) -> int:
        """Begin a reading of the rows, and return its number."""

    def register(self, reading: int, entries: Sequence[Entry]) -> list[Registered]:
        """Enter rows as they are read; a known row keeps its state."""

    def forget_unseen(self, reading: int) -> int:
        """After a whole reading: drop rows that it did not hold and that are not done; return how many."""

    def claim(self, row_id: str, fingerprint: str, worker: str) -> Claim | None:
        """Take a waiting or parked row; `None` where it is neither, or has other content by now."""

    def holds(self, claim: Claim) -> bool:
        """Tell whether a claim still stands."""

    def commit(self, claim: Claim, result: str) -> bool:
        """Note that the row's documents stand under their final names.

        Args:
            claim: The row.
            result: Where they are.

        Returns:
            False where the claim is no longer the worker's: nothing was noted. The same commit twice is one.
        """

    def fail(self, claim: Claim, reason: str) -> bool:
        """Note that the row cannot be drafted; returns as `commit` does."""

    def park(self, claim: Claim, reason: str) -> bool:
        """Lay the row aside until its provider is back; returns as `commit` does."""

    def worker_died(self, worker: str) -> Lost:
        """End the claims of a worker that died: its rows wait again, or fail the third time."""

    def release_claims(self) -> int:
        """End all claims without blame, before a run goes on that was stopped; return how many."""

    def retry_failed(self) -> int:
        """Let failed rows wait again, their deaths forgotten; return how many."""

    def find(self, row_id: str) -> Kept | None:
        """Return a row."""

    def counts(self) -> dict[State, int]:
        """Return the number of rows in each state."""

    def rows(self, *states: State) -> Iterator[Kept]:
        """Yield the rows in these states, state by state, in the order of the file; `rows(*UNFINISHED)`."""

    def close(self) -> None:
        """Close the connection; what was noted stays."""
