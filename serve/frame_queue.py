"""Frames that wait for a slow client: bounded in number and in bytes."""

import asyncio

MOST_FRAMES = 64
MOST_BYTES = 256_000
"""The last frame may go beyond: there is always room for one."""


class FrameQueue(asyncio.Queue[bytes | None]):
    """A queue whose `put` waits while enough waits already; `None` ends a stream."""

    def __init__(self, most_frames: int = MOST_FRAMES, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(most_frames)
        self._most_bytes, self._held_bytes = most_bytes, 0

    def full(self) -> bool:
        """Tell whether `put` would wait."""
        return super().full() or self._held_bytes >= self._most_bytes

    def _put(self, item: bytes | None) -> None:
        self._held_bytes += len(item or b"")
        super()._put(item)

    def _get(self) -> bytes | None:
        item: bytes | None = super()._get()
        self._held_bytes -= len(item or b"")
        return item
