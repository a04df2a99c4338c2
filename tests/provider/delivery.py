"""An answer as it will leave: its pieces with their times, how it ends, and what goes wrong on the way. Pure."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tests.provider.profiles import Profile
from tests.provider.tokens import tokens_of
from tests.provider.turns import Turn

Finish = Literal["stop", "length", "content_filter"]
Ending = Literal["done", "cut", "end_early", "error_event"]
REFUSAL = "I can't help with that request."


@dataclass(frozen=True, slots=True)
class Piece:
    """Some tokens that leave together."""

    at_s: float
    """From the moment the request is served."""
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which nothing comes."""

    before: int
    """Index of the piece before which it lies; -1: before the response's own headers."""
    for_s: float | None
    """`None`: until the client leaves."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one answer leaves."""

    pieces: tuple[Piece, ...]
    end_s: float
    finish: Finish = "stop"
    field: Literal["content", "refusal"] = "content"
    ending: Ending = "done"
    pause: Pause | None = None
    mangled: Literal["", "split", "broken"] = ""
    """Whether a character of several bytes leaves in two writes, or without its last byte."""

    @property
    def text(self) -> str:
        """All that is said."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def tokens(self) -> int:
        """How many tokens that is."""
        return sum(piece.tokens for piece in self.pieces)


def delivery(
    text: str, profile: Profile, turn: Turn | None, max_tokens: int | None, draw: random.Random
) -> Delivery:
    """Return how `text` leaves under a profile, with what the turn does to it."""
    if turn and turn.kind in {"refusal", "content_filter"} and turn.text is None:
        text = REFUSAL if turn.kind == "refusal" else ""
    words = tokens_of(text)
    limit = turn.after_tokens if turn and turn.kind == "length" else max_tokens
    cut_off = limit is not None and len(words) > limit
    words = words[:limit] if cut_off else words
    times = token_times(len(words), profile, turn, draw)
    size = math.ceil(len(words) / profile.events) if profile.events else profile.tokens_per_event
    pieces = tuple(_pieces(words, times, max(1, size)))
    nothing_s = profile.first_token_s if profile.total_s is None else profile.total_s
    whole = Delivery(pieces, times[-1] if times else nothing_s, "length" if cut_off else "stop")
    return _with_fault(whole, turn) if turn else whole


def token_times(count: int, profile: Profile, turn: Turn | None, draw: random.Random) -> Sequence[float]:
    """Return when each token is due, in seconds from the moment the request is served."""
    stretch = draw.lognormvariate(0.0, profile.jitter) if profile.jitter else 1.0
    first = profile.first_token_s
    if turn and turn.kind == "drip":
        step = turn.interval_s
    elif profile.total_s is not None:
        step = max(0.0, profile.total_s - first) / max(1, count - 1)
        first = profile.total_s if count == 1 else first
    else:
        step = 1 / profile.tokens_per_s if profile.tokens_per_s else 0.0
    return [stretch * (first + step * number) for number in range(count)]


def _with_fault(whole: Delivery, turn: Turn) -> Delivery:
    kept = _pieces_with(whole.pieces, turn.after_tokens)
    match turn.kind:
        case "refusal":
            changed = replace(whole, field="refusal")
        case "content_filter":
            changed = replace(whole, finish="content_filter")
        case "cut" | "end_early" | "error_event":
            changed = replace(whole, pieces=whole.pieces[:kept], ending=turn.kind)
        case "hang" | "stall":
            changed = replace(whole, pause=Pause(-1 if turn.kind == "hang" else kept, turn.for_s))
        case "split_character" | "broken_character":
            changed = replace(whole, mangled="split" if turn.kind == "split_character" else "broken")
        case _:
            changed = whole
    return changed


def _pieces(words: Sequence[str], times: Sequence[float], size: int) -> Iterator[Piece]:
    """Yield pieces of `size` tokens, each when its last one is due; the first when its first one is."""
    for at in range(0, len(words), size):
        some = words[at : at + size]
        yield Piece(times[at + len(some) - 1 if at else 0], "".join(some), len(some))


def _pieces_with(pieces: Sequence[Piece], tokens: int) -> int:
    """Return how many pieces come before more than `tokens` tokens would have left."""
    sent = 0
    for number, piece in enumerate(pieces):
        sent += piece.tokens
        if sent > tokens:
            return number
    return len(pieces)
