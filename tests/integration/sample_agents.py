"""Plain agents for the tests of the door to Ray."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from actors.errors import InvalidInputError


class Sample:
    """Does small things, and leaves a mark in a file when it is cancelled."""

    def __init__(self, marks: Path) -> None:
        self._marks = marks

    async def pair(self, text: str) -> tuple[str, str]:
        return text, text.upper()

    async def length(self, text: str) -> int:
        return len(text)

    async def refuse(self) -> None:
        raise InvalidInputError("term", "it is negative")

    async def pid(self) -> int:
        return os.getpid()

    async def niceness(self) -> tuple[int, int]:
        """Return that of the thread in which it works, and of one that it starts."""
        return _niceness(), await asyncio.to_thread(_niceness)

    async def hang(self, name: str) -> None:
        self._mark(f"{name} started")
        try:
            await asyncio.Event().wait()
        finally:
            self._mark(f"{name} stopped")

    async def numbers(self, name: str) -> AsyncIterator[int]:
        try:
            for number in range(1_000_000):
                yield number
                await asyncio.sleep(0)
        finally:
            self._mark(f"{name} stopped")

    def _mark(self, text: str) -> None:
        with self._marks.open("a", encoding="utf-8") as file:
            file.write(text + "\n")


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
