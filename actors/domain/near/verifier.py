"""The last guard: what a sentence encoder sees of two questions that read the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a cache that never meets a question in words must not wait for numpy
    import numpy as np
    from numpy.typing import NDArray

COSINE_FLOOR = 0.6
WEAKEST_FLOOR = 0.1
"""Both were set on the tuning part of `tests/traps`, at what all but the oddest paraphrases reach."""

_SHORTEST_WORD = 4
_MARKS = frozenset({"[CLS]", "[SEP]"})


@dataclass(frozen=True, slots=True)
class Encoded:
    """A question as an encoder sees it."""

    vector: "NDArray[np.float32]"
    """f32[384], of unit length."""
    tokens: "NDArray[np.float16]"
    """f16[n,384]: the pieces that are longer than small words, each of unit length."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two questions look."""

    cosine: float
    weakest: float
    """The lowest of all words' best cosine with a word of the other side."""


def encoded(vector: "NDArray[np.float32]", tokens: "NDArray[np.float32]", pieces: Sequence[str]) -> Encoded:
    """Return what is kept of an encoder's answer; some 10 KB.

    Args:
        vector: f32[384], of unit length.
        tokens: f32[n,384], of unit length each.
        pieces: The n word pieces.
    """
    rows = [n for n, piece in enumerate(pieces) if piece not in _MARKS and len(piece) >= _SHORTEST_WORD]
    return Encoded(vector, tokens[rows].astype("float16"))


def likeness(a: Encoded, b: Encoded) -> Likeness:
    """Compare two questions; some 50 microseconds. Questions without a long word are unlike."""
    if not len(a.tokens) or not len(b.tokens):
        return Likeness(float(a.vector @ b.vector), 0.0)
    each = a.tokens.astype("float32") @ b.tokens.astype("float32").T
    weakest = min(each.max(axis=1).min(), each.max(axis=0).min())
    return Likeness(float(a.vector @ b.vector), float(weakest))


def is_verified(seen: Likeness) -> bool:
    """Tell whether two questions that passed every guard also look alike; not a number is not alike."""
    return seen.cosine >= COSINE_FLOOR and seen.weakest >= WEAKEST_FLOOR
