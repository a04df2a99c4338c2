"""What a guard tells about its work."""

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["attempted", "retried", "timed_out", "rejected", "overloaded"]


@dataclass(frozen=True, slots=True)
class PolicyEvent:
    """One thing that a policy did. It carries no content of any draft."""

    kind: Kind
    """`attempted` before every attempt, the first included; `retried` when another will follow; `timed_out`
    when an attempt took too long; `rejected` when a breaker, `overloaded` when a bulkhead did not let it
    through."""
    step: str
    attempt: int
    """The attempt that this is about, counted from 1."""
    reason: str = ""
    wait_s: float = 0.0
    """Before the next attempt; only with `retried`."""


class PolicyEvents(Protocol):
    """Whoever wants to know.

    Called on the event loop, so it must not block; what it raises is logged and ignored.
    """

    def record(self, event: PolicyEvent) -> None:
        """Take note of `event`."""


class PolicyCounts:
    """The simplest observer: how often each kind of event occurred. A restart loses it."""

    def __init__(self) -> None:
        self.by_kind: dict[Kind, int] = {
            "attempted": 0,
            "retried": 0,
            "timed_out": 0,
            "rejected": 0,
            "overloaded": 0,
        }

    def record(self, event: PolicyEvent) -> None:
        """Count `event`."""
        self.by_kind[event.kind] += 1
