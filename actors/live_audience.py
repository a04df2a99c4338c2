"""Who reads along while models write: one stream to each process that has readers, whatever the number of drafts."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field

from actors.live_text import LiveText, Place
from actors.messages import Heard, Piece


@dataclass(slots=True, eq=False)
class _Ear:
    """One reader of one draft."""

    name: str
    key: str
    room: "_Room"
    text: LiveText | None = None
    place: Place = field(default_factory=Place)

    @property
    def is_new(self) -> bool:
        """Whether this reader has heard nothing of the text yet."""
        return self.place == Place()

    def take(self, text: LiveText | None) -> tuple[Piece, ...]:
        """Return what this reader has not heard; a draft that is written again is heard from its start."""
        if text is not self.text:
            self.text, self.place = text, Place()
        return tuple(text.behind(self.place)) if text else ()


@dataclass(slots=True)
class _Room:
    """The readers in one process."""

    unheard: dict[str, _Ear] = field(default_factory=dict)
    """Those who have something to hear."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    first_words: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody who has heard nothing yet has something to hear: that does not wait for a batch to fill."""


class LiveAudience:
    """The readers of all drafts that are being written here.

    An item on its way to another process costs the same whatever is in it: so the pieces of all drafts travel together,
    every `batch_s` seconds at most.
    """

    def __init__(self, batch_s: float) -> None:
        self._batch_s = batch_s
        self._texts: dict[str, LiveText] = {}
        self._rooms: dict[str, _Room] = {}
        self._ears: dict[str, _Ear] = {}
        self._ears_of: dict[str, list[_Ear]] = {}
        """By draft."""

    def open(self, key: str) -> LiveText:
        """Begin a draft's text.

        Args:
            key: The draft's name across tenants.
        """
        self._texts[key] = text = LiveText(told=lambda: self._tell(key))
        return text

    def close(self, key: str, text: LiveText) -> None:
        """Forget a draft's text; a later one of the same draft stays."""
        if self._texts.get(key) is text:
            del self._texts[key]

    def listen(self, room: str, ear: str, key: str) -> None:
        """Add a reader, before the writing begins or in the middle of it."""
        added = _Ear(ear, key, self._rooms.setdefault(room, _Room()))
        self._ears[ear] = added
        self._ears_of.setdefault(key, []).append(added)
        self._tell(key)

    def leave(self, ear: str) -> None:
        """Drop a reader."""
        left = self._ears.pop(ear, None)
        if left is not None:
            left.room.unheard.pop(ear, None)
            self._ears_of[left.key].remove(left)
            if not self._ears_of[left.key]:
                del self._ears_of[left.key]

    async def read(self, room: str) -> AsyncGenerator[tuple[Heard, ...], None]:
        """Yield what the readers in one process hear, until that process has enough."""
        here = self._rooms.setdefault(room, _Room())
        try:
            while True:
                await here.news.wait()
                here.news.clear()
                here.first_words.clear()
                waiting, here.unheard = here.unheard.values(), {}
                heard = [Heard(ear=e.name, pieces=e.take(self._texts.get(e.key))) for e in waiting]
                if any(one.pieces for one in heard):
                    yield tuple(one for one in heard if one.pieces)
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._batch_s):
                            await here.first_words.wait()
        finally:
            self._rooms.pop(room, None)
            for ear in [ear.name for ear in self._ears.values() if ear.room is here]:
                self.leave(ear)

    def _tell(self, key: str) -> None:
        for ear in self._ears_of.get(key, ()):
            ear.room.unheard[ear.name] = ear
            ear.room.news.set()
            if ear.is_new:
                ear.room.first_words.set()
