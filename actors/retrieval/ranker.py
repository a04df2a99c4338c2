"""How much each signal counts: a weighted sum of standardised scores, with weights learned from judged pairs.

`scripts/benchmarks/train_ranker.py` makes the weights and says how.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from actors.errors import LibraryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "data" / "ranker.json"
LEAST_SPREAD = 1e-9
HEAD = 500
"""Scores are standardised by the mean and spread of the best so many: the rest is noise, whatever the corpus's size."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights by signal."""

    weights: Mapping[str, float]

    def scores(self, signals: "Mapping[str, NDArray[np.float32]]") -> "NDArray[np.float32]":
        """Return the weighted sum of standardised signals, f32[passages]."""
        weights = np.array(list(self.weights.values()), dtype=np.float32)
        total: NDArray[np.float32] = weights @ np.stack([signals[name] for name in self.weights])
        return total


def load_ranker(kind: str, file: Path = FILE) -> Ranker:
    """Return the trained weights: `hybrid` for all signals, `lexical` for those that need no vectors.

    Raises:
        LibraryError: The file is missing, broken or lacks this kind.
    """
    try:
        weights = json.loads(file.read_text(encoding="utf-8"))[kind]
        return Ranker({name: float(weight) for name, weight in weights.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryError(file.name, f"{type(error).__name__}: {error}") from error


def standardised(scores: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return scores less the mean of the best `HEAD`, in units of their spread; all zero where they are all alike."""
    head = np.partition(scores, -HEAD)[-HEAD:] if len(scores) > HEAD else scores
    center, scale = measure_of(head)
    return ((scores - center) * scale).astype(np.float32)


def measure_of(head: "NDArray[np.float32]") -> tuple[float, float]:
    """Return the mean of the best scores and one over their spread; 0 for the latter where they are all alike."""
    if not len(head):
        return 0.0, 0.0
    spread = float(head.std())
    return float(head.mean()), 1 / spread if spread > LEAST_SPREAD else 0.0
