"""The settings: read from the environment once, in the composition root; everyone else gets values."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from actors.model_settings import ModelSettings
from actors.serve_settings import ServeSettings
from actors.step_policy import StepPolicy


class Settings(BaseSettings):
    """Everything that can be configured. Environment variables carry the prefix `LEXRAY_`, nested ones `__`."""

    model_config = SettingsConfigDict(
        env_prefix="LEXRAY_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
    )

    home: Path = Path("~/.lexray")
    """Folder of the journal and of what `lexray up` leaves for `draft`, `status` and `down`."""
    redis_url: SecretStr | None = None
    """Redis shared by all nodes' research; none: the cache actor's memory alone."""
    redis_timeout_s: Annotated[float, Field(gt=0, le=10)] = 0.04
    """Limit on every reply of Redis, in seconds: what a Redis that is away costs, once in 5 seconds."""
    cache_ttl_s: Annotated[float, Field(ge=0)] = 3600.0
    """Life of a cached research result, in seconds."""
    cache_max_bytes: Annotated[int, Field(ge=1_000_000)] = 64 * 1024 * 1024
    """Bound of the cache actor's memory, in bytes of serialised values."""
    cache_local_s: Annotated[float, Field(ge=0, le=30)] = 30.0
    """How long a research agent answers from its own memory, in seconds; 0: always ask the cache actor."""
    cache_local_bytes: Annotated[int, Field(ge=0)] = 8 * 1024 * 1024
    """Bound of that memory, in bytes of serialised values."""
    cache_near: bool = True
    """Whether the cache also answers a question in words that was answered before in other words."""
    budget_s: Annotated[float, Field(gt=0, le=3600)] = 120.0
    """Time budget of one draft, in seconds."""
    step: StepPolicy = StepPolicy()
    """Policies around every agent's work."""
    engine: Literal["library", "model"] = "library"
    """Who writes: the clause library, or the language model of `llm`."""
    llm: Annotated[ModelSettings, Field(default_factory=ModelSettings.read)]
    """Language models: variables with the prefix `LEXRAY_LLM_`."""
    serve: Annotated[ServeSettings, Field(default_factory=ServeSettings.read)]
    """The HTTP server: variables with the prefix `LEXRAY_SERVE_`."""
    object_store_bytes: Annotated[int, Field(ge=80_000_000)] = 200_000_000
    """Ray's object store when lexray starts its own Ray, in bytes."""
    import_workers: Annotated[int, Field(ge=0, le=64)] = 0
    """Processes of `lexray corpus import` that read files side by side; 0: one a core."""
    import_file_s: Annotated[float, Field(gt=0)] = 120.0
    """How long reading one file may take before it is skipped, in seconds."""
    import_vectors: bool = True
    """Whether an import has vectors computed in the background; `--no-vectors` leaves them out once."""
    bulk_redis_url: SecretStr | None = None
    """Redis of bulk runs' ledgers, one that keeps what it is told; none: a file in the run's folder."""
    dashboard_port: Annotated[int, Field(ge=0, le=65535)] = 8265
    """Of the Ray dashboard of `lexray up`, on loopback; 0: any free port."""

    @property
    def folder(self) -> Path:
        """The home folder, with `~` resolved."""
        return self.home.expanduser()

    @property
    def corpus_folder(self) -> Path:
        """Where imported law lies; absolute, since an actor runs in a folder of its own."""
        return (self.folder / "corpus").absolute()
