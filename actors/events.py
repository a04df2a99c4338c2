"""What happens to a draft, in the past tense: journal, stream and test oracle at once."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from actors.domain.citation import Citation
from actors.domain.findings import Finding
from actors.domain.sections import Section
from actors.messages import DraftRequest, Layer, Message

Status = Literal["finished", "degraded", "failed", "refused", "cancelled"]


class Event(Message):
    """Something that happened to one draft."""

    seq: int = 0
    """Position in the draft's history, from 1; the `id` of the server-sent event. The coordinator sets it."""
    at_s: float = 0.0
    """Seconds since the draft was accepted."""


class DraftStarted(Event):
    """The draft was accepted."""

    type: Literal["draft.started"] = "draft.started"
    request: DraftRequest
    engine: str
    versions: dict[str, str]


class LayerStarted(Event):
    """A layer began its work."""

    type: Literal["layer.started"] = "layer.started"
    layer: Layer


class Token(Event):
    """A piece of the document's text, in document order.

    Readers' clients make it of what the drafting agent sends them directly and of complete sections; it is not in the
    journal, where the sections are.
    """

    type: Literal["token"] = "token"
    content: str
    section: int
    attempt: str = ""
    """Of a model; empty where the complete section speaks."""
    offset: int = 0
    """Characters of this section before this piece."""


class SectionRestarted(Event):
    """What was streamed of a section is void; the section comes again from its start. Not in the journal either."""

    type: Literal["section.restarted"] = "section.restarted"
    section: int
    reason: str


class SectionDrafted(Event):
    """A section is complete."""

    type: Literal["section.drafted"] = "section.drafted"
    section: Section
    attempt: str = ""
    """The attempt whose live text is the beginning of this section, word for word; empty where there is none."""


class FindingReported(Event):
    """Review or validation has a remark."""

    type: Literal["finding.reported"] = "finding.reported"
    layer: Literal["review", "validation"]
    finding: Finding
    section_index: int | None = None
    """The offsets of the finding count from the start of this section's Markdown; `None`: of the document's body."""


class CitationChecked(Event):
    """A citation of the text was looked up. Offsets count from the start of the document's body."""

    type: Literal["citation.checked"] = "citation.checked"
    citation: Citation


class LayerCompleted(Event):
    """A layer finished its work."""

    type: Literal["layer.completed"] = "layer.completed"
    layer: Layer
    seconds: float
    attempts: int
    result: dict[str, Any] = {}
    """What the report shows of it, as JSON values; its shape depends on the layer (see `report.py`)."""


class StepRetried(Event):
    """An attempt failed and another follows."""

    type: Literal["step.retried"] = "step.retried"
    agent: str
    attempt: int
    wait_s: float
    reason: str


class StepDegraded(Event):
    """A step gave up; what stands in its place is named."""

    type: Literal["step.degraded"] = "step.degraded"
    step: str
    reason: str
    instead: str
    """One sentence for the reader of the document."""


class DraftFinished(Event):
    """The document is complete; `degraded` where a step was replaced."""

    type: Literal["draft.finished"] = "draft.finished"
    status: Literal["finished", "degraded"]
    title: str
    seconds: float


class DraftFailed(Event):
    """There is no document."""

    type: Literal["draft.failed"] = "draft.failed"
    status: Literal["failed", "refused"]
    step: str
    error: str
    """The error's type."""
    message: str
    """One sentence for the user; no text of the draft."""


class DraftCancelled(Event):
    """The caller left, or asked to stop."""

    type: Literal["draft.cancelled"] = "draft.cancelled"
    reason: str


AnyEvent = Annotated[
    DraftStarted
    | LayerStarted
    | Token
    | SectionRestarted
    | SectionDrafted
    | FindingReported
    | CitationChecked
    | LayerCompleted
    | StepRetried
    | StepDegraded
    | DraftFinished
    | DraftFailed
    | DraftCancelled,
    Field(discriminator="type"),
]
TERMINAL = (DraftFinished, DraftFailed, DraftCancelled)

_adapter: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent, config=ConfigDict(defer_build=True))


def event_from_json(text: str | bytes) -> AnyEvent:
    """Read one event back from the journal.

    Raises:
        pydantic.ValidationError: The text is not an event of this version.
    """
    return _adapter.validate_json(text)
