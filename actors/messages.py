"""What crosses processes: requests, the small state that travels, and replies."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from actors.domain.authority import Authority, ResearchPacket, ResearchQuery
from actors.domain.findings import Finding
from actors.domain.matter import Matter

USER_REQUEST_CHARS = 280
"""How much of the request the travelling state carries; the whole of it stays in the first event."""

Layer = Literal["intake", "research", "draft", "review", "validation", "citations"]
LAYERS: tuple[Layer, ...] = ("intake", "research", "draft", "review", "validation", "citations")
CacheOutcome = Literal["miss", "exact", "near"]
Engine = Literal["library", "model"]


class Message(BaseModel):
    """A frozen message without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class DraftRequest(Message):
    """One document to draft."""

    draft_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    """Chosen by the caller: the same id is the same draft, and asking again joins or resumes it."""
    session_id: Annotated[str, Field(max_length=200)] = ""
    message: str
    """The request in plain words, checked by `check_request_text`."""
    task_type: str | None = None
    jurisdiction: str | None = None
    facts_json: str | None = None
    """Typed facts as the JSON of `--facts`; they win over the message."""
    as_of: datetime.date
    engine: Engine = "library"
    """Who writes: the clause library, or the configured language model."""
    use_parallel: bool = True
    budget_s: Annotated[float, Field(gt=0, le=3600)] = 120.0
    """For the whole draft, in seconds."""
    tenant: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = "public"
    resumable: bool = False
    """Whether the draft, when its last reader leaves, waits for one who comes back; else it is cancelled."""

    @property
    def key(self) -> str:
        """The draft's name across tenants."""
        return draft_key(self.tenant, self.draft_id)


def draft_key(tenant: str, draft_id: str) -> str:
    """Return the name of a draft across tenants: two tenants may use the same id."""
    return f"{tenant}/{draft_id}"


class EssentialData(Message):
    """The state that travels between agents: small, and the same few fields for every hop."""

    user_request: str
    """The first characters of the request."""
    task_type: str | None = None
    jurisdiction: str | None = None
    current_layer: Layer = "intake"
    progress_percentage: Annotated[int, Field(ge=0, le=100)] = 0


class Hop(Message):
    """What every call to an agent carries besides its arguments."""

    draft_id: str
    tenant: str
    budget_s: float
    """Seconds left for this step. Clocks differ, so no point in time crosses."""
    engine: Engine = "library"
    trace: str = ""
    """W3C traceparent, where the caller has one."""
    essential_data: EssentialData


class RetryNote(Message):
    """One failed attempt that another followed."""

    attempt: int
    wait_s: float
    reason: str


class ModelUse(Message):
    """What a step used of one model."""

    model: str
    """The model's name, without its address."""
    calls: int
    """Attempts and repairs included."""
    input_tokens: int
    output_tokens: int
    cost: float | None = None
    """In the currency of the configured prices; `None` where none are."""
    untold_calls: int = 0
    """Calls whose use the server did not tell, broken ones included: their output is counted in pieces received, their
    input and cost not at all."""


class StandIn(Message):
    """Something that was done in another way than asked for, since that way failed."""

    reason: str
    """The error's type and text; no text of the draft."""
    instead: str
    """One sentence for the reader of the document."""


class StepReport(Message):
    """What an agent says of its own work; the work itself travels beside it."""

    agent: str
    attempts: int
    seconds: float
    retries: tuple[RetryNote, ...] = ()
    cache: CacheOutcome | None = None
    near: dict[str, Any] | None = None
    """Provenance of a near hit."""
    models: tuple[ModelUse, ...] = ()
    """One entry a model that was asked."""
    stand_ins: tuple[StandIn, ...] = ()

    def joined(self, other: "StepReport") -> "StepReport":
        """Return what two pieces of one step's work say together."""
        return self.model_copy(
            update={
                "attempts": max(self.attempts, other.attempts),
                "seconds": self.seconds + other.seconds,
                "retries": self.retries + other.retries,
                "models": self.models + other.models,
                "stand_ins": self.stand_ins + other.stand_ins,
            }
        )


class IntakeReply(Message):
    """What the coordinator needs to know of a request; the matter travels beside it."""

    task_type: str
    jurisdiction: str | None
    jurisdiction_named: str | None
    title: str
    query: ResearchQuery
    notices: tuple[str, ...] = ()


class IntakeResult(Message):
    """A request, understood."""

    reply: IntakeReply
    matter: Matter


class Outline(Message):
    """The first item of a draft's stream."""

    title: str
    sections: tuple[str, ...]
    """The heading line of each section, in document order."""
    engine: str


class SectionNotes(Message):
    """What the drafting agent has to say of a section that follows in its stream."""

    index: int
    report: StepReport
    attempt: str = ""
    """The attempt whose live text is the beginning of the section, word for word; empty where there is none."""
    findings: tuple[Finding, ...] = ()
    """Offsets count from the start of the section's Markdown."""


class Piece(Message):
    """A piece of a section's text while a model writes it."""

    section: int
    attempt: str
    """Names one attempt at one section, across restarts: pieces of two attempts never belong together."""
    offset: int
    """Characters of this attempt before this piece."""
    text: str
    reason: str = ""
    """Why an earlier attempt at this section is void."""


class Heard(Message):
    """What one reader gets to hear of the text under way."""

    ear: str
    """The reader, in the process that it listens from."""
    pieces: tuple[Piece, ...]


class ResearchView(Message):
    """What the report says of research."""

    corpus_version: str
    searched: tuple[str, ...]
    authorities: tuple[Authority, ...]

    @classmethod
    def of(cls, packet: ResearchPacket) -> "ResearchView":
        """Return the packet's authorities, best first."""
        return cls(
            corpus_version=packet.corpus_version,
            searched=packet.searched,
            authorities=tuple(hit.authority for hit in packet.hits),
        )
