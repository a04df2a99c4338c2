"""How one model of the simulated provider behaves when nothing goes wrong."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Says = Literal["echo", "text", "schema", "section", "marked"]


class Profile(BaseModel):
    """The pace and the words of one model."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    first_token_s: Annotated[float, Field(ge=0)] = 0.0
    """From the moment the request is served to its first token, in seconds."""
    tokens_per_s: Annotated[float, Field(gt=0)] | None = None
    """Pace behind the first token; `None`: all at once."""
    total_s: Annotated[float, Field(ge=0)] | None = None
    """When the last token leaves, whatever their number: wins over `tokens_per_s`."""
    jitter: Annotated[float, Field(ge=0, le=2)] = 0.0
    """Sigma of the log-normal factor by which all times of one answer are stretched; 0: exact."""
    tokens: Annotated[int, Field(ge=1)] = 40
    """Length of a `section`, and the most that an `echo` says."""
    events: Annotated[int, Field(ge=1)] | None = None
    """Over how many server-sent events an answer is spread, whatever its tokens: wins over `tokens_per_event`."""
    tokens_per_event: Annotated[int, Field(ge=1)] = 1
    """How many leave in one server-sent event."""
    says: Says = "section"
    """`echo`: the last message; `text`: the profile's; `schema`: the smallest instance of the schema sent; `section`:
    paragraphs of a contract; `marked`: what `pattern` finds in the prompt. A request for JSON gets an instance of its
    schema, unless the profile says `text` or `marked`."""
    text: str = "Understood."
    pattern: str = r"<<reply>>(.*?)<</reply>>"
    """Group 1 of its last match in the prompt is the answer."""
    structured: Literal["json_schema", "json_object", "none"] = "json_schema"
    """The most that it takes as `response_format`; what is beyond gets a 400."""
    usage: bool = True
    """Whether a stream can end with its usage."""
    context_tokens: Annotated[int, Field(ge=1)] = 128_000
    """A prompt beyond it gets a 400."""
