"""Embeddings that are the same for the same text, and near each other for texts that share words."""

import base64
import hashlib

import numpy as np
from numpy.typing import NDArray

from tests.provider.tokens import tokens_of

DIMENSIONS = 384


def embedding(text: str, dimensions: int = DIMENSIONS) -> NDArray[np.float32]:
    """Return the unit vector of a text: the sum of one random direction a word."""
    total = np.zeros(dimensions)
    for word in tokens_of(text.casefold()) or [""]:
        seed = int.from_bytes(hashlib.sha256(word.strip().encode()).digest()[:8])
        total += np.random.default_rng(seed).standard_normal(dimensions)
    return (total / np.linalg.norm(total)).astype(np.float32)


def encoded(vector: NDArray[np.float32], form: str) -> str | list[float]:
    """Return a vector as the caller wants it: as numbers, or as base64 of little-endian floats."""
    if form == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return [float(number) for number in vector]
