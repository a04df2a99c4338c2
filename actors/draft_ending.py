"""How a draft that has no document is told of."""

from actors.errors import LexrayError, RequestError
from actors.events import DraftFailed
from actors.messages import Layer


def ending_of(error: BaseException, step: Layer) -> DraftFailed:
    """Return the last event of a draft that an error ended: refused where its request was wrong, else failed."""
    ours = isinstance(error, LexrayError)
    return DraftFailed(
        status="refused" if isinstance(error, RequestError) else "failed",
        step=step,
        error=type(error).__name__,
        message=str(error) if ours else "lexray has a defect here; its log has the details",
    )
