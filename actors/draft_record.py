"""The figures of one draft, for the monitor: no word of it."""

from actors.messages import DraftRequest, Message
from actors.progress import DraftProgress


class DraftRecord(Message):
    """One draft that is over."""

    success: bool
    seconds: float
    cache_hit: bool | None
    """`None` where research did not come to an answer."""
    parallel: bool
    layers_s: dict[str, float]
    retries: int
    timeouts: int
    degraded: tuple[str, ...]


def record_of(progress: DraftProgress, request: DraftRequest, seconds: float) -> DraftRecord:
    """Sum up a draft from its state."""
    research = progress.result("research")
    return DraftRecord(
        success=progress.status in {"finished", "degraded"},
        seconds=seconds,
        cache_hit=None if research is None else research.get("cache") in {"exact", "near"},
        parallel=request.use_parallel,
        layers_s={layer: done.seconds for layer, done in progress.completed.items()},
        retries=len(progress.retries),
        timeouts=sum("Timeout" in retry.reason for retry in progress.retries),
        degraded=tuple(step.step for step in progress.degraded),
    )
