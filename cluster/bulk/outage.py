"""When a row's trouble is its provider's: the row is sent back, and drafted when the provider is there again."""

from actors.errors import (
    BreakerOpenError,
    LexrayError,
    ModelPausedError,
    ModelUnavailableError,
    ThrottledError,
)
from actors.events import AnyEvent, StepDegraded
from actors.progress import DraftProgress

_SIGNS = tuple(
    one.__name__ for one in (BreakerOpenError, ModelPausedError, ModelUnavailableError, ThrottledError)
)
_BY_ANOTHER = " did this step in place of "


class ProviderOutError(LexrayError):
    """A draft was given up, since its models' provider is out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def outage_in(event: AnyEvent) -> str:
    """Return why a step was replaced, where that is a provider that is out; else nothing.

    A step that the fallback model did is no outage: a model wrote what a model was to write.
    """
    if not isinstance(event, StepDegraded) or _BY_ANOTHER in event.instead:
        return ""
    return event.reason if _speaks_of_outage(event.reason) else ""


def outage_of(progress: DraftProgress) -> str:
    """Return why a draft failed or is degraded, where that is a provider that is out; else nothing."""
    if reason := next(filter(None, map(outage_in, progress.degraded)), ""):
        return reason
    end = progress.end
    if end is None or end.type != "draft.failed":
        return ""
    return end.message if _speaks_of_outage(f"{end.error}: {end.message}") else ""


def _speaks_of_outage(reason: str) -> bool:
    return any(sign in reason for sign in _SIGNS)
