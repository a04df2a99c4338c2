"""Where a model is and how it is treated, as values."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Endpoint(BaseModel):
    """One model behind one OpenAI-compatible address."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    base_url: str
    """As the SDK takes it: up to and including `/v1`."""
    model: str
    api_key: SecretStr | None = None
    structured: Literal["json_schema", "json_object", "none"] = "json_schema"
    """How the server is asked for JSON: by schema, as any object, or by words in the prompt alone."""
    connect_s: Annotated[float, Field(gt=0)] = 3.0
    """Limit for opening a connection."""
    first_token_s: Annotated[float, Field(gt=0)] = 15.0
    """Limit for the first piece of an answer."""
    idle_s: Annotated[float, Field(gt=0)] = 15.0
    """Limit between two pieces."""
    in_flight: Annotated[int, Field(ge=1)] = 32
    """Calls to this endpoint at a time, in one agent's process, across drafts."""
    input_price: Annotated[float, Field(ge=0)] | None = None
    """Per million tokens."""
    output_price: Annotated[float, Field(ge=0)] | None = None
    """Per million tokens."""

    @property
    def name(self) -> str:
        """How it is named to people: never with its key."""
        return f"{self.model} at {self.base_url}"
