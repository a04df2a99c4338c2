"""The one clock of the policies."""

import asyncio
import time


def now_s() -> float:
    """Return seconds on a clock that only moves forward and knows no time zone.

    Inside a coroutine this is the running loop's clock, the one that `asyncio.timeout_at` and the tests'
    virtual time use. Elsewhere (a constructor, a plain function) it is `time.monotonic`, which the loops of
    production read too.
    """
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return time.monotonic()
