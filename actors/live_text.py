"""A document's text while models write it: several sections at once, read in document order."""

from collections.abc import Callable
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

    told: Callable[[], None]
    """Called whenever there is more."""
    _sections: dict[int, _Writing] = field(default_factory=dict)
    _count: int = 0

    def open(self, count: int, done: set[int]) -> None:
        """Say how many sections there will be, and which of them readers have already."""
        self._count = count
        for index in done:
            self._sections[index] = _Writing(complete=True)

    def begin(self, section: int, attempt: str, reason: str) -> None:
        """Start a section, or start it anew: what there was of it is void."""
        self._sections[section] = _Writing(attempt, reason)

    def add(self, section: int, text: str) -> None:
        """Append to the attempt under way."""
        self._sections[section].text += text
        self.told()

    def complete(self, section: int) -> None:
        """Mark the section's text as whole."""
        self._sections[section].complete = True
        self.told()

    def attempt_of(self, section: int) -> tuple[str, str]:
        """Return the attempt under way, or complete, and its text so far."""
        writing = self._sections[section]
        return writing.attempt, writing.text

    def behind(self, place: "Place") -> list[Piece]:
        """Return what there is behind a reader's place, and move the place there."""
        found = []
        while place.section < self._count and (writing := self._sections.get(place.section)) is not None:
            if writing.attempt != place.attempt:
                place.offset, place.attempt = 0, writing.attempt
            if len(writing.text) > place.offset:
                found.append(
                    Piece(
                        section=place.section,
                        attempt=writing.attempt,
                        offset=place.offset,
                        text=writing.text[place.offset :],
                        reason="" if place.offset else writing.reason,
                    )
                )
                place.offset = len(writing.text)
            if not writing.complete:
                break
            place.section, place.offset, place.attempt = place.section + 1, 0, ""
        return found


@dataclass(slots=True)
class Place:
    """How far somebody has read a live text."""

    section: int = 0
    offset: int = 0
    attempt: str = ""
    """Whose characters the offset counts."""
