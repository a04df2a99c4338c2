"""A limit on what is in flight, so that one slow dependency cannot fill the process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actors.errors import OverloadedError


class Bulkhead:
    """So many permits, and so many waiting for one; whoever comes on top of that is refused at once.

    Belongs to one event loop. Waiting has no limit of its own: the deadline around it ends it.
    """

    def __init__(self, name: str, permits: int, queue: int) -> None:
        if permits < 1 or queue < 0:
            raise ValueError("a bulkhead has at least one permit and a queue of at least 0")
        self.name = name
        self.permits = permits
        self.queue = queue
        self.inside = 0
        """Callers that hold a permit or wait for one."""
        self._semaphore = asyncio.Semaphore(permits)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold one permit for the body, in the order of arrival.

        Raises:
            OverloadedError: All permits are held and the queue is full.
        """
        limit = self.permits + self.queue
        if self.inside >= limit:
            raise OverloadedError(self.name, limit)
        self.inside += 1
        try:
            async with self._semaphore:
                yield
        finally:
            self.inside -= 1
