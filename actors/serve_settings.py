"""The settings of the HTTP server: read from the environment once, with the other settings."""

import ipaddress
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from actors.errors import InvalidInputError

PREFIX = "LEXRAY_SERVE_"


def _listed(given: object) -> object:
    """Take `https://a.example, https://b.example` for a list."""
    if not isinstance(given, str):
        return given
    return tuple(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))


def _origins(given: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what no browser sends as an origin; `*` too: it would open the server to every page there is."""
    for origin in given:
        parts = urlsplit(origin)
        if (
            parts.scheme not in {"http", "https"}
            or origin != f"{parts.scheme}://{parts.netloc}"
            or "*" in origin
        ):
            raise ValueError("an origin has the form https://host or https://host:port")
    return given


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_origins)]


class ServeSettings(BaseSettings):
    """Where the server listens, who may ask, and how much it takes."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # the input may hold keys
    )

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """Address that the server listens on; beyond loopback it wants keys."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Its port; 0: any free one."""
    replicas: Annotated[int, Field(ge=1, le=1000)] = 2
    """Processes that answer."""
    max_ongoing: Annotated[int, Field(ge=1, le=100_000)] = 64
    """Requests under way in one of them; an open stream is one."""
    max_queued: Annotated[int, Field(ge=0, le=100_000)] = 64
    """Requests that may wait at a proxy; the next is refused with 429."""
    drafts: Annotated[int, Field(ge=0, le=1000)] = 0
    """Drafts of the clause library under way at once, over all replicas; 0: one a processor, at most 4."""
    model_drafts: Annotated[int, Field(ge=1, le=10_000)] = 64
    """Drafts by models under way at once, over all replicas."""
    retry_after_s: Annotated[int, Field(ge=1, le=3600)] = 1
    """When a request that was refused for load should come back, in seconds."""
    keys: SecretStr | None = None
    """The content of a key file, where a file is inconvenient: it wins over the file."""
    key_file: Path | None = None
    """File of the hashed keys; none: `keys.json` in the home folder."""
    rate: Annotated[float, Field(gt=0)] = 600.0
    """Requests that one key may send a minute, over all replicas."""
    burst: Annotated[int, Field(ge=1)] = 120
    """Requests that it may send at once."""
    body_bytes: Annotated[int, Field(ge=1_000, le=1_000_000_000)] = 25_000_000
    """Largest request body; what a route takes itself may be less."""
    batches: Annotated[int, Field(ge=0, le=1000)] = 4
    """Batches that one tenant may have under way, those that wait included; 0: none."""
    batch_rows: Annotated[int, Field(ge=1, le=10_000_000)] = 50_000
    """Rows of one batch."""
    batch_bytes: Annotated[int, Field(ge=1_000, le=10_000_000_000)] = 200_000_000
    """Largest body of a batch; it goes to disk as it comes."""
    header_bytes: Annotated[int, Field(ge=1_000, le=1_000_000)] = 32_768
    """All header fields of a request together, the address with its query included."""
    header_fields: Annotated[int, Field(ge=16, le=10_000)] = 100
    """Number of header fields."""
    cors_origins: Origins = ()
    """Web pages of other origins that may ask, separated by commas; none: no page but the server's own."""

    @classmethod
    def read(cls) -> Self:
        """Read the environment.

        Raises:
            InvalidInputError: A variable is wrong; the error names it.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = PREFIX + str(first["loc"][0]).upper()
            raise InvalidInputError(name, first["msg"][:1].lower() + first["msg"][1:]) from None

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            # A name is resolved by whoever binds; no other name is sure to mean this machine alone.
            return self.host == "localhost"

    def file_of_keys(self, folder: Path) -> Path:
        """Return the file of the keys, given the home folder."""
        return (self.key_file or folder / "keys.json").expanduser().absolute()
