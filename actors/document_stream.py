"""The document's text as a reader follows it: live pieces and complete sections become one text in document order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from actors.domain.sections import Section
from actors.events import SectionRestarted, Token
from actors.messages import Piece


@dataclass(slots=True)
class DocumentStream:
    """Merges what two senders say of the same text.

    The coordinator's complete sections are the truth; live pieces only come earlier. They reach the reader by another
    way and may be late, doubled, or of an attempt that failed: whatever they said, the text that the tokens make up
    ends as the sections say.
    """

    _head: int = 0
    """The section that is told now."""
    _told: str = ""
    """What the reader has of it."""
    _attempt: str = ""
    _whole: dict[int, str] = field(default_factory=dict)
    _waiting: list[Piece] = field(default_factory=list)

    def piece(self, piece: Piece) -> Iterator[Token | SectionRestarted]:
        """Take a live piece."""
        if piece.section > self._head:
            self._waiting.append(piece)
        elif piece.section == self._head:
            yield from self._tell(piece)

    def section(self, section: Section) -> Iterator[Token | SectionRestarted]:
        """Take a complete section."""
        self._whole[section.index] = section.markdown
        yield from self._advance()

    def end(self) -> Iterator[Token | SectionRestarted]:
        """Tell the complete sections behind one that never came."""
        for index in sorted(self._whole):
            if index > self._head:
                self._head, self._told, self._attempt = index, "", ""
                yield from self._advance()

    def _advance(self) -> Iterator[Token | SectionRestarted]:
        while (whole := self._whole.pop(self._head, None)) is not None:
            if not whole.startswith(self._told):
                yield SectionRestarted(section=self._head, reason="the text was set in order")
                self._told = ""
            if len(whole) > len(self._told):
                yield Token(section=self._head, offset=len(self._told), content=whole[len(self._told) :])
            self._head, self._told, self._attempt = self._head + 1, "", ""
            ready = [piece for piece in self._waiting if piece.section == self._head]
            self._waiting = [piece for piece in self._waiting if piece.section > self._head]
            if self._head not in self._whole:
                for piece in ready:
                    yield from self._tell(piece)

    def _tell(self, piece: Piece) -> Iterator[Token | SectionRestarted]:
        if piece.attempt != self._attempt:
            if piece.offset:
                return  # its beginning was missed: the whole section will come
            if self._told:
                yield SectionRestarted(section=self._head, reason=piece.reason or "it is written again")
            self._attempt, self._told = piece.attempt, ""
        fresh = piece.text[max(0, len(self._told) - piece.offset) :]
        if piece.offset > len(self._told) or not fresh:
            return
        yield Token(section=self._head, offset=len(self._told), content=fresh)
        self._told += fresh
