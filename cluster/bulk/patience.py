"""A ledger that is away is waited for: nothing is lost meanwhile but time."""

import asyncio
from collections.abc import Callable, Iterator
from typing import TypeVar

from actors.errors import AgentUnavailableError

T = TypeVar("T")

PATIENCE_S = 600.0
"""How long a ledger may stay away before the run ends."""
_FIRST_S, _LONGEST_S = 0.1, 5.0


async def patiently(call: Callable[[], T]) -> T:
    """Return what the ledger answers; one that is away is asked again, for some minutes.

    Raises:
        AgentUnavailableError: It stayed away.
    """
    waits = _waits()
    while True:
        try:
            return call()
        except AgentUnavailableError:
            wait_s = next(waits, None)
            if wait_s is None:
                raise
            await asyncio.sleep(wait_s)


def _waits() -> Iterator[float]:
    waited_s, wait_s = 0.0, _FIRST_S
    while waited_s < PATIENCE_S:
        yield wait_s
        waited_s += wait_s
        wait_s = min(_LONGEST_S, 2 * wait_s)
