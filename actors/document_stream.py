"""The document's text as a reader follows it: live pieces and complete sections become one text in document order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from actors.errors import InvalidInputError
from actors.events import SectionDrafted, SectionRestarted, Token
from actors.messages import Piece

_CURSOR = re.compile(r"(\d{1,9})-(\d{1,6})-(\d{1,9})-([0-9A-Za-z.]{0,64})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come: in the events, and in the text."""

    seq: int = 0
    """The last event seen."""
    section: int = 0
    offset: int = 0
    """Characters seen of that section."""
    attempt: str = ""
    """Whose characters: a model's attempt; empty: the complete section's."""

    def __str__(self) -> str:
        return f"{self.seq}-{self.section}-{self.offset}-{self.attempt}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a cursor back.

        Raises:
            InvalidInputError: It is none of ours.
        """
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise InvalidInputError("Last-Event-ID", "it is not an id that this server gave out")
        return cls(int(match[1]), int(match[2]), int(match[3]), match[4])


@dataclass(slots=True)
class DocumentStream:
    """Merges what two senders say of the same text.

    The coordinator's complete sections are the truth; live pieces only come earlier. They reach the reader by another
    way and may be late, doubled, or of an attempt that failed: whatever they said, the text that the tokens make up
    ends as the sections say.
    """

    section: int = 0
    """The section that is told now."""
    offset: int = 0
    """Characters that the reader has of it."""
    attempt: str = ""
    """Whose they are."""
    _told: str | None = ""
    """The characters themselves; `None` where an earlier connection told them."""
    _whole: dict[int, SectionDrafted] = field(default_factory=dict)
    _waiting: list[Piece] = field(default_factory=list)

    @classmethod
    def after(cls, cursor: Cursor, history: list[SectionDrafted]) -> Self:
        """Return the stream as it was at a cursor.

        Args:
            cursor: Where an earlier connection ended.
            history: The sections that were complete by then.
        """
        told = None if cursor.offset else ""
        stream = cls(cursor.section, cursor.offset, cursor.attempt, told)
        stream._whole = {
            event.section.index: event for event in history if event.section.index >= cursor.section
        }
        return stream

    def cursor(self, seq: int) -> Cursor:
        """Return the reader's place, given the last event it saw."""
        return Cursor(seq, self.section, self.offset, self.attempt)

    def piece(self, piece: Piece) -> Iterator[Token | SectionRestarted]:
        """Take a live piece."""
        if piece.section > self.section:
            self._waiting.append(piece)
        elif piece.section == self.section:
            yield from self._tell(piece)

    def drafted(self, event: SectionDrafted) -> Iterator[Token | SectionRestarted]:
        """Take a complete section."""
        if event.section.index >= self.section:
            self._whole[event.section.index] = event
            yield from self.advance()

    def advance(self) -> Iterator[Token | SectionRestarted]:
        """Tell what is complete and next."""
        while (event := self._whole.pop(self.section, None)) is not None:
            yield from self._conclude(event)
            self._begin(self.section + 1)
            ready = [piece for piece in self._waiting if piece.section == self.section]
            self._waiting = [piece for piece in self._waiting if piece.section > self.section]
            if self.section not in self._whole:
                for piece in ready:
                    yield from self._tell(piece)

    def end(self) -> Iterator[Token | SectionRestarted]:
        """Tell the complete sections behind one that never came."""
        for index in sorted(self._whole):
            if index > self.section:
                self._begin(index)
                yield from self.advance()

    def _begin(self, section: int) -> None:
        self.section, self.offset, self.attempt, self._told = section, 0, "", ""

    def _conclude(self, event: SectionDrafted) -> Iterator[Token | SectionRestarted]:
        whole = event.section.markdown
        if not self._is_continued_by(event):
            yield self._restart("the text was set in order")
        self.attempt = ""
        if len(whole) > self.offset:
            yield self._token(whole[self.offset :], "")

    def _is_continued_by(self, event: SectionDrafted) -> bool:
        if self._told is None:
            return self.attempt in {"", event.attempt}
        return event.section.markdown.startswith(self._told)

    def _tell(self, piece: Piece) -> Iterator[Token | SectionRestarted]:
        if piece.attempt != self.attempt:
            if piece.offset or (self.offset and not self.attempt):
                return  # its beginning was missed, or the complete section speaks already: that will come
            if self.offset:
                yield self._restart(piece.reason or "it is written again")
            self.attempt, self._told = piece.attempt, ""
        end = piece.offset + len(piece.text)
        if piece.offset <= self.offset < end:
            yield self._token(piece.text[self.offset - piece.offset :], piece.attempt)

    def _token(self, text: str, attempt: str) -> Token:
        token = Token(section=self.section, attempt=attempt, offset=self.offset, content=text)
        self.offset += len(text)
        if self._told is not None:
            self._told += text
        return token

    def _restart(self, reason: str) -> SectionRestarted:
        self.offset, self.attempt, self._told = 0, "", ""
        return SectionRestarted(section=self.section, reason=reason)
