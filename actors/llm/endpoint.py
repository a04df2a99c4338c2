"""Where a model is and how it is treated, as values."""

from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Structured = Literal["json_schema", "json_object", "none"]


class Endpoint(BaseModel):
    """One model behind one OpenAI-compatible address."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True)

    base_url: Annotated[str, Field(repr=False)]
    """As the SDK takes it: up to and including `/v1`. It may hold a user name and a password, so it is not shown."""
    model: str
    api_key: SecretStr | None = None
    structured: Structured = "json_schema"
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
        """How it is named to people: never with its key, nor with what its address holds of one."""
        return f"{self.model} at {self.address}"

    @property
    def address(self) -> str:
        """The base URL without user name and password, query and fragment."""
        parts = urlsplit(self.base_url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))

    @property
    def login(self) -> tuple[str, str] | None:
        """User name and password from the base URL, where it has them."""
        login, found, _ = urlsplit(self.base_url).netloc.rpartition("@")
        if not found:
            return None
        user, _, password = login.partition(":")
        return unquote(user), unquote(password)

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """Return the price of so many tokens; `None` unless both prices are known."""
        if self.input_price is None or self.output_price is None:
            return None
        return (input_tokens * self.input_price + output_tokens * self.output_price) / 1_000_000
