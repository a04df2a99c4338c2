"""Telling others what a policy did, without letting them change it."""

import logging
from collections.abc import Callable
from typing import TypeVar

E = TypeVar("E")

logger = logging.getLogger(__name__)


def notify(observer: Callable[[E], object] | None, event: E) -> None:
    """Hand `event` to `observer`. An observer that raises is logged and otherwise ignored.

    A policy must reach its own next state whatever its watchers do: a full disk under a metrics file is no
    reason for a circuit breaker to stay closed.
    """
    if observer is None:
        return
    try:
        observer(event)
    except Exception:
        # Only the type: the event may carry text that does not belong into a log.
        logger.exception("observer failed event=%s", type(event).__name__)
