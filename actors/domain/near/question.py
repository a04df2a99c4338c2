"""What is understood of a question."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "party",
    "thing",
    "verb",
    "adjective",
    "place",
    "unit",
    "number",
    "year",
    "modal",
    "ask",
    "comparator",
    "light",
    "other",
]
"""`other` is a word that the lexicon does not hold: it meets only itself, and its place in the order counts."""

Role = Literal["agent", "patient", "source", "other"]

Form = Literal[
    "yes-no",
    "what",
    "topic",
    "how-long",
    "how-much",
    "how-many",
    "how-often",
    "when",
    "where",
    "who",
    "why",
    "how",
]
"""What kind of answer is wanted; a bare `topic` goes with `yes-no` and `what`."""

Time = Literal["past", "perfect", "present"]
"""What will be asks like what is."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One concept at one place of a question."""

    concept: str
    kind: Kind
    marks: tuple[str, ...] = ()
    """What bears on it, sorted: `not`, and scope words such as `only`, `before`, `all`."""
    role: Role = "other"
    """Who acts and who is acted on; of persons only."""
    head: str | None = None
    """The noun that an adjective or a place stands right before: the Texas *landlord*."""
    nominal: bool = False
    """An act that is spoken of as a thing: "the termination"."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question read: its concepts in an order that does not depend on voice, fronting or genitive."""

    form: Form
    time: Time
    mentions: tuple[Mention, ...]
