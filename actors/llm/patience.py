"""How long a stream may keep silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actors.errors import AttemptTimeoutError
from actors.llm.endpoint import Endpoint


class Patience:
    """First the limit for the first piece, then the one between pieces.

    Only the time of waiting counts: a reader who is slow to take a piece costs the provider nothing.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._name = endpoint.name
        self._idle_s = endpoint.idle_s
        self._limit_s = endpoint.first_token_s
        self._left_s = endpoint.first_token_s

    def alive(self) -> None:
        """Begin the limit for the next piece."""
        self._limit_s = self._left_s = self._idle_s

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """Cancel the body when patience is at its end.

        Raises:
            AttemptTimeoutError: It was.
        """
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        limit = asyncio.timeout(self._left_s)
        try:
            async with limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise AttemptTimeoutError(self._name, self._limit_s) from None
        self._left_s -= loop.time() - begun_s
