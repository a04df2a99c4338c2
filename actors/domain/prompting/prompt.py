"""A prompt as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is said to a model for one task."""

    task: str
    system: str
    user: str
    json_schema: Mapping[str, Any] | None = None
    """The form of the answer; `None`: plain text."""
    max_output_tokens: int = 4096
