"""Leaving a provider alone whose quota is spent."""

import asyncio
import json
import time
from dataclasses import asdict, replace

from actors.errors import ModelPausedError
from actors.resilience.breaker import BreakerSnapshot
from actors.resilience.clock import now_s
from actors.step import BreakerVault

IDLE = BreakerSnapshot(state="closed", failures=0, timeouts_only=True, remaining_open_s=0.0, trips=0)


class ModelPause:
    """The pause of one provider. It is kept in the vault as a breaker's state is, so a restart does not end it."""

    def __init__(self, name: str, endpoint: str, vault: BreakerVault) -> None:
        self._name, self._endpoint = name, endpoint
        self._vault = vault
        self._restoring = asyncio.Lock()
        self._restored = False
        self._until_s = 0.0

    async def check(self) -> None:
        """Pass, unless there is a pause.

        Raises:
            ModelPausedError: There is one; the provider was not asked.
        """
        await self._restore()
        left_s = self._until_s - now_s()
        if left_s > 0:
            raise ModelPausedError(self._endpoint, left_s)
        if self._until_s:
            self._until_s = 0.0
            await self._save(IDLE)

    async def begin(self, pause_s: float) -> None:
        """Begin a pause of so many seconds; a longer one that is under way stays."""
        self._until_s = max(self._until_s, now_s() + pause_s)
        await self._save(replace(IDLE, state="open", remaining_open_s=self._until_s - now_s()))

    async def _restore(self) -> None:
        async with self._restoring:  # the first calls come together, and none may slip through
            if self._restored:
                return
            saved = await self._vault.load_breaker(self._name)
            if saved is not None:
                text, saved_at_epoch_s = saved
                left_s = json.loads(text)["remaining_open_s"] - max(0.0, time.time() - saved_at_epoch_s)
                self._until_s = max(self._until_s, now_s() + left_s) if left_s > 0 else self._until_s
            self._restored = True

    async def _save(self, snapshot: BreakerSnapshot) -> None:
        await self._vault.save_breaker(self._name, json.dumps(asdict(snapshot)), time.time())
