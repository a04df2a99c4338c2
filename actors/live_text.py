"""A document's text while models write it: several sections at once, read in document order."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from actors.messages import Piece


@dataclass(slots=True)
class _Writing:
    attempt: str = ""
    reason: str = ""
    text: str = ""
    complete: bool = False


@dataclass(slots=True)
class LiveText:
    """What there is of one draft's text so far.

    Keeps the text of all its sections until the draft is over: as much as the document has, whatever the readers do.
    """

    readers: int = 0
    """How many follow it, for whoever keeps it."""
    _sections: dict[int, _Writing] = field(default_factory=dict)
    _count: int = 0
    _over: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def open(self, count: int, done: set[int]) -> None:
        """Say how many sections there will be, and which of them readers have already."""
        self._count = count
        for index in done:
            self._sections[index] = _Writing(complete=True)
        self._wake()

    @property
    def is_open(self) -> bool:
        """Whether the writing has begun."""
        return self._count > 0

    def begin(self, section: int, attempt: str, reason: str) -> None:
        """Start a section, or start it anew: what there was of it is void."""
        self._sections[section] = _Writing(attempt, reason)
        self._wake()

    def add(self, section: int, text: str) -> None:
        """Append to the attempt under way."""
        self._sections[section].text += text
        self._wake()

    def complete(self, section: int) -> None:
        """Mark the section's text as whole."""
        self._sections[section].complete = True
        self._wake()

    def told(self, section: int) -> tuple[str, str]:
        """Return the attempt under way, or complete, and its text so far."""
        writing = self._sections[section]
        return writing.attempt, writing.text

    def finish(self) -> None:
        """Say that nothing more will come."""
        self._over = True
        self._wake()

    async def pieces(self, batch_s: float) -> AsyncGenerator[tuple[Piece, ...], None]:
        """Yield what there is in document order: the first piece at once, then what has come within `batch_s`."""
        head, sent, attempt = 0, 0, ""
        while True:
            news, batch = self._news, []
            while head < self._count and (writing := self._sections.get(head)) is not None:
                if writing.attempt != attempt:
                    sent, attempt = 0, writing.attempt
                if len(writing.text) > sent:
                    reason = writing.reason if sent == 0 else ""
                    batch.append(
                        Piece(
                            section=head,
                            attempt=attempt,
                            offset=sent,
                            text=writing.text[sent:],
                            reason=reason,
                        )
                    )
                    sent = len(writing.text)
                if not writing.complete:
                    break
                head, sent, attempt = head + 1, 0, ""
            if batch:
                yield tuple(batch)
                await asyncio.sleep(batch_s)
            elif self._over or 0 < self._count <= head:
                return
            else:
                await news.wait()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
